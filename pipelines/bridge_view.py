"""The ARR bridge of the reporting period as a waterfall for the terminal."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from rich import box
from rich.table import Table
from rich.text import Text

from pipelines.money import format_money
from pipelines.publication import rows_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

WIDTH: Final = 28
STYLES: Final = {"endpoint": "bold", "break": "red", "unexplained": "bold red", "timing": "cyan"}
BRIDGE: Final = """
    select
        bridge_step_no,
        bridge_reason,
        reason_class,
        is_endpoint,
        sum(contract_lines) as lines,
        sum(amount_rpt) as amount
    from fct_arr_bridge
    where is_reporting_period
    group by bridge_step_no, bridge_reason, reason_class, is_endpoint
    having sum(amount_rpt) != 0 or is_endpoint
    order by bridge_step_no
"""


def bridge_rows(connection: "DuckDBPyConnection") -> list[dict[str, Any]]:
    """The steps from Sales ARR to Finance ARR, all customers of the reporting period together.

    Returns:
        bridge_step_no, bridge_reason, reason_class, is_endpoint, lines and amount; what nets to
        zero over the customers is left out.
    """
    return rows_of(connection, BRIDGE)


def bridge_table(rows: list[dict[str, Any]], currency: str) -> Table:
    """A row a step with a bar from where the step begins to where it ends."""
    table = Table(title="Sales ARR to Finance ARR", title_justify="left", box=box.SIMPLE_HEAD)
    table.add_column("step")
    table.add_column("lines", justify="right")
    table.add_column(f"amount {currency}", justify="right")
    table.add_column("", no_wrap=True)
    highest = _highest(rows)
    reached = Decimal(0)
    for row in rows:
        begins = Decimal(0) if row["is_endpoint"] else reached
        reached = begins + row["amount"]
        style = STYLES.get(row["reason_class"], "")
        table.add_row(
            Text(row["bridge_reason"], style=style),
            f"{row['lines']:,}",
            format_money(row["amount"], currency),
            Text(bar(begins, reached, highest), style=style),
        )
    return table


def bar(begins: Decimal, ends: Decimal, highest: Decimal) -> str:
    """A bar between two heights, at least one block wide; nothing where nothing has a height.

    Args:
        begins: height before the step.
        ends: height after it.
        highest: the height that fills the width.
    """
    if highest <= 0:
        return ""
    low, high = sorted((_place(begins, highest), _place(ends, highest)))
    return " " * min(low, WIDTH - 1) + "█" * max(1, high - low)


def _place(height: Decimal, highest: Decimal) -> int:
    return max(0, round(height * WIDTH / highest))


def _highest(rows: list[dict[str, Any]]) -> Decimal:
    """The highest height any bar reaches."""
    heights = [Decimal(0)]
    for row in rows:
        heights.append(row["amount"] + (0 if row["is_endpoint"] else heights[-1]))
    return max(heights)
