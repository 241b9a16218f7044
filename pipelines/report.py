"""The report stage: what a person sees of the published snapshot in the terminal."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from rich import box
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from pipelines.balance_view import balances_table, read_balances
from pipelines.bridge_view import bridge_rows, bridge_table
from pipelines.config import Paths
from pipelines.exceptions_report import exception_parts, read_exception_figures
from pipelines.money import format_money, format_share, format_with_currency
from pipelines.publication import (
    Publication,
    open_published,
    read_publication,
    rows_of,
)

if TYPE_CHECKING:
    from pipelines.stages import RunSummary

PASSES: Final = {
    1: "by line key",
    2: "by order, item and amount",
    3: "by order and near amount",
    4: "by customer, dates and amount",
    5: "by override",
}
CLASS_STYLES: Final = {"break": "red", "unexplained": "bold red", "timing": "cyan"}
TOP_CONTRACTS: Final = 5
QUERIES: Final = (
    """select reason_code, sum(amount_rpt) from fct_reconciliation_reasons
  where is_reporting_period group by all order by 2;""",
    """select contract_line_id, difference_rpt, tie_out_status from fct_reconciliation
  where is_reporting_period and tie_out_status = 'break' order by 2;""",
    """select period_name, sum(booked_movement_rpt), sum(recognized_movement_rpt)
  from fct_reconciliation group by period_no, period_name order by period_no;""",
)

TOTALS: Final = """
    select
        any_value(period_name) as period_name,
        sum(booked_rpt) as booked,
        sum(recognized_rpt) as recognized,
        sum(difference_rpt) as difference,
        count(*) as lines,
        count(*) filter (tie_out_status in ('tied', 'explained')) as lines_tied,
        sum(greatest(abs(booked_rpt), abs(recognized_rpt))) as money,
        sum(greatest(abs(booked_rpt), abs(recognized_rpt)))
            filter (tie_out_status in ('tied', 'explained')) as money_tied
    from fct_reconciliation
    where is_reporting_period
"""
REASONS: Final = """
    select
        reason_class,
        reason_code,
        count(distinct contract_line_id) as lines,
        sum(amount_rpt) as amount
    from fct_reconciliation_reasons
    where is_reporting_period and is_standing
    group by reason_class, reason_code, chain_step_no
    order by chain_step_no, reason_code
"""
TIMING: Final = """
    select
        count(*) as expected,
        count(*) filter (has_cleared) as cleared
    from (
        select max_by(reasons.has_cleared, reasons.period_no) as has_cleared
        from fct_reconciliation_reasons as reasons
        inner join dim_accounting_period as periods
            on reasons.expected_clear_period_key = periods.period_key
        where reasons.reason_class = 'timing' and reasons.amount_txn != 0 and periods.has_ended
        group by
            reasons.contract_line_id, reasons.reason_code, reasons.expected_clear_period_key
    ) as timing
"""
OWNERS: Final = """
    select
        owner,
        count(distinct contract_line_id) as lines,
        sum(abs(amount_rpt)) as amount
    from fct_reconciliation_reasons
    where is_reporting_period and reason_class in ('break', 'unexplained')
        and is_standing
    group by owner
    order by amount desc
"""
HANDOFF: Final = """
    select
        steps.step_name,
        count(steps.days) as bookings,
        quantile_disc(steps.days, 0.5) as median_days,
        quantile_disc(steps.days, 0.9) as p90_days
    from fct_handoff_latency as latency
    cross join lateral (
        values
            (1, 'close to order', latency.days_to_order),
            (2, 'order to arrangement', latency.days_to_arrangement),
            (3, 'arrangement to first posting', latency.days_to_first_posting),
            (4, 'close to first posting', latency.days_from_close_to_posting)
    ) as steps (step_no, step_name, days)
    group by steps.step_no, steps.step_name
    having count(steps.days) > 0
    order by steps.step_no
"""
HOLDS: Final = """
    select hold_code, count(distinct contract_id) as contracts, sum(booked_rpt) as booked
    from (select distinct hold_code, contract_id, booked_rpt from fct_revenue_holds) as held
    group by hold_code
    order by contracts desc, hold_code
"""
COVERAGE: Final = """
    select
        match_status,
        match_pass,
        cast(coalesce(sum(records) filter (witness = 'crm'), 0) as bigint) as crm_records,
        coalesce(sum(gross_amount_rpt) filter (witness = 'crm'), 0) as crm_amount,
        cast(coalesce(sum(records) filter (witness = 'erp'), 0) as bigint) as erp_records,
        coalesce(sum(gross_amount_rpt) filter (witness = 'erp'), 0) as erp_amount
    from fct_crosswalk_coverage
    group by match_status, match_pass
    order by
        case match_status
            when 'linked' then 1 when 'suggested' then 2 when 'duplicate' then 3 else 4
        end,
        match_pass
"""
CONTRACTS: Final = """
    select
        contracts.contract_number,
        customers.customer_name,
        string_agg(distinct reasons.reason_code, ', ' order by reasons.reason_code) as codes,
        sum(abs(reasons.amount_rpt)) as amount
    from fct_reconciliation_reasons as reasons
    inner join dim_contract as contracts on reasons.contract_id = contracts.contract_id
    left join dim_customer as customers on reasons.customer_id = customers.customer_id
    where reasons.is_reporting_period and reasons.reason_class in ('break', 'unexplained')
    group by contracts.contract_number, customers.customer_name
    order by amount desc, contracts.contract_number
    limit $top
"""


def read_figures(paths: Paths) -> dict[str, Any]:
    """The headline figures of the published snapshot, as plain values (amounts as text).

    Returns:
        period, currency, booked, recognized, difference, lines, lines_tied, tie_out_rate,
        timing (what was expected to clear by now and how much of it did, each a reason of a line),
        reasons (class, code, lines, amount), breaks_by_owner (owner, lines, amount),
        balances (of all contracts, with the roll-forward of the period),
        handoff_days (step_name, bookings, median_days, p90_days),
        contracts_held (hold_code, contracts, booked), crosswalk (match_status, match_pass,
        crm_records, crm_amount, erp_records, erp_amount), arr_bridge (bridge_reason, reason_class,
        lines, amount and others), top_contracts (contract_number, customer_name, codes, amount)
        and what `read_exception_figures` returns.

    Raises:
        TieoutError: nothing has been published yet.
    """
    with open_published(paths) as connection:
        publication = read_publication(connection)
        totals = rows_of(connection, TOTALS)[0]
        return {
            "run_id": publication.run_id,
            "as_of": str(publication.as_of),
            "period": totals["period_name"],
            "currency": publication.reporting_currency,
            "booked": str(totals["booked"]),
            "recognized": str(totals["recognized"]),
            "difference": str(totals["difference"]),
            "lines": totals["lines"],
            "lines_tied": totals["lines_tied"],
            "tie_out_rate": format_share(totals["lines_tied"], totals["lines"]),
            "timing": rows_of(connection, TIMING)[0],
            "reasons": [_plain(row) for row in rows_of(connection, REASONS)],
            "breaks_by_owner": [_plain(row) for row in rows_of(connection, OWNERS)],
            "balances": _plain(read_balances(connection)),
            "handoff_days": rows_of(connection, HANDOFF),
            "contracts_held": [_plain(row) for row in rows_of(connection, HOLDS)],
            "crosswalk": [_plain(row) for row in rows_of(connection, COVERAGE)],
            "arr_bridge": [_plain(row) for row in bridge_rows(connection)],
            "top_contracts": [
                _plain(row) for row in rows_of(connection, CONTRACTS, top=TOP_CONTRACTS)
            ],
            **{
                name: [_plain(row) for row in rows]
                for name, rows in read_exception_figures(connection).items()
            },
        }


def show_report(console: Console, paths: Paths) -> None:
    """Print the summary of the published snapshot.

    Raises:
        TieoutError: nothing has been published yet.
    """
    with open_published(paths) as connection:
        publication = read_publication(connection)
        currency = publication.reporting_currency
        totals = rows_of(connection, TOTALS)[0]
        console.print(_headline(publication, totals, rows_of(connection, TIMING)[0]))
        console.print(_reasons_table(rows_of(connection, REASONS), totals, currency))
        if balances := read_balances(connection):
            console.print(balances_table(balances, currency))
        console.print(_owners_table(rows_of(connection, OWNERS), currency))
        console.print(_handoff_table(rows_of(connection, HANDOFF)))
        if held := rows_of(connection, HOLDS):
            console.print(_holds_table(held, currency))
        console.print(_coverage_table(rows_of(connection, COVERAGE), currency))
        if bridge := bridge_rows(connection):
            console.print(bridge_table(bridge, currency))
        top = rows_of(connection, CONTRACTS, top=TOP_CONTRACTS)
        console.print(_contracts_table(top, currency))
        for part in exception_parts(read_exception_figures(connection), currency):
            console.print(part)
    console.print(_where(paths, top))


def show_times(console: Console, summary: "RunSummary") -> None:
    """Print the time of each stage and how much of it was tieout's own code."""
    seconds = sum(stage.seconds for stage in summary.stages)
    own_seconds = sum(stage.own_seconds for stage in summary.stages)
    share = round(100 * own_seconds / seconds) if seconds else 0
    table = _table("Time", footer=True)
    table.add_column("stage", footer="all")
    table.add_column("seconds", justify="right", footer=f"{seconds:.1f}")
    table.add_column("of which tieout", justify="right", footer=f"{own_seconds:.1f}")
    table.add_column("with", footer=f"tieout's own code: {share} %")
    for stage in summary.stages:
        own = f"{stage.own_seconds:.1f}"
        table.add_row(stage.name, f"{stage.seconds:.1f}", own, stage.tools)
    console.print(table)


def _headline(publication: Publication, totals: dict[str, Any], timing: dict[str, Any]) -> Group:
    table = Table.grid(padding=(0, 2))
    table.add_column()
    table.add_column(justify="right")
    currency = publication.reporting_currency
    for label, name in (
        ("Booked by Sales", "booked"),
        ("Recognized by Finance", "recognized"),
        ("Difference", "difference"),
    ):
        table.add_row(label, Text(format_with_currency(totals[name], currency), style="bold"))
    lines = format_share(totals["lines_tied"], totals["lines"])
    money = format_share(totals["money_tied"] or Decimal(0), totals["money"])
    table.add_row("Tie-out rate", f"{lines} of {totals['lines']:,} lines, {money} of money")
    if timing["expected"]:
        cleared = f"{timing['cleared']:,} of {timing['expected']:,} cleared"
        table.add_row("Timing past its period", cleared)
    parts: list[Any] = [
        Text(
            f"\nThrough {totals['period_name']}, as of {publication.as_of} ({publication.origin})",
            style="bold",
        ),
        table,
    ]
    if publication.last_attempt_status != "published":
        parts.append(
            Text(
                f"A later run ({publication.last_attempt_at}) was "
                f"{publication.last_attempt_status}: {publication.last_attempt_reason}",
                style="yellow",
            )
        )
    return Group(*parts)


def _reasons_table(rows: list[dict[str, Any]], totals: dict[str, Any], currency: str) -> Table:
    table = _table("Why booked is not recognized", footer=True)
    table.add_column("class", footer="")
    table.add_column("reason", footer="difference")
    table.add_column("lines", justify="right")
    table.add_column(
        f"amount {currency}", justify="right", footer=format_money(totals["difference"], currency)
    )
    for row in rows:
        style = CLASS_STYLES.get(row["reason_class"], "")
        table.add_row(
            Text(row["reason_class"], style=style),
            row["reason_code"],
            f"{row['lines']:,}",
            format_money(row["amount"], currency),
        )
    return table


def _owners_table(rows: list[dict[str, Any]], currency: str) -> Table:
    table = _table("Breaks by who mends them")
    table.add_column("owner")
    table.add_column("lines", justify="right")
    table.add_column(f"amount {currency}", justify="right")
    for row in rows:
        table.add_row(row["owner"], f"{row['lines']:,}", format_money(row["amount"], currency))
    return table


def _handoff_table(rows: list[dict[str, Any]]) -> Table:
    table = _table("Days of the hand-off")
    table.add_column("step")
    table.add_column("bookings", justify="right")
    table.add_column("median", justify="right")
    table.add_column("p90", justify="right")
    for row in rows:
        table.add_row(
            row["step_name"],
            f"{row['bookings']:,}",
            f"{row['median_days']:,}",
            f"{row['p90_days']:,}",
        )
    return table


def _holds_table(rows: list[dict[str, Any]], currency: str) -> Table:
    table = _table("Contracts held")
    table.add_column("code")
    table.add_column("contracts", justify="right")
    table.add_column(f"booked {currency}", justify="right")
    for row in rows:
        table.add_row(
            row["hold_code"], f"{row['contracts']:,}", format_money(row["booked"], currency)
        )
    return table


def _coverage_table(rows: list[dict[str, Any]], currency: str) -> Table:
    table = _table("How the records of both systems are linked")
    table.add_column("records are")
    for witness in ("CRM", "ERP"):
        table.add_column(witness, justify="right")
        table.add_column(f"amount {currency}", justify="right")
    for row in rows:
        found_by = PASSES.get(row["match_pass"], "")
        table.add_row(
            f"{row['match_status']} {found_by}".rstrip(),
            f"{row['crm_records']:,}",
            format_money(row["crm_amount"], currency),
            f"{row['erp_records']:,}",
            format_money(row["erp_amount"], currency),
        )
    return table


def _contracts_table(rows: list[dict[str, Any]], currency: str) -> Table:
    table = _table("Contracts with the largest breaks")
    table.add_column("contract")
    table.add_column("customer")
    table.add_column("reasons")
    table.add_column(f"amount {currency}", justify="right")
    for row in rows:
        table.add_row(
            row["contract_number"],
            row["customer_name"],
            row["codes"],
            format_money(row["amount"], currency),
        )
    return table


def _where(paths: Paths, contracts: list[dict[str, Any]]) -> Group:
    lines = [Text(f"\nPublished file: {paths.published_file}"), Text("Three queries to try:")]
    lines += [Text(f"  {query}", style="dim") for query in QUERIES]
    if contracts:
        lines.append(Text(f"One contract: tieout explain {contracts[0]['contract_number']}"))
    return Group(*lines)


def _table(title: str, *, footer: bool = False) -> Table:
    return Table(
        title=f"\n{title}",
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        show_edge=False,
        show_footer=footer,
        footer_style="bold",
        padding=(0, 2, 0, 0),
    )


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: str(value) if isinstance(value, Decimal) else value for name, value in row.items()
    }
