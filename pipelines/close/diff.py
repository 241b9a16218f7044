"""`tieout diff`: what changed in a closed period since it was closed, by reason and record.

The comparison is `sql/diff.sql`; here its rows are read.
"""

from dataclasses import dataclass
from typing import Any, Final

from pipelines.close import register
from pipelines.close.compared import attach, plain, script, session
from pipelines.close.register import Close
from pipelines.config import Paths
from pipelines.periods import find_period
from pipelines.publication import open_published, read_publication, require_tables, rows_of

Row = dict[str, Any]

TOTALS: Final = "select * from total_changes order by measure_no, measure"
CONTRACTS: Final = """
    select * from contract_changes
    order by
        max(abs(change_rpt)) over (partition by contract_id) desc,
        contract_number,
        measure_no,
        measure
"""
LINES: Final = """
    select * from line_changes
    where change_txn != 0 or change_rpt != 0
    order by contract_id, contract_line_id, measure_no, measure
"""
RECORDS: Final = """
    select * from record_changes
    order by contract_number, system, record_type, record_id, field
"""


@dataclass(frozen=True)
class Diff:
    """What changed; rows as the views of `sql/diff.sql` have them.

    Attributes:
        close: the close that is compared.
        run_id: the published run of today.
        currency: ISO code of the columns ending in _rpt.
        totals: one row a measure (booked, each reason, recognized), unchanged ones too.
        contracts: one row a contract and measure that changed.
        lines: the same for each contract line; what moved between lines of a contract is only here.
        records: one row a source record and field that changed.
    """

    close: Close
    run_id: str
    currency: str
    totals: list[Row]
    contracts: list[Row]
    lines: list[Row]
    records: list[Row]

    def as_json(self) -> dict[str, Any]:
        """Plain values; amounts as exact text."""
        return {
            "close": self.close.entry,
            "run_id": self.run_id,
            "currency": self.currency,
            "totals": plain(self.totals),
            "contracts": plain(self.contracts),
            "lines": plain(self.lines),
            "records": plain(self.records),
        }


def read_diff(paths: Paths, name: str) -> Diff:
    """Compare the close of a period with the published numbers of that period.

    Args:
        paths: the installation's files.
        name: the period, as the ERP names it or YYYY-MM.

    Raises:
        TieoutError: there is no such period, or it was not closed.
    """
    with open_published(paths) as published:
        publication = read_publication(published)
        period = find_period(published, name)
        require_tables(published, "fct_contract_line_history", "fct_planned_revenue_history")
    close = register.require_close(paths, publication.origin, period)
    with session(paths, close) as connection:
        attach(connection, paths.published_file, "today")
        connection.execute(
            "create table asked as select cast($period_key as varchar) as period_key",
            {"period_key": close.period_key},
        )
        connection.execute(script("diff"))
        return Diff(
            close,
            publication.run_id,
            publication.reporting_currency,
            rows_of(connection, TOTALS),
            rows_of(connection, CONTRACTS),
            rows_of(connection, LINES),
            rows_of(connection, RECORDS),
        )
