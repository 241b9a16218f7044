"""Worked deals and what annual recurring revenue makes of them; amounts in dollars, months YYYY-MM.

Every deal is a customer of its own. The months are the periods, 2024 to 2027.
"""

from dataclasses import dataclass, field
from datetime import date

Movement = tuple[str, str, str, int]
Booking = tuple[str, int, int]


@dataclass(frozen=True)
class Sold:
    """A version of a contract line: what a deal adds to it.

    Attributes:
        line: name of the contract line; `contract` is the part before its dot.
        amount: dollars for all units and days.
    """

    line: str
    product: str
    booked: str
    starts: str
    ends: str
    amount: int
    quantity: int = 1
    change: str = "initial"
    deal: str = "new"
    ramp: str | None = None
    use_price: str | None = None

    @property
    def contract(self) -> str:
        return self.line.partition(".")[0]


@dataclass(frozen=True)
class Pattern:
    """A worked deal.

    Attributes:
        sold: versions in the order they were signed.
        movements: month, line, movement, dollars; every one there is.
        renews: contract -> contract it renews.
        balances: line, month, column of fct_arr_monthly -> dollars.
        causes: line, month -> cause.
        split: line, month -> seat, price and mix of the movement that is no renewal.
        used: line, day, units.
        booked: booking type, change of ARR and ACV of each version that was sold; empty: not told.
    """

    name: str
    sold: tuple[Sold, ...]
    movements: tuple[Movement, ...]
    renews: dict[str, str] = field(default_factory=dict)
    balances: dict[tuple[str, str, str], int] = field(default_factory=dict)
    causes: dict[tuple[str, str], str] = field(default_factory=dict)
    split: dict[tuple[str, str], tuple[int, int, int]] = field(default_factory=dict)
    used: tuple[tuple[str, str, int], ...] = ()
    booked: tuple[Booking, ...] = ()


def year(line: str, amount: int, quantity: int = 10, product: str = "Seats") -> Sold:
    """A year of 2024, signed in December."""
    return Sold(line, product, "2023-12-10", "2024-01-01", "2024-12-31", amount, quantity)


def next_year(  # noqa: PLR0913, PLR0917 - what is sold
    line: str, amount: int, quantity: int = 10, product: str = "Seats",
    booked: str = "2024-12-10", starts: str = "2025-01-01",
) -> Sold:  # fmt: skip
    """A renewal of a year from January 2025."""
    starts_on = date.fromisoformat(starts)
    months = starts_on.replace(year=2026).toordinal() - 1
    ends = date.fromordinal(months).isoformat()
    return Sold(line, product, booked, starts, ends, amount, quantity, deal="renewal")


def add_on(line: str, amount: int, quantity: int, change: str, product: str = "Seats") -> Sold:
    """A change of the second half of 2024."""
    return Sold(
        line, product, "2024-06-20", "2024-07-01", "2024-12-31", amount, quantity, change,
        "amendment",
    )  # fmt: skip


PATTERNS = (
    Pattern(
        "new",
        (year("A.1", 120_000),),
        (("2024-01", "A.1", "new", 120_000), ("2025-01", "A.1", "churn", -120_000)),
        balances={
            ("A.1", "2024-12", "arr_end"): 120_000,
            ("A.1", "2025-01", "arr_begin"): 120_000,
            ("A.1", "2025-01", "arr_end"): 0,
        },
        causes={("A.1", "2024-01"): "started", ("A.1", "2025-01"): "expired"},
        booked=(("new", 120_000, 120_000),),
    ),
    Pattern(
        "signed, not started",
        (Sold("B.1", "Seats", "2024-02-10", "2024-06-01", "2025-05-31", 12_000, 1),),
        (("2024-06", "B.1", "new", 12_000), ("2025-07", "B.1", "churn", -12_000)),
        balances={
            ("B.1", "2024-05", "arr_end"): 0,
            ("B.1", "2024-05", "carr"): 12_000,
            ("B.1", "2024-05", "not_live"): 12_000,
            ("B.1", "2024-06", "not_live"): 0,
        },
    ),
    Pattern(
        "multi-year",
        (Sold("C.1", "Seats", "2023-12-10", "2024-01-01", "2026-12-31", 360_000, 10),),
        (("2024-01", "C.1", "new", 120_000), ("2027-01", "C.1", "churn", -120_000)),
        balances={("C.1", "2026-12", "arr_average"): 120_000},
        booked=(("new", 120_000, 120_000),),
    ),
    Pattern(
        # 100 seats at $100 a month; 50 more for the last six months book $30k and add $60k.
        "co-termed upsell",
        (year("D.1", 120_000, 100), add_on("D.1", 30_000, 50, "increase")),
        (
            ("2024-01", "D.1", "new", 120_000),
            ("2024-07", "D.1", "expansion", 60_000),
            ("2025-01", "D.1", "churn", -180_000),
        ),
        balances={("D.1", "2024-06", "carr"): 180_000, ("D.1", "2024-06", "arr_end"): 120_000},
        causes={("D.1", "2024-07"): "amended"},
        split={("D.1", "2024-07"): (60_000, 0, 0)},
        booked=(("new", 120_000, 120_000), ("expansion", 60_000, 30_000)),
    ),
    Pattern(
        "downsell",
        (year("E.1", 120_000, 100), add_on("E.1", -15_000, -25, "decrease")),
        (
            ("2024-01", "E.1", "new", 120_000),
            ("2024-07", "E.1", "contraction", -30_000),
            ("2025-01", "E.1", "churn", -90_000),
        ),
        split={("E.1", "2024-07"): (-30_000, 0, 0)},
        booked=(("new", 120_000, 120_000), ("contraction", -30_000, -15_000)),
    ),
    Pattern(
        # 12 seats at $11,000 after 10 at $10,000: 20,000 of seats, 12,000 of price.
        "renewal",
        (year("F.1", 100_000), next_year("F2.1", 132_000, 12)),
        (
            ("2024-01", "F.1", "new", 100_000),
            ("2025-01", "F.1", "renewal", -100_000),
            ("2025-01", "F2.1", "renewal", 100_000),
            ("2025-01", "F2.1", "expansion", 32_000),
            ("2026-01", "F2.1", "churn", -132_000),
        ),
        {"F2": "F"},
        balances={("F.1", "2024-12", "carr"): 0, ("F2.1", "2024-12", "carr"): 132_000},
        causes={("F2.1", "2025-01"): "renewed"},
        split={("F2.1", "2025-01"): (20_000, 12_000, 0)},
    ),
    Pattern(
        # More seats for less money: 20,000 of seats less 30,000 of price, over both lines.
        "renewal at a lower price",
        (year("FF.1", 100_000), next_year("FF2.1", 90_000, 12)),
        (
            ("2024-01", "FF.1", "new", 100_000),
            ("2025-01", "FF.1", "renewal", -90_000),
            ("2025-01", "FF.1", "contraction", -10_000),
            ("2025-01", "FF2.1", "renewal", 90_000),
            ("2025-01", "FF2.1", "contraction", 0),
            ("2026-01", "FF2.1", "churn", -90_000),
        ),
        {"FF2": "FF"},
        split={("FF.1", "2025-01"): (-10_000, 0, 0), ("FF2.1", "2025-01"): (30_000, -30_000, 0)},
    ),
    Pattern(
        "early renewal",
        (
            year("G.1", 100_000),
            Sold("G2.1", "Seats", "2024-09-20", "2024-10-01", "2025-09-30", 150_000, 15,
                 deal="renewal"),
        ),
        (
            ("2024-01", "G.1", "new", 100_000),
            ("2024-10", "G.1", "renewal", -100_000),
            ("2024-10", "G2.1", "renewal", 100_000),
            ("2024-10", "G2.1", "expansion", 50_000),
            ("2025-10", "G2.1", "churn", -150_000),
        ),
        {"G2": "G"},
        balances={("G.1", "2024-09", "arr_end"): 100_000, ("G.1", "2024-09", "carr"): 0},
    ),
    Pattern(
        "late renewal within grace",
        (
            Sold("H.1", "Seats", "2023-12-10", "2024-01-16", "2025-01-15", 100_000, 10),
            next_year("H2.1", 100_000, booked="2025-02-10", starts="2025-01-16"),
        ),
        (
            ("2024-01", "H.1", "new", 100_000),
            ("2025-02", "H.1", "renewal", -100_000),
            ("2025-02", "H2.1", "renewal", 100_000),
            ("2026-02", "H2.1", "churn", -100_000),
        ),
        {"H2": "H"},
        balances={("H.1", "2025-01", "arr_end"): 100_000},
    ),
    Pattern(
        "late renewal after grace",
        (year("I.1", 100_000), next_year("I2.1", 100_000, booked="2025-02-20")),
        (
            ("2024-01", "I.1", "new", 100_000),
            ("2025-01", "I.1", "churn", -100_000),
            ("2025-02", "I2.1", "reactivation", 100_000),
            ("2026-01", "I2.1", "churn", -100_000),
        ),
        {"I2": "I"},
        causes={("I.1", "2025-01"): "expired"},
        # The ARR it renews was gone for a month: back, and against the same basis.
        booked=(("new", 100_000, 100_000), ("reactivation", 0, 100_000)),
    ),
    Pattern(
        "reactivation",
        (
            year("J.1", 100_000),
            Sold("J2.1", "Seats", "2025-06-10", "2025-07-01", "2026-06-30", 80_000, 8),
        ),
        (
            ("2024-01", "J.1", "new", 100_000),
            ("2025-01", "J.1", "churn", -100_000),
            ("2025-07", "J2.1", "reactivation", 80_000),
            ("2026-07", "J2.1", "churn", -80_000),
        ),
        booked=(("new", 100_000, 100_000), ("reactivation", 80_000, 80_000)),
    ),
    Pattern(
        "ramp",
        tuple(
            Sold(f"K.{step}", "Seats", "2023-12-10", f"{2023 + step}-01-01",
                 f"{2023 + step}-12-31", 100_000 * step, 10 * step, ramp="R")
            for step in (1, 2, 3)
        ),
        (
            ("2024-01", "K.1", "new", 100_000),
            ("2025-01", "K.1", "expansion", 100_000),
            ("2026-01", "K.1", "expansion", 100_000),
            ("2027-01", "K.1", "churn", -300_000),
        ),
        balances={
            ("K.1", "2025-06", "arr_entry"): 100_000,
            ("K.1", "2025-06", "arr_step"): 200_000,
            ("K.1", "2025-06", "arr_average"): 200_000,
            ("K.1", "2025-06", "arr_exit"): 300_000,
            ("K.1", "2025-06", "carr"): 300_000,
            ("K.1", "2025-06", "not_live"): 100_000,
            ("K.1", "2024-06", "arr_average"): 200_000,
            ("K.1", "2026-06", "arr_entry"): 100_000,
        },
        causes={("K.1", "2025-01"): "ramp_step"},
        split={("K.1", "2025-01"): (100_000, 0, 0)},
    ),
    Pattern(
        "price ramp, cancelled in its first year",
        (
            *(
                Sold(f"L.{step}", "Seats", "2023-12-10", f"{2023 + step}-01-01",
                     f"{2023 + step}-12-31", 100_000 * step, 10, ramp="R")
                for step in (1, 2)
            ),
            Sold("L.1", "Seats", "2024-06-20", "2024-07-01", "2024-12-31", -50_000, -10,
                 "cancellation", "amendment"),
            Sold("L.2", "Seats", "2024-06-20", "2025-01-01", "2025-12-31", -200_000, -10,
                 "cancellation", "amendment"),
        ),
        (("2024-01", "L.1", "new", 100_000), ("2024-07", "L.1", "churn", -100_000)),
        balances={
            ("L.1", "2024-06", "arr_step"): 100_000,
            ("L.1", "2024-06", "carr"): 0,
            ("L.1", "2024-07", "arr_entry"): 0,
            ("L.1", "2024-07", "arr_average"): 0,
            ("L.1", "2024-07", "arr_exit"): 0,
        },
    ),
    Pattern(
        # Prorated by days: the remainder of rounding goes with the last unit.
        "churn",
        (year("M.1", 120_000), add_on("M.1", -60_328, -10, "cancellation")),
        (("2024-01", "M.1", "new", 120_000), ("2024-07", "M.1", "churn", -120_000)),
        balances={("M.1", "2024-06", "carr"): 0},
        causes={("M.1", "2024-07"): "cancelled"},
    ),
    Pattern(
        "partial churn",
        (
            year("N.1", 100_000),
            year("N.2", 40_000, 1, "Platform"),
            add_on("N.2", -20_000, -1, "cancellation", "Platform"),
        ),
        (
            ("2024-01", "N.1", "new", 100_000),
            ("2024-01", "N.2", "new", 40_000),
            ("2024-07", "N.2", "contraction", -40_000),
            ("2025-01", "N.1", "churn", -100_000),
        ),
        split={("N.2", "2024-07"): (0, 0, -40_000)},
    ),
    Pattern(
        # No booking says so: the renewal simply does not hold the product.
        "product dropped at a renewal",
        (
            year("O.1", 100_000),
            year("O.2", 40_000, 1, "Platform"),
            next_year("O2.1", 100_000),
        ),
        (
            ("2024-01", "O.1", "new", 100_000),
            ("2024-01", "O.2", "new", 40_000),
            ("2025-01", "O.1", "renewal", -100_000),
            ("2025-01", "O2.1", "renewal", 100_000),
            ("2025-01", "O.2", "contraction", -40_000),
            ("2026-01", "O2.1", "churn", -100_000),
        ),
        {"O2": "O"},
        causes={("O.2", "2025-01"): "dropped_at_renewal"},
        split={("O.2", "2025-01"): (0, 0, -40_000)},
    ),
    Pattern(
        "product swap",
        (
            year("P.1", 100_000),
            add_on("P.1", -50_000, -10, "cancellation"),
            add_on("P.2", 60_000, 6, "initial", "Seats Plus"),
        ),
        (
            ("2024-01", "P.1", "new", 100_000),
            ("2024-07", "P.1", "expansion", -100_000),
            ("2024-07", "P.2", "expansion", 120_000),
            ("2025-01", "P.2", "churn", -120_000),
        ),
        split={("P.1", "2024-07"): (0, 0, -100_000), ("P.2", "2024-07"): (0, 0, 120_000)},
    ),
    Pattern(
        # Two contracts become one: the second one's ARR is carried on as well.
        "merged at a renewal",
        (year("Q.1", 100_000), year("QQ.1", 50_000, 5), next_year("Q2.1", 150_000, 15)),
        (
            ("2024-01", "Q.1", "new", 100_000),
            ("2024-01", "QQ.1", "new", 50_000),
            ("2025-01", "Q.1", "renewal", -100_000),
            ("2025-01", "QQ.1", "renewal", -50_000),
            ("2025-01", "Q2.1", "renewal", 150_000),
            ("2026-01", "Q2.1", "churn", -150_000),
        ),
        {"Q2": "Q"},
        balances={("Q2.1", "2025-06", "arr_end"): 150_000, ("QQ.1", "2025-01", "arr_end"): 0},
    ),
    Pattern(
        # Three months for nothing, nine for $90k: nothing runs before April.
        "free months",
        (
            Sold("R.1", "Seats", "2023-12-10", "2024-01-01", "2024-03-31", 0, 10, ramp="R"),
            Sold("R.2", "Seats", "2023-12-10", "2024-04-01", "2024-12-31", 90_000, 10, ramp="R"),
        ),
        (("2024-04", "R.1", "new", 120_000), ("2025-01", "R.1", "churn", -120_000)),
        balances={
            ("R.1", "2024-03", "arr_step"): 0,
            ("R.1", "2024-03", "arr_entry"): 0,
            ("R.1", "2024-03", "arr_average"): 90_000,
            ("R.1", "2024-03", "arr_exit"): 120_000,
            ("R.1", "2024-03", "carr"): 120_000,
        },
    ),
    Pattern(
        # 1,200 units for $12,000; 700 a month used, $20 each beyond what was bought.
        "usage",
        (
            Sold("S.1", "Calls", "2023-12-10", "2024-01-01", "2024-12-31", 12_000, 1_200,
                 use_price="20"),
        ),
        (),
        balances={
            ("S.1", "2024-01", "usage_commit"): 12_000,
            ("S.1", "2024-01", "usage_last_month"): 84_000,
            ("S.1", "2024-01", "usage_hybrid"): 12_000,
            ("S.1", "2024-02", "usage_last_month"): 108_000,
            ("S.1", "2024-02", "usage_hybrid"): 28_000,
            ("S.1", "2024-03", "usage_last_month"): 168_000,
            ("S.1", "2024-03", "usage_trailing_quarter"): 120_000,
            ("S.1", "2024-03", "usage_hybrid"): 84_000,
            ("S.1", "2024-03", "arr_end"): 0,
        },
        used=(("S.1", "2024-01-31", 700), ("S.1", "2024-02-15", 700), ("S.1", "2024-03-01", 700)),
    ),
    Pattern(
        # $60k for the last six months of a year are $120k a year.
        "add-on of six months",
        (year("U.1", 120_000), add_on("U.1", 60_000, 10, "increase")),
        (
            ("2024-01", "U.1", "new", 120_000),
            ("2024-07", "U.1", "expansion", 120_000),
            ("2025-01", "U.1", "churn", -240_000),
        ),
        balances=dict.fromkeys(
            (("U.1", "2024-08", column) for column in
             ("arr_entry", "arr_step", "arr_average", "arr_exit", "carr", "arr_end")),
            240_000,
        ),
        split={("U.1", "2024-07"): (120_000, 0, 0)},
        booked=(("new", 120_000, 120_000), ("expansion", 120_000, 60_000)),
    ),
    Pattern(
        # $60k for eighteen months are $40k a year; it outlives the contract it was added to.
        "add-on of eighteen months",
        (
            year("V.1", 120_000),
            Sold("V.2", "Platform", "2024-06-20", "2024-07-01", "2025-12-31", 60_000,
                 deal="amendment"),
        ),
        (
            ("2024-01", "V.1", "new", 120_000),
            ("2024-07", "V.2", "expansion", 40_000),
            ("2025-01", "V.1", "contraction", -120_000),
            ("2026-01", "V.2", "churn", -40_000),
        ),
        balances=dict.fromkeys(
            (("V.2", "2025-06", column) for column in
             ("arr_entry", "arr_step", "arr_average", "arr_exit", "carr", "arr_end")),
            40_000,
        ),
        split={("V.2", "2024-07"): (0, 0, 40_000)},
        booked=(("new", 120_000, 120_000), ("expansion", 40_000, 40_000)),
    ),
    Pattern(
        # $140k of which $20k settle the seats of the year before: they are no ARR.
        "renewal with a true-up",
        (
            year("W.1", 120_000),
            next_year("W2.1", 120_000),
            next_year("W2.2", 20_000, 2, "True-up"),
        ),
        (
            ("2024-01", "W.1", "new", 120_000),
            ("2025-01", "W.1", "renewal", -120_000),
            ("2025-01", "W2.1", "renewal", 120_000),
            ("2026-01", "W2.1", "churn", -120_000),
        ),
        {"W2": "W"},
        balances={("W2.1", "2024-12", "carr"): 120_000, ("W2.1", "2025-01", "arr_end"): 120_000},
        booked=(("new", 120_000, 120_000), ("renewal", 0, 120_000), ("renewal", 0, 0)),
    ),
    Pattern(
        # The same service for more every year: all of each step is price.
        "price ramp",
        tuple(
            Sold(f"X.{step}", "Seats", "2023-12-10", f"{2023 + step}-01-01",
                 f"{2023 + step}-12-31", 100_000 * step, 10, ramp="R")
            for step in (1, 2, 3)
        ),
        (
            ("2024-01", "X.1", "new", 100_000),
            ("2025-01", "X.1", "expansion", 100_000),
            ("2026-01", "X.1", "expansion", 100_000),
            ("2027-01", "X.1", "churn", -300_000),
        ),
        balances={
            ("X.1", "2024-01", "arr_entry"): 100_000,
            ("X.1", "2024-01", "arr_step"): 100_000,
            ("X.1", "2024-01", "arr_average"): 200_000,
            ("X.1", "2024-01", "arr_exit"): 300_000,
            ("X.1", "2024-01", "carr"): 300_000,
            ("X.1", "2024-01", "not_live"): 200_000,
        },
        split={("X.1", "2025-01"): (0, 100_000, 0)},
        booked=(("new", 100_000, 100_000), ("new", 100_000, 0), ("new", 100_000, 0)),
    ),
    Pattern(
        # $50k a year given up after six months for a new contract of $100k: 50 more.
        "contract reset",
        (
            year("Y.1", 50_000, 5),
            add_on("Y.1", -25_000, -5, "cancellation"),
            Sold("Y2.1", "Seats", "2024-06-20", "2024-07-01", "2025-06-30", 100_000, 10),
        ),
        (
            ("2024-01", "Y.1", "new", 50_000),
            ("2024-07", "Y.1", "expansion", -50_000),
            ("2024-07", "Y2.1", "expansion", 100_000),
            ("2025-07", "Y2.1", "churn", -100_000),
        ),
        balances={("Y2.1", "2024-06", "carr"): 100_000, ("Y.1", "2024-06", "carr"): 0},
        causes={("Y.1", "2024-07"): "cancelled"},
        booked=(("new", 50_000, 50_000), ("churn", -50_000, -25_000),
                ("expansion", 100_000, 100_000)),
    ),
    Pattern(
        # Three years paid by the year, each on a deal of its own: 100, 0 and 0.
        "annual payments",
        (
            year("Z.1", 100_000),
            next_year("Z2.1", 100_000),
            Sold("Z3.1", "Seats", "2025-12-10", "2026-01-01", "2026-12-31", 100_000, 10,
                 deal="renewal"),
        ),
        (
            ("2024-01", "Z.1", "new", 100_000),
            ("2025-01", "Z.1", "renewal", -100_000),
            ("2025-01", "Z2.1", "renewal", 100_000),
            ("2026-01", "Z2.1", "renewal", -100_000),
            ("2026-01", "Z3.1", "renewal", 100_000),
            ("2027-01", "Z3.1", "churn", -100_000),
        ),
        {"Z2": "Z", "Z3": "Z2"},
        booked=(("new", 100_000, 100_000), ("renewal", 0, 100_000), ("renewal", 0, 100_000)),
    ),
    Pattern(
        # Paper that changes neither units nor price.
        "neutral amendment",
        (year("AA.1", 100_000), add_on("AA.1", 0, 0, "neutral")),
        (("2024-01", "AA.1", "new", 100_000), ("2025-01", "AA.1", "churn", -100_000)),
        booked=(("new", 100_000, 100_000), ("amendment_neutral", 0, 0)),
    ),
    Pattern(
        "one-time",
        (Sold("T.1", "Setup", "2023-12-10", "2024-01-01", "2024-01-01", 9_000),),
        (),
    ),
)  # fmt: skip

#: Deal -> its movements by other policies: no grace, new again after 90 days, ramps at their last
#: step, use by commitment and trend.
OTHERWISE: dict[str, tuple[Movement, ...]] = {
    "late renewal within grace": (
        ("2024-01", "H.1", "new", 100_000),
        ("2025-01", "H.1", "churn", -100_000),
        ("2025-02", "H2.1", "reactivation", 100_000),
        ("2026-01", "H2.1", "churn", -100_000),
    ),
    "reactivation": (
        ("2024-01", "J.1", "new", 100_000),
        ("2025-01", "J.1", "churn", -100_000),
        ("2025-07", "J2.1", "new", 80_000),
        ("2026-07", "J2.1", "churn", -80_000),
    ),
    "ramp": (("2024-01", "K.1", "new", 300_000), ("2027-01", "K.1", "churn", -300_000)),
    "usage": (
        ("2024-01", "S.1", "new", 12_000),
        ("2024-02", "S.1", "expansion", 16_000),
        ("2024-03", "S.1", "expansion", 56_000),
        ("2024-05", "S.1", "contraction", -16_000),
        ("2024-06", "S.1", "contraction", -56_000),
        ("2025-01", "S.1", "churn", -12_000),
    ),
}
