"""Random contracts over all settings and events, the same for the same seed.

A generated contract is one that a person could sign: an amendment names a line that is still
open, a downsell leaves something, events follow each other in time. Beyond that anything goes:
leap days, ends of months, several amendments on one day, prices far from their SSP.
"""

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from case_rows import case, contract, event, line

CHOICES: dict[str, list[Any]] = {
    "proration": ["daily", "even_periods", "prorate_first_last", "period_rate", "month_evenly"],
    "end_date": ["inclusive", "inclusive", "exclusive"],
    "day_boundary": ["midnight", "midnight", "midnight", "noon"],
    "pricing_term": ["given", "calendar_months", "anchored_partial", "anchored_round_up"],
    "anchor_day": [1, 5, 15, 29, 30, 31],
    "allocation_residual": ["largest_remainder", "largest_amount", "last_line"],
    "schedule_residual": ["cumulative", "cumulative", "last_period", "next_to_last_period"],
    "residual_fallback": ["midpoint", "nearest_bound"],
    "variable_allocation": ["pooled", "targeted", "test"],
    "variable_test_tolerance": ["0.05", "0.10", "0.5"],
    "ramp": ["as_priced", "straight_line"],
    "modification": [
        *["auto"] * 6,
        "separate_contract",
        "prospective",
        "cumulative_catch_up",
        "retrospective",
    ],
    "option_exercise": ["continuation", "continuation", "modification"],
    "credit_note": ["catch_up", "prospective", "immediate"],
    "breakage": ["proportional", "remote", "none"],
    "minimum": ["none", "per_period", "drawdown", "stand_ready"],
    "tiered_usage": ["as_incurred", "estimated"],
    "tier_reset": ["month", "term"],
    "receivable_on": ["invoice_date", "due_date"],
    "fx": ["none", "none", "none", "order_rate", "historical"],
    "currency_decimals": [2, 2, 2, 0, 3],
}
#: Settings of a contract whose every figure the rules settle: no half days in the middle of a
#: line, no combination and no override that says nothing of changed lines. A tame contract also
#: has no options, commitments, ramps, royalties and stopped lines.
TAME: dict[str, list[Any]] = {
    "day_boundary": ["midnight"],
    "modification": ["auto", "auto", "prospective", "cumulative_catch_up"],
    "fx": ["none"],
}
AMENDABLE = {"ratable", "point_in_time", "progress", "drawdown"}
MOST_AMENDMENTS = 20
DAY = timedelta(days=1)


def money(amount: Decimal | int, decimals: int = 2) -> str:
    return f"{Decimal(amount).quantize(Decimal(1).scaleb(-max(decimals, 2))):f}"


def month_first(day: date, months: int = 0) -> date:
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


class Writer:
    """Writes one random contract.

    Args:
        seed: the contract's number.
        amendments: how many modifications it gets at most.
        tame: leave out what the rules do not settle (see `TAME`).
    """

    def __init__(self, seed: int, amendments: int, *, tame: bool = False) -> None:
        self.random = Random(seed)
        self.tame = tame
        choices = CHOICES | TAME if tame else CHOICES
        self.policy = {name: self.random.choice(values) for name, values in choices.items()}
        self.decimals = self.policy["currency_decimals"]
        self.signed_on = date(2023, 1, 1) + timedelta(days=self.random.randrange(800))
        self.lines: list[dict[str, Any]] = []
        self.bands: list[dict[str, Any]] = []
        self.bundles: list[dict[str, Any]] = []
        self.timeline: list[tuple[date, int, dict[str, Any]]] = []
        self.leave = date.max
        self.ends: dict[str, date] = {}
        self.left: dict[str, int] = {}
        self.contract = contract(
            signed_on=self.signed_on.isoformat(),
            currency=self.random.choice(["USD", "EUR"]),
            cancellable=self.chance(0.15),
        )
        self.write_lines()
        self.write_performance()
        self.write_amendments(self.random.randint(0, amendments))
        self.write_prices()
        self.write_money()

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def amount(self, low: int, high: int) -> Decimal:
        whole = Decimal(self.random.randint(low * 1000, high * 1000)) / 1000
        if self.chance(0.4):
            whole = Decimal(int(whole))
        return whole.quantize(Decimal(1).scaleb(-self.decimals))

    def day(self, low: int, high: int, start: date | None = None) -> date:
        return (start or self.signed_on) + timedelta(days=self.random.randint(low, high))

    def add_event(self, day: date, kind: str, **columns: Any) -> None:
        self.timeline.append((day, len(self.timeline), {"type": kind, **columns}))

    # --- lines ----------------------------------------------------------------------------------

    def write_lines(self) -> None:
        kinds = ["ratable"] * 5 + ["point_in_time"] * 3 + ["drawdown", "progress", "usage"]
        kinds += [] if self.tame else ["option"]
        for _ in range(self.random.randint(1, 4)):
            self.new_line(self.random.choice(kinds), None, self.signed_on)
        if all(row["pattern"] in {"usage", "option"} for row in self.lines):
            self.new_line("ratable", None, self.signed_on)
        if self.chance(0.15) and not self.tame:
            self.write_ramp()
        if self.chance(0.1):
            price = money(self.amount(1, 200))
            self.write_line(pattern="none", price=price, distinct=False, ssp_method="price")
        if self.chance(0.15):
            self.write_residual()
        pool = [row for row in self.lines if row["distinct"] and row["ssp_method"] == "given"]
        if len(pool) > 2 and self.chance(0.3):
            self.write_bundle(pool[:2])
        if self.chance(0.2) and all(row["price"] for row in self.lines):
            total = sum(Decimal(row["price"] or 0) for row in self.lines)
            share = Decimal(self.random.randint(60, 120)) / 100
            self.contract["transaction_price"] = money(
                (total * share).quantize(Decimal(1).scaleb(-self.decimals)), self.decimals
            )
        if self.chance(0.15):
            self.contract["cancel_right_from"] = self.day(30, 500).isoformat()
            self.contract["cancel_penalty_substantive"] = self.random.choice([True, False, False])
            if self.contract["cancel_penalty_substantive"] is False:
                self.leave = date.fromisoformat(self.contract["cancel_right_from"]) - DAY
                self.ends = {name: min(end, self.leave) for name, end in self.ends.items()}
        if self.policy["minimum"] == "per_period":
            self.contract["minimum_amount"] = money(self.amount(10, 300))
            self.contract["minimum_period"] = "month"

    def write_line(self, **columns: Any) -> dict[str, Any]:
        row = line(len(self.lines) + 1, **columns)
        row["line_id"] = f"L{row['line_no']}"
        self.lines.append(row)
        return row

    def new_line(self, pattern: str, modification: str | None, day: date) -> dict[str, Any]:
        price = self.amount(20, 5000)
        row = self.write_line(
            pattern=pattern,
            modification_id=modification,
            price=money(price, self.decimals),
            series=self.chance(0.7),
        )
        self.selling_price(row, price, modification)
        if pattern in {"ratable", "usage"} or (pattern == "progress" and self.chance(0.5)):
            self.dates(row, day)
        if pattern == "ratable":
            self.recurring(row)
        elif pattern == "point_in_time":
            self.left[row["line_id"]] = self.random.randint(1, 20)
            row["quantity"] = str(self.left[row["line_id"]]) if self.chance(0.7) else None
            if row["quantity"] is None:
                self.left[row["line_id"]] = 1
        elif pattern == "drawdown":
            self.left[row["line_id"]] = self.random.randint(50, 1000)
            row["quantity"] = str(self.left[row["line_id"]])
        elif pattern == "progress":
            self.left[row["line_id"]] = self.random.randint(50, 1000)
        elif pattern == "option":
            row["price"] = money(0)
            if self.chance(0.5):
                row |= {
                    "ssp": None,
                    "ssp_method": "option_value",
                    "option_purchase": money(self.amount(50, 900)),
                    "option_discount": "0.35",
                    "general_discount": self.random.choice(["0.1", None]),
                    "likelihood": self.random.choice(["0.8", "0.333", None]),
                }
        elif pattern == "usage":
            self.usage(row)
        return row

    def dates(self, row: dict[str, Any], day: date) -> None:
        start = self.day(0, 40, day)
        if self.chance(0.4):
            start = month_first(start, 1)
        months = self.random.choice([1, 2, 3, 6, 12, 12, 12, 24, 36])
        if self.chance(0.6):
            end = month_first(start, months) + timedelta(days=start.day - 2)
        else:
            end = start + timedelta(days=self.random.randint(0, 800))
        end = max(end, start)
        row["starts_on"], row["ends_on"] = start.isoformat(), end.isoformat()
        if self.policy["end_date"] == "exclusive":
            row["ends_on"] = (end + DAY).isoformat()
        self.ends[row["line_id"]] = min(end, self.leave)

    def recurring(self, row: dict[str, Any]) -> None:
        if self.chance(0.5):
            row["quantity"] = str(self.random.randint(1, 50))
        if self.chance(0.4):
            row["unit_price"] = f"{self.amount(1, 90)}"
            row["price_period"] = self.random.choice(["month", "year"])
            if self.chance(0.5):
                row["price"] = None
        if self.chance(0.05) and row["ssp_method"] == "given":
            row["likelihood"] = "0.75"

    def usage(self, row: dict[str, Any]) -> None:
        row["ssp_method"], row["ssp"] = "price", None
        row["unit_price"] = f"{self.random.randint(1, 300) / Decimal(100)}"
        if self.chance(0.35) and not self.tame:
            row["quantity"] = str(self.random.randint(50, 500))
            row["ssp_method"], row["ssp"] = "given", money(self.amount(50, 900))
            return
        row["price"] = money(0)
        if self.chance(0.5):
            row["tier_mode"] = self.random.choice(["graduated", "volume"])
            first, second = sorted(self.random.sample(range(20, 400), 2))
            for number, (opens, closes) in enumerate(
                [(0, first), (first, second), (second, None)], start=1
            ):
                self.bands.append(
                    {
                        "line_id": row["line_id"],
                        "band_no": number,
                        "from_quantity": str(opens),
                        "to_quantity": None if closes is None else str(closes),
                        "unit_price": f"{Decimal(self.random.randint(10, 300)) / 100}",
                    }
                )

    def selling_price(self, row: dict[str, Any], price: Decimal, modification: str | None) -> None:
        listed = max(price * self.random.randint(50, 150) / 100, Decimal(1))
        method = self.random.choice(["given"] * 6 + ["price", "percent_of_list"])
        row["ssp_method"] = method
        if method == "given":
            at_price = modification is not None and self.chance(0.3)
            row["ssp"] = row["price"] if at_price else money(listed)
            if self.chance(0.2):
                row["ssp_group"] = "G"
        elif method == "percent_of_list":
            row["list_price"], row["ssp_percent"] = money(listed), "0.72"

    def write_ramp(self) -> None:
        start = month_first(self.signed_on, 1)
        for step in range(self.random.randint(2, 3)):
            first = month_first(start, 12 * step)
            last = month_first(first, 12) - DAY
            row = self.new_line("ratable", None, self.signed_on)
            row |= {"ramp_group": "R", "starts_on": first.isoformat(), "ends_on": last.isoformat()}
            self.ends[row["line_id"]] = last
            if self.policy["end_date"] == "exclusive":
                row["ends_on"] = (last + DAY).isoformat()
            if row["price"] is None:
                row["price"] = money(self.amount(100, 900))

    def write_residual(self) -> None:
        low, high = sorted((self.amount(1, 500), self.amount(1, 5000)))
        row = self.new_line("point_in_time", None, self.signed_on)
        row |= {
            "ssp": None,
            "ssp_method": "residual",
            "ssp_low": money(low),
            "ssp_high": money(high),
            "list_price": None,
            "ssp_percent": None,
            "ssp_group": None,
        }

    def write_bundle(self, members: list[dict[str, Any]]) -> None:
        listed = sum(Decimal(row["ssp"]) for row in members)
        pool = [row for row in self.lines if row["distinct"]]
        price = listed * self.random.randint(60, 95) / 100
        given = all(row["ssp_method"] == "given" for row in pool)
        priced = all(row["price"] is not None for row in pool)
        if self.chance(0.6) and given and priced:
            discount = sum(Decimal(row["ssp"]) - Decimal(row["price"]) for row in pool)
            price = listed - discount
        if price > 0:
            for row in members:
                self.bundles.append(
                    {
                        "contract_id": "K1",
                        "bundle_id": "B",
                        "line_id": row["line_id"],
                        "bundle_price": money(price, 3),
                    }
                )

    # --- performance ----------------------------------------------------------------------------

    def write_performance(self) -> None:
        for row in list(self.lines):
            self.perform(row, self.signed_on)

    def perform(self, row: dict[str, Any], since: date) -> None:
        name = row["line_id"]
        if row["pattern"] == "point_in_time":
            self.deliver(row, since)
        elif row["pattern"] in {"drawdown", "progress"}:
            kind = "redemption" if row["pattern"] == "drawdown" else "progress"
            self.estimates(row, since)
            for _ in range(self.random.randint(0, 4)):
                units = self.random.randint(1, max(self.left[name] // 3, 1))
                self.add_event(self.day(0, 500, since), kind, line_id=name, quantity=str(units))
            if row["pattern"] == "drawdown" and self.chance(0.2):
                self.add_event(self.day(501, 700, since), "expiry", line_id=name)
        elif row["pattern"] == "usage":
            if self.chance(0.5):
                self.estimates(row, since)
            for _ in range(self.random.randint(1, 6)):
                self.use(row, since)
        elif row["pattern"] == "option":
            self.decide(row)

    def estimates(self, row: dict[str, Any], since: date) -> None:
        total = self.left.get(row["line_id"], 300)
        if row["pattern"] == "progress" or self.chance(0.6):
            self.add_event(
                since, "expected_total", line_id=row["line_id"], quantity=str(max(total, 1))
            )
        if self.chance(0.4):
            later = max(total * self.random.randint(60, 150) // 100, 1)
            self.add_event(
                self.day(30, 400, since),
                "expected_total",
                line_id=row["line_id"],
                quantity=str(later),
                modification_id=f"E-{row['line_id']}" if self.chance(0.5) else None,
            )

    def deliver(self, row: dict[str, Any], since: date) -> None:
        name, left = row["line_id"], self.left[row["line_id"]]
        for _ in range(self.random.randint(0, 3)):
            units = self.random.randint(1, max(left, 1))
            if units < left and row["quantity"] is not None:
                left -= units
                day = self.day(0, 300, since)
                self.add_event(day, "delivery", line_id=name, quantity=str(units))
        self.left[name] = left
        if self.chance(0.6):
            self.add_event(self.day(301, 600, since), "delivery", line_id=name)

    def use(self, row: dict[str, Any], since: date) -> None:
        day = self.day(0, 400, since)
        rated = row["price"] == money(0) and self.chance(0.2)
        if rated:
            self.add_event(
                day,
                "usage",
                line_id=row["line_id"],
                amount=money(self.amount(1, 300), self.decimals),
            )
        else:
            units = str(self.random.randint(0, 200))
            self.add_event(day, "usage", line_id=row["line_id"], quantity=units)

    def decide(self, row: dict[str, Any]) -> None:
        day = self.day(30, 300)
        if self.chance(0.4):
            self.add_event(day, "expiry", line_id=row["line_id"])
        elif self.chance(0.7):
            name = f"X-{row['line_id']}"
            new = self.new_line("ratable", name, day)
            new["starts_on"] = max(date.fromisoformat(new["starts_on"]), day).isoformat()
            new |= {"unit_price": None, "price_period": None, "likelihood": None}
            if new["price"] is None:
                new["price"] = money(self.amount(50, 900))
            self.add_event(
                day,
                "option_exercise",
                line_id=row["line_id"],
                to_line_id=new["line_id"],
                modification_id=name,
                amount=new["price"],
            )

    # --- amendments -----------------------------------------------------------------------------

    def write_amendments(self, count: int) -> None:
        stopped: set[str] = set()
        days = sorted(self.day(1, 500) for _ in range(count))
        if count > 2 and self.chance(0.5) and not self.tame:
            days[1] = days[0]
        for number, day in enumerate(days, start=1):
            name = f"M{number}"
            candidates = [
                row
                for row in self.lines
                if row["pattern"] in AMENDABLE
                and row["line_id"] not in stopped
                and row["distinct"]
                and (row["modification_id"] is None or row["modification_id"][0] == "M")
                and self.is_amendable(row, day)
            ]
            kind = self.random.choice(
                ["add", "add", "change", "change", "reprice", "end", "stop", "swap", "terminate"]
            )
            if self.tame and kind in {"stop", "swap", "terminate"}:
                kind = "change"
            if self.policy["modification"] == "separate_contract":
                kind = "add"  # what it says of a changed line is not defined
            if kind in {"stop", "terminate"} and self.chance(0.5):
                kind = "change"
            if not candidates or kind == "add":
                self.added(name, day)
                continue
            for row in self.random.sample(
                candidates, min(len(candidates), self.random.choice([1, 1, 2]))
            ):
                self.amend(kind, row, name, day, stopped)
            if kind == "swap" or self.chance(0.1):
                self.added(name, day)
            if self.chance(0.1):
                other = self.random.choice(candidates)
                self.add_event(
                    day,
                    "amendment_reprice",
                    line_id=other["line_id"],
                    modification_id=name,
                    amount="0.00",
                    ssp=money(self.amount(50, 3000)),
                ) if other["line_id"] not in stopped else None

    def is_amendable(self, row: dict[str, Any], day: date) -> bool:
        if row["pattern"] == "ratable":
            return self.ends[row["line_id"]] > day
        if self.tame and any(
            columns["type"] == "delivery" and columns["line_id"] == row["line_id"] and at <= day
            for at, _, columns in self.timeline
        ):
            return False
        joined = [
            at
            for at, _, columns in self.timeline
            if columns["type"] == "amendment_add" and columns["line_id"] == row["line_id"]
        ]
        return row["modification_id"] is None or (bool(joined) and joined[0] < day)

    def added(self, name: str, day: date) -> None:
        for _ in range(self.random.choice([1, 1, 2])):
            row = self.new_line(
                self.random.choice(["ratable", "ratable", "point_in_time"]), name, day
            )
            if row["pattern"] == "point_in_time":
                self.deliver(row, day + DAY)
            self.add_event(day, "amendment_add", line_id=row["line_id"], modification_id=name)

    def amend(
        self, kind: str, row: dict[str, Any], name: str, day: date, stopped: set[str]
    ) -> None:
        line_id = row["line_id"]
        amount = self.amount(-300, 300)
        columns: dict[str, Any] = {"line_id": line_id, "modification_id": name}
        if kind in {"stop", "swap", "terminate"} and row["pattern"] in {"progress", "drawdown"}:
            kind = "change"  # what stopping takes from its price is not defined
        if kind in {"stop", "swap"}:
            stopped.add(line_id)
            given = self.chance(0.4)
            columns["amount"] = money(-abs(amount), self.decimals) if given else None
            if row["pattern"] == "ratable" and self.chance(0.3):
                later = self.day(0, 60, day)
                columns["starts_on"] = min(later, self.ends[line_id]).isoformat()
            self.add_event(day, "amendment_remove", **columns)
            return
        if kind == "terminate":
            stopped.add(line_id)
            ends_on = day - DAY if self.chance(0.5) else self.day(0, 90, day)
            if row["pattern"] == "ratable":
                ends_on = min(ends_on, self.ends[line_id])
            self.add_event(day, "termination", ends_on=ends_on.isoformat(), **columns)
            if self.chance(0.4):
                fee = money(self.amount(1, 300), self.decimals)
                self.add_event(day, "termination_fee", amount=fee, **columns)
            return
        if kind == "reprice" and row["pattern"] == "ratable":
            self.reprice(row, day, columns, amount)
            return
        columns["amount"] = money(amount, self.decimals)
        if kind == "end" and row["pattern"] == "ratable":
            end = max(
                self.ends[line_id] + timedelta(days=self.random.randint(-200, 400)), day + DAY
            )
            end = max(end, date.fromisoformat(row["starts_on"]) + DAY)
            end = min(end, max(self.leave, self.ends[line_id]))
            self.ends[line_id] = end
            columns["ends_on"] = end.isoformat()
        elif row["quantity"] is not None and row["pattern"] != "progress":
            columns["quantity"] = str(self.random.randint(1, 10))
            if row["pattern"] == "ratable" and self.chance(0.4) and int(row["quantity"]) > 20:
                columns["quantity"] = f"-{self.random.randint(1, 2)}"
        if self.chance(0.25):
            columns["ssp"] = money(self.amount(50, 3000))
        self.add_event(day, "amendment_change", **columns)

    def reprice(
        self, row: dict[str, Any], day: date, columns: dict[str, Any], amount: Decimal
    ) -> None:
        if row["price_period"] is not None and self.chance(0.7):
            columns["unit_price"] = f"{self.amount(1, 90)}"
        else:
            columns["amount"] = money(amount, self.decimals)
        if self.chance(0.3):
            start = max(self.day(0, 40, day), date.fromisoformat(row["starts_on"]))
            end = min(
                start + timedelta(days=self.random.randint(10, 100)), self.ends[row["line_id"]]
            )
            if start <= end:
                columns |= {"starts_on": start.isoformat(), "ends_on": end.isoformat()}
        self.add_event(day, "amendment_reprice", **columns)

    # --- prices and money -----------------------------------------------------------------------

    def write_prices(self) -> None:
        original = [row for row in self.lines if row["modification_id"] is None and row["distinct"]]
        for number in range(self.random.choice([0, 0, 1, 2])):
            row = self.random.choice(original)
            alone = self.chance(0.4) and not (self.tame and row["pattern"] == "usage")
            own = row["line_id"] if alone else None
            columns = {"line_id": own, "component_id": f"V{number}"}
            amount = self.amount(-100, 300)
            limit = money(self.amount(0, 100)) if self.chance(0.3) else None
            if self.chance(0.7):
                self.add_event(
                    self.signed_on,
                    "price_estimate",
                    amount=money(amount, self.decimals),
                    constrained_to=limit,
                    **columns,
                )
            for time in range(self.random.choice([0, 1, 2])):
                self.add_event(
                    self.day(1, 500),
                    "price_estimate",
                    amount=money(self.amount(-100, 300), self.decimals),
                    modification_id=f"V{number}-{time}",
                    **columns,
                )
        deliverable = [row for row in original if row["pattern"] == "point_in_time"]
        if deliverable and not self.tame and self.chance(0.2):
            self.add_event(
                self.day(0, 1),
                "refund_estimate",
                line_id=deliverable[0]["line_id"],
                component_id="RET",
                amount=money(self.amount(1, 20), self.decimals),
            )
        fixed = [row for row in original if row["pattern"] in {"ratable", "point_in_time"}]
        if fixed and self.chance(0.15):
            row = self.random.choice(fixed)
            self.add_event(
                self.day(10, 300),
                "price_concession",
                line_id=row["line_id"],
                modification_id="C1",
                amount=money(-self.amount(1, 50), self.decimals),
            )
        if self.chance(0.25):
            row = self.random.choice(original)
            named = row["line_id"] if row["pattern"] in AMENDABLE and self.chance(0.7) else None
            self.add_event(
                self.day(10, 400),
                "credit_note",
                line_id=named,
                modification_id="CN",
                amount=money(self.amount(1, 20), self.decimals),
            )
        royalties = not self.tame and self.contract["transaction_price"] is None
        if fixed and royalties and self.chance(0.15):
            row = self.random.choice(fixed)
            columns = {"line_id": row["line_id"], "component_id": "ROY"}
            estimate = money(self.amount(50, 500), self.decimals)
            self.add_event(self.signed_on, "royalty_estimate", amount=estimate, **columns)
            for _ in range(2):
                due = money(self.amount(1, 90), self.decimals)
                self.add_event(self.day(5, 300), "royalty", amount=due, **columns)

    def write_money(self) -> None:
        for number in range(self.random.randint(0, 4)):
            day = self.day(0, 500)
            amount = self.amount(20, 3000)
            due = self.day(0, 60, day).isoformat() if self.chance(0.5) else None
            self.add_event(day, "invoice", amount=money(amount, self.decimals), due_on=due)
            if self.chance(0.6):
                share = amount if self.chance(0.7) else amount / 2
                paid = share.quantize(Decimal(1).scaleb(-self.decimals))
                self.add_event(self.day(0, 60, day), "cash", amount=money(paid, self.decimals))
            if number == 0 and self.chance(0.2):
                self.add_event(
                    day, "credit_opening", amount=money(self.amount(1, 90), self.decimals)
                )
                self.add_event(
                    day, "credit_applied", amount=money(self.amount(1, 20), self.decimals)
                )
        if self.chance(0.1):
            closed = month_first(self.signed_on, self.random.randint(1, 4)) - DAY
            self.contract["books_closed_through"] = closed.isoformat()

    # --- the case -------------------------------------------------------------------------------

    def case(self, case_id: str) -> dict[str, Any]:
        order = sorted(self.timeline, key=lambda row: (row[0], row[1]))
        events = [
            event(number, columns.pop("type"), day.isoformat(), **columns)
            for number, (day, _, columns) in enumerate(
                ((day, at, dict(columns)) for day, at, columns in order), start=1
            )
        ]
        first = month_first(self.signed_on)
        periods = [("all", month_first(first, -24), month_first(first, 120) - DAY)]
        for number in range(4):
            start = month_first(first, self.random.randint(0, 20))
            length = self.random.choice([1, 1, 3, 12])
            periods.append((f"P{number}", start, month_first(start, length) - DAY))
        rates = [
            {
                "from_currency": "EUR",
                "to_currency": "USD",
                "on": (self.signed_on - DAY + timedelta(days=90 * step)).isoformat(),
                "rate": f"{Decimal(self.random.randint(900, 1300)) / 1000}",
            }
            for step in range(8)
        ]
        return case(
            case_id,
            policy=self.policy,
            contracts=[self.contract],
            lines=self.lines,
            rate_bands=self.bands,
            bundles=self.bundles,
            fx_rates=rates,
            events=events,
            periods=[(name, start.isoformat(), end.isoformat()) for name, start, end in periods],
            as_of=sorted({self.day(0, 600).isoformat() for _ in range(3)}),
        )


def random_case(seed: int, amendments: int = 3, *, tame: bool = False) -> dict[str, Any]:
    """A case of one random contract.

    Args:
        seed: the same seed writes the same contract.
        amendments: how many modifications it gets at most.
        tame: leave out what the rules do not settle.
    """
    return Writer(seed, amendments, tame=tame).case(f"R{seed}")
