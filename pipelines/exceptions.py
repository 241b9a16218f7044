"""The exception queue in the terminal: what is open, for how much, since when, and whose it is."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipelines.config import Paths
from pipelines.errors import TieoutError
from pipelines.money import format_money
from pipelines.publication import open_published, read_publication, rows_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Row = dict[str, Any]

ID_SHOWN: Final = 8
# What `--status` takes, and the statuses each stands for.
STATUSES: Final = {
    "open": ("open", "expired_explanation"),
    "explained": ("explained",),
    "expired": ("expired_explanation",),
    "cleared": ("cleared",),
    "all": ("open", "expired_explanation", "explained", "cleared"),
}
EXPIRED: Final = {"amount_moved": "expired: amount moved", "date_passed": "expired: date passed"}

EXCEPTIONS: Final = """
    select
        exceptions.*,
        exceptions.suggested_record_id is not null as is_suggested,
        contracts.contract_number,
        customers.customer_name,
        reasons.evidence_label,
        reasons.crm_value,
        reasons.erp_value,
        reasons.crm_url,
        reasons.erp_url
    from fct_exceptions as exceptions
    left join dim_contract as contracts on exceptions.contract_id = contracts.contract_id
    left join dim_customer as customers on exceptions.customer_id = customers.customer_id
    left join fct_reconciliation_reasons as reasons
        on
        exceptions.contract_line_id = reasons.contract_line_id
        and exceptions.reason_code = reasons.reason_code
        and reasons.is_reporting_period
    order by abs(exceptions.amount_rpt) desc, exceptions.exception_id
"""


@dataclass(frozen=True)
class Selection:
    """Which exceptions are meant; what is None does not matter.

    Attributes:
        status: a key of `STATUSES`.
        owner: who mends them.
        code: their reason code.
        cause: their root cause, or the field that differs.
        contract: number or id of their contract.
        customer: name or id of their customer.
        material: only those that are material.
        suggested: only those whose record is like one of the other system.
    """

    status: str = "open"
    owner: str | None = None
    code: str | None = None
    cause: str | None = None
    contract: str | None = None
    customer: str | None = None
    material: bool = False
    suggested: bool = False

    def takes(self, row: Row) -> bool:
        """Whether an exception is meant."""
        return (
            row["status"] in STATUSES[self.status]
            and _is_named(self.owner, row["owner"])
            and _is_named(self.code, row["reason_code"])
            and _is_named(self.cause, row["cause"], row["cause_field"])
            and _is_named(self.contract, row["contract_number"], row["contract_id"])
            and _is_named(self.customer, row["customer_name"], row["customer_id"])
            and (row["is_material"] or not self.material)
            and (row["is_suggested"] or not self.suggested)
        )

    @property
    def is_shared(self) -> bool:
        """Whether it names something that exceptions share: enough for one decision on many."""
        return any((self.code, self.cause, self.contract, self.customer))

    def __str__(self) -> str:
        """The part of it that selects, as a decision keeps it: `code=..., cause=...`."""
        parts = [
            f"{name}={value}"
            for name in ("code", "cause", "contract", "customer", "owner")
            if (value := getattr(self, name))
        ]
        flags = [name for name in ("material", "suggested") if getattr(self, name)]
        return ", ".join([*parts, *flags])


def read_exceptions(connection: "DuckDBPyConnection") -> list[Row]:
    """Every exception of the published snapshot, the largest first.

    Raises:
        TieoutError: the snapshot is of an older version.
    """
    import duckdb  # noqa: PLC0415 - a quarter of a second that --help need not pay

    try:
        return rows_of(connection, EXCEPTIONS)
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        raise TieoutError(
            "The published snapshot holds no such exceptions: an older version wrote it.",
            fix="Run `tieout run` to publish it again.",
            source="tieout",
            object_name="fct_exceptions",
        ) from error


def show_exceptions(
    console: Console, paths: Paths, selection: Selection, *, as_json: bool = False
) -> None:
    """Print the exceptions that are meant.

    Args:
        console: where to print; JSON goes to standard output.
        paths: the installation's files.
        selection: which ones.
        as_json: as a list of objects, amounts and days as text.

    Raises:
        TieoutError: nothing is published, the snapshot is of an older version, or there is no such
            status.
    """
    if selection.status not in STATUSES:
        raise TieoutError(
            f"There is no status {selection.status}.",
            fix=f"Take one of {', '.join(STATUSES)}.",
            source="tieout",
        )
    with open_published(paths) as connection:
        currency = read_publication(connection).reporting_currency
        rows = [row for row in read_exceptions(connection) if selection.takes(row)]
    if as_json:
        console.out(json.dumps(rows, indent=2, default=str), highlight=False)
        return
    console.print(exceptions_table(rows, currency))
    console.print(Text(summary(rows, currency)))
    if suggested := [row for row in rows if row["is_suggested"]]:
        console.print(Text("Perhaps one deal on both sides:"))
        console.print(suggestions_table(suggested))
        name = suggested[0]["exception_id"][:ID_SHOWN]
        console.print(
            Text(f"If so: tieout exceptions link {name} --by NAME --reason TEXT --expires DAY")
        )
    if rows:
        console.print(Text(f"One of them: tieout explain {rows[0]['contract_number']}"))


def suggestions_table(rows: Sequence[Row]) -> Table:
    """Which of the exceptions may be one deal, and what speaks for it; a row a pair."""
    alike: dict[frozenset[str], list[Row]] = {}
    for row in rows:
        if row["is_suggested"]:
            pair = frozenset((row["cause_record_id"], row["suggested_record_id"]))
            alike.setdefault(pair, []).append(row)
    table = Table.grid(padding=(0, 2, 0, 0))
    for members in alike.values():
        ids = " ".join(row["exception_id"][:ID_SHOWN] for row in members)
        table.add_row(Text(ids, no_wrap=True), Text(members[0]["suggestion_evidence"]))
    return table


def exceptions_table(rows: Sequence[Row], currency: str) -> Table:
    """The exceptions as a table that fits 100 columns."""
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    table.add_column("id", no_wrap=True)
    for name in ("reason", "contract"):
        table.add_column(name)
    table.add_column(f"amount {currency}", justify="right", no_wrap=True)
    table.add_column("days", justify="right", no_wrap=True)
    for name in ("owner", "status"):
        table.add_column(name)
    for row in rows:
        table.add_row(
            row["exception_id"][:ID_SHOWN],
            row["reason_code"],
            row["contract_number"],
            Text(
                format_money(row["amount_rpt"], currency), style="bold" * bool(row["is_material"])
            ),
            f"{row['age_days']:,}",
            row["owner"],
            _status(row),
        )
    return table


def summary(rows: Sequence[Row], currency: str) -> str:
    """How many they are and what they come to."""
    net = sum((row["amount_rpt"] for row in rows), Decimal(0))
    absolute = sum((abs(row["amount_rpt"]) for row in rows), Decimal(0))
    material = sum(bool(row["is_material"]) for row in rows)
    number = "1 exception" if len(rows) == 1 else f"{len(rows):,} exceptions"
    return (
        f"{number}, {material:,} material: {format_money(absolute, currency)} {currency} taken "
        f"absolutely, {format_money(net, currency)} {currency} net"
    )


def _status(row: Row) -> str:
    size = "material" if row["is_material"] else "immaterial"
    if row["status"] == "open":
        return size
    return str(EXPIRED.get(row["expired_because"] or "", row["status"]))


def _is_named(wanted: str | None, *names: str | None) -> bool:
    return wanted is None or wanted.lower() in (name.lower() for name in names if name)
