"""The part of the report about what is left to mend: root causes, age, and a mix that drifts."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from rich import box
from rich.table import Table
from rich.text import Text

from pipelines.money import format_money, format_share
from pipelines.publication import rows_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Row = dict[str, Any]

TOP_CAUSES: Final = 8
BAR_WIDTH: Final = 16

ROOT_CAUSES: Final = """
    select
        cause,
        cause_kind,
        exception_count as exceptions,
        contract_count as contracts,
        absolute_rpt as amount,
        net_rpt as net
    from fct_root_causes
    where is_reporting_period
    order by rank_no
    limit $top
"""
AGES: Final = """
    select
        case
            when age_days <= 30 then '0 to 30 days'
            when age_days <= 60 then '31 to 60 days'
            when age_days <= 90 then '61 to 90 days'
            when age_days <= 180 then '91 to 180 days'
            else 'over 180 days'
        end as age,
        count(*) as exceptions,
        count(*) filter (is_material) as material,
        count(*) filter (status = 'expired_explanation') as expired,
        sum(abs(amount_rpt)) as amount
    from fct_exceptions
    where is_open
    group by age
    order by min(age_days)
"""
DRIFTS: Final = """
    select period_name, reason_code, movement_share, mean_share, moved_rpt as moved
    from fct_reason_mix
    where is_reporting_period and is_drift
    order by drift desc
"""
QUERIES: Final = {
    "root_causes": ("fct_root_causes", ROOT_CAUSES),
    "exceptions_by_age": ("fct_exceptions", AGES),
    "reason_mix_drift": ("fct_reason_mix", DRIFTS),
}


def read_exception_figures(connection: "DuckDBPyConnection") -> dict[str, list[Row]]:
    """Root causes, open exceptions by age, and reasons whose share of what moved grew.

    Returns:
        root_causes (cause, cause_kind, exceptions, contracts, amount, net), exceptions_by_age (age,
        exceptions, material, expired, amount) and reason_mix_drift (period_name, reason_code,
        movement_share, mean_share, moved). Empty where a snapshot of an older version has none.
    """
    tables = {row["table_name"] for row in rows_of(connection, "select * from duckdb_tables()")}
    return {
        name: rows_of(connection, query, **({"top": TOP_CAUSES} if "$top" in query else {}))
        if table in tables
        else []
        for name, (table, query) in QUERIES.items()
    }


def exception_parts(figures: dict[str, list[Row]], currency: str) -> Iterator[Table | Text]:
    """What the report prints of them; nothing of what is empty."""
    if causes := figures["root_causes"]:
        yield _bars(
            "What causes the breaks",
            ("cause", "kind", "exceptions", "contracts"),
            (
                (
                    row["cause"],
                    row["cause_kind"].replace("_", " "),
                    f"{row['exceptions']:,}",
                    f"{row['contracts']:,}",
                )
                for row in causes
            ),
            [row["amount"] for row in causes],
            currency,
        )
    if ages := figures["exceptions_by_age"]:
        yield _bars(
            "Open exceptions by age",
            ("age", "expired", "exceptions", "material"),
            (
                (
                    row["age"],
                    f"{row['expired']:,} expired" if row["expired"] else "",
                    f"{row['exceptions']:,}",
                    f"{row['material']:,}",
                )
                for row in ages
            ),
            [row["amount"] for row in ages],
            currency,
        )
    for row in figures["reason_mix_drift"]:
        yield Text(
            f"\nThe mix of reasons has shifted: {row['reason_code']} is "
            f"{format_share(row['movement_share'], 1)} of what moved in {row['period_name']}, "
            f"{format_share(row['mean_share'], 1)} in the periods before.",
            style="yellow",
        )


def _bars(
    title: str,
    names: tuple[str, ...],
    rows: Iterable[tuple[str, ...]],
    amounts: list[Decimal],
    currency: str,
) -> Table:
    """Two columns of text, two of numbers, the amount and a bar for it."""
    table = Table(
        title=f"\n{title}",
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        show_edge=False,
        padding=(0, 2, 0, 0),
    )
    for position, name in enumerate(names):
        table.add_column(name if name != "expired" else "", justify=("left", "right")[position > 1])
    table.add_column(f"amount {currency}", justify="right")
    table.add_column("")
    largest = max(amounts)
    for row, amount in zip(rows, amounts, strict=True):
        filled = int(BAR_WIDTH * amount / largest) if largest else 0
        bar = "\N{FULL BLOCK}" * max(filled, 1 if amount else 0)
        table.add_row(*row, format_money(amount, currency), Text(bar, style="red"))
    return table
