"""A build file made by hand: two contracts, three lines, two periods, every published column used.

Contract C-1 (USD) is explained: 1,200.00 over a year, 400.00 of it delivered. Contract C-2 (EUR)
has a line with a price break of 100.00 EUR and a line the ERP does not know. A third contract
exists in the ERP alone and has no lines here; `HOLD` holds it.
"""

from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
from exception_tables import EXCEPTION_TABLES, ROWS

from pipelines.config import Paths
from pipelines.gates import Gate, record_gate

CONTRACT_ID_15 = "800Aa0000012345"
CONTRACT_ID_18 = "800Aa0000012345QAM"
PERIODS = ((1, "Nov 2025", "2025-11-01", "2025-11-30"), (2, "Dec 2025", "2025-12-01", "2025-12-31"))
TABLES = {
    "core.dim_customer": (
        "customer_id varchar, customer_name varchar, parent_customer_id varchar, "
        "salesforce_account_id varchar, netsuite_customer_id varchar"
    ),
    "core.dim_product": "product_id varchar, product_name varchar, product_code varchar",
    "core.dim_contract": (
        "contract_id varchar, contract_number varchar, customer_id varchar, "
        "currency_code varchar, salesforce_contract_id varchar, netsuite_order_numbers varchar, "
        "starts_on date, ends_on date"
    ),
    "core.dim_contract_line": (
        "contract_line_version_id varchar, contract_line_id varchar, contract_id varchar, "
        "version_no integer, product_id varchar, change_kind varchar, starts_on date, ends_on date"
    ),
    "core.dim_accounting_period": (
        "period_key varchar, period_no integer, period_name varchar, period_status varchar, "
        "is_reporting_period boolean, has_ended boolean, starts_on date, ends_on date"
    ),
    "core.dim_reason": (
        "reason_code varchar, reason_class varchar, chain_step_no integer, chain_step varchar, "
        "owner varchar, what_to_do varchar, zero_sum_scope varchar, meaning varchar, "
        "cause_kind varchar, cause varchar"
    ),
    "core.fct_crosswalk_links": (
        "link_id varchar, crm_record_id varchar, erp_record_id varchar, link_status varchar, "
        "match_evidence varchar, crm_url varchar, erp_url varchar"
    ),
    "core.fct_crosswalk_coverage": (
        "coverage_id varchar, witness varchar, match_status varchar, match_pass integer, "
        "records bigint, gross_amount_rpt decimal(18, 3)"
    ),
    "core.fct_crosswalk_overrides": "override_id varchar, crm_record_id varchar",
    "marts.fct_bookings": (
        "booking_id varchar, tcv_rpt decimal(18, 3), arr_delta_rpt decimal(18, 3)"
    ),
    "marts.fct_recognized_revenue": (
        "recognized_revenue_id varchar, posted_fn decimal(18, 3), posted_rpt decimal(18, 3)"
    ),
    "marts.fct_billings": "billing_id varchar, amount_rpt decimal(18, 3)",
    "marts.fct_contract_balances": (
        "contract_balance_id varchar, contract_id varchar, period_no integer, "
        "period_name varchar, is_reporting_period boolean, position_kind varchar, "
        "fx_rpt decimal(18, 3), "
        + ", ".join(
            f"{name}_{currency} decimal(18, 3)"
            for currency in ("txn", "rpt")
            for name in (
                "beginning",
                "billed",
                "recognized",
                "adjustment",
                "ending",
                "deferred_revenue",
                "contract_asset",
                "receivable",
                "refund_liability",
                "rpo",
                "crpo",
            )
        )
    ),
    "marts.fct_ledger_tie": (
        "ledger_tie_id varchar, account_role varchar, is_reporting_period boolean, "
        "ledger_rpt decimal(18, 3), difference_rpt decimal(18, 3), "
        "ledger_balance_rpt decimal(18, 3)"
    ),
    "core.dim_revenue_rule": (
        "rule_code varchar, rule_kind varchar, meaning varchar, asc_606_paragraph varchar, "
        "ifrs_15_paragraph varchar"
    ),
    "marts.fct_revenue_explanations": (
        "revenue_explanation_id varchar, contract_id varchar, contract_line_id varchar, "
        "contract_line_version_id varchar, version_no integer, change_kind varchar, "
        "period_key varchar, period_no integer, period_name varchar, step_no integer, "
        "amount_rule_code varchar, recognition_rule_code varchar, changed_by_version_no integer, "
        "changed_by_record_id varchar, crm_record_id varchar, earned_from date, "
        "earned_through date, currency_code varchar, earned_of_txn decimal(18, 3), "
        "expected_txn decimal(18, 3)"
    ),
    "marts.fct_revenue_holds": (
        "revenue_hold_id varchar, contract_id varchar, contract_number varchar, "
        "customer_id varchar, contract_line_id varchar, hold_code varchar, witness varchar, "
        "record_id varchar, record_url varchar, field_name varchar, message varchar, fix varchar, "
        "currency_code varchar, booked_txn decimal(18, 3), booked_rpt decimal(18, 3)"
    ),
    "marts.fct_handoff_latency": (
        "contract_line_version_id varchar, days_to_order integer, days_to_arrangement integer, "
        "days_to_first_posting integer, days_from_close_to_posting integer"
    ),
    "marts.fct_reconciliation": (
        "reconciliation_id varchar, contract_line_id varchar, contract_id varchar, "
        "customer_id varchar, product_id varchar, period_key varchar, period_no integer, "
        "period_name varchar, is_reporting_period boolean, tie_out_status varchar, "
        "currency_code varchar, crm_record_id varchar, erp_record_id varchar, "
        "crm_rate decimal(28, 10), crm_rate_type varchar, crm_rated_on date, "
        "erp_rate decimal(28, 10), erp_rate_type varchar, erp_rated_on date, "
        "crm_url varchar, erp_url varchar, "
        "booked_movement_rpt decimal(18, 3), recognized_movement_rpt decimal(18, 3), "
        + ", ".join(
            f"{name}_{currency} decimal(18, 3)"
            for currency in ("txn", "rpt")
            for name in ("booked", "recognized", "difference", "explained", "break", "unexplained")
        )
    ),
    "marts.fct_reconciliation_reasons": (
        "reconciliation_reason_id varchar, reconciliation_id varchar, contract_line_id varchar, "
        "contract_id varchar, customer_id varchar, period_key varchar, period_no integer, "
        "period_name varchar, is_reporting_period boolean, reason_code varchar, "
        "reason_class varchar, chain_step_no integer, owner varchar, currency_code varchar, "
        "amount_txn decimal(18, 3), amount_rpt decimal(18, 3), "
        "amount_movement_txn decimal(18, 3), amount_movement_rpt decimal(18, 3), "
        "is_standing boolean, evidence_label varchar, "
        "crm_value varchar, erp_value varchar, crm_record_id varchar, erp_record_id varchar, "
        "crm_url varchar, erp_url varchar, expected_clear_period varchar, "
        "expected_clear_period_key varchar, cleared_in_period varchar, has_cleared boolean, "
        "is_overdue boolean"
    ),
    "marts.fct_arr_bridge": (
        "arr_bridge_id varchar, arr_customer_id varchar, period_key varchar, "
        "is_reporting_period boolean, bridge_step_no integer, bridge_reason varchar, "
        "reason_class varchar, is_endpoint boolean, contract_lines integer, "
        "amount_rpt decimal(18, 3)"
    ),
    "raw_tieout.loads": (
        "load_id varchar, run_id varchar, source varchar, object_name varchar, table_name varchar, "
        "started_at timestamptz, rows_quarantined bigint"
    ),
    "raw_tieout.quarantine": (
        "load_id varchar, source varchar, object_name varchar, record_id varchar, "
        "field_name varchar, reason varchar"
    ),
    "raw_salesforce.account": "id varchar, _dlt_load_id varchar",
    "intermediate.int_reporting_dates": "as_of_date date",
    **EXCEPTION_TABLES,
}
HOLD = """
    insert into marts.fct_revenue_holds values
        ('H1', 'K3', 'SO300', 'A2', 'L-9', 'no_dates', 'erp', '91', null, 'ends_on',
            'A line recognized as ratable has no ends_on.',
            'Give the first and the last day of service.', 'EUR', 0, 0)
"""
BRIDGE = """
    insert into marts.fct_arr_bridge values
        ('B1', 'A1', 'P2', true, 0, 'sales_arr', 'endpoint', true, 2, 1000),
        ('B2', 'A1', 'P2', true, 5, 'past_end_without_renewal', 'timing', false, 1, -250),
        ('B3', 'A1', 'P2', true, 9, 'account_hierarchy', 'policy', false, 1, -50),
        ('B4', 'A2', 'P2', true, 9, 'account_hierarchy', 'policy', false, 1, 50),
        ('B5', 'A2', 'P2', true, 11, 'missing_in_erp', 'break', false, 1, -150),
        ('B6', 'A1', 'P2', true, 17, 'finance_arr', 'endpoint', true, 1, 600),
        ('B7', 'A1', 'P1', false, 0, 'sales_arr', 'endpoint', true, 2, 77)
"""
REASONS = {
    "fx_rate": ("currency", 2, "Revenue Accounting"),
    "missing_in_erp": ("break", 3, "Integration"),
    "price_mismatch": ("break", 5, "Billing"),
    "not_yet_delivered": ("timing", 8, "Revenue Accounting"),
}
# line, contract, product, currency, then per period: booked, recognized and reasons, each as
# (txn, rpt), cumulative.
LINES: tuple[tuple[str, str, str, str, tuple[dict[str, tuple[str, str]], ...]], ...] = (
    (
        "L-1",
        "K1",
        "P1",
        "USD",
        (
            {
                "booked": ("1200", "1200"),
                "recognized": ("300", "300"),
                "not_yet_delivered": ("900", "900"),
            },
            {
                "booked": ("1200", "1200"),
                "recognized": ("400", "400"),
                "not_yet_delivered": ("800", "800"),
            },
        ),
    ),
    (
        "L-2",
        "K2",
        "P1",
        "EUR",
        (
            {
                "booked": ("1000", "1100"),
                "recognized": ("0", "0"),
                "fx_rate": ("0", "-50"),
                "price_mismatch": ("100", "115"),
                "not_yet_delivered": ("900", "1035"),
            },
            {
                "booked": ("1000", "1100"),
                "recognized": ("900", "1035.01"),
                "fx_rate": ("0", "-50"),
                "price_mismatch": ("100", "114.99"),
            },
        ),
    ),
    (
        "L-3",
        "K2",
        "P2",
        "EUR",
        (
            {"booked": ("500", "550"), "recognized": ("0", "0"), "missing_in_erp": ("500", "550")},
            {"booked": ("500", "550"), "recognized": ("0", "0"), "missing_in_erp": ("500", "550")},
        ),
    ),
)


def make_warehouse(data: Path) -> Paths:
    """Write the build file below a data folder."""
    paths = Paths(data)
    data.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(paths.warehouse) as connection:
        for table, columns in TABLES.items():
            connection.execute(f"create schema if not exists {table.partition('.')[0]}")
            connection.execute(f"create table {table} ({columns})")
        connection.execute("comment on table marts.fct_reconciliation is 'One line''s period.'")
        connection.execute("comment on column marts.fct_reconciliation.booked_rpt is 'Money.'")
        _fill_dimensions(connection)
        _fill_facts(connection)
        for table, rows in ROWS.items():
            for row in rows:
                _insert(connection, table, **row)
        _fill_balances(connection)
    return paths


def change_warehouse(paths: Paths, *statements: str) -> None:
    """Run SQL on the build file."""
    with duckdb.connect(paths.warehouse) as connection:
        for statement in statements:
            connection.execute(statement)


def pass_gates(paths: Paths) -> None:
    """Note that the build file, as it is, passed both gates."""
    record_gate(paths, Gate.BUILD, passed=True)
    record_gate(paths, Gate.CHECK, passed=True)


def _insert(connection: duckdb.DuckDBPyConnection, table: str, **row: Any) -> None:
    names = ", ".join(row)
    values = ", ".join(f"${name}" for name in row)
    connection.execute(f"insert into {table} ({names}) values ({values})", row)


def _fill_dimensions(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(f"""
        insert into core.dim_customer values
            ('A1', 'Acme Inc', null, '001A', '11'), ('A2', 'Bolt GmbH', null, '001B', '12');
        insert into core.dim_product values
            ('P1', 'Platform fee', 'PLAT'), ('P2', 'Implementation', 'IMPL');
        insert into core.dim_contract values
            ('K1', 'C-1', 'A1', 'USD', '{CONTRACT_ID_18}', 'SO100, SO101', '2025-08-01',
                '2026-07-31'),
            ('K2', 'C-2', 'A2', 'EUR', '800Bb0000067890QAA', 'SO200', '2025-01-01', '2025-12-31'),
            ('K3', 'SO300', 'A2', 'EUR', null, 'SO300', '2025-01-01', '2025-12-31');
        insert into core.dim_contract_line values
            ('V1', 'L-1', 'K1', 1, 'P1', 'initial', '2025-08-01', '2026-07-31'),
            ('V2', 'L-2', 'K2', 1, 'P1', 'initial', '2025-01-01', '2025-12-31'),
            ('V3', 'L-3', 'K2', 1, 'P2', 'initial', '2025-02-01', null);
        insert into core.fct_crosswalk_links by name
        select crm || '/' || erp as link_id, crm as crm_record_id, erp as erp_record_id,
            status as link_status, 'amount' as match_evidence
        from (values
            ('802L-1', '77', 'linked'), ('802L-2', '78', 'linked'), ('802L-3', '99', 'suggested')
        ) as links (crm, erp, status);
        insert into core.fct_crosswalk_coverage values
            ('C1', 'crm', 'linked', 1, 1, 1200), ('C2', 'crm', 'linked', 3, 1, 1100),
            ('C3', 'crm', 'unlinked', null, 1, 550), ('C4', 'erp', 'linked', 1, 1, 1200),
            ('C5', 'erp', 'linked', 3, 1, 1035), ('C6', 'erp', 'duplicate', null, 1, 1035);
        insert into marts.fct_bookings values ('V1', 1200, 1200), ('V2', 1100, 1100);
        insert into marts.fct_recognized_revenue values ('R1', 400, 400), ('R2', 1035.01, 1035.01);
        insert into marts.fct_billings values ('B1', 600), ('B2', 1035.01);
        insert into marts.fct_ledger_tie values
            ('T1', 'deferred_revenue', true, 0, 0, 206), ('T2', 'contract_asset', true, 0, 0, 0);
        insert into core.dim_revenue_rule values
            ('stated_price', 'amount', 'Its own price', 'ASC 606-10-32-2', 'IFRS 15.47'),
            ('ratable_daily', 'recognition', 'By days', 'ASC 606-10-25-31', 'IFRS 15.39'),
            ('on_the_day', 'recognition', 'At once', 'ASC 606-10-32-43', 'IFRS 15.88'),
            ('prospective', 'amount', 'From its day on', 'ASC 606-10-25-13(a)', 'IFRS 15.21(a)');
        insert into marts.fct_revenue_explanations values
            ('X1', 'K1', 'L-1', 'V1', 1, 'initial', '2', 2, 'Dec 2025', 0, 'stated_price',
                'ratable_daily', null, null, '802L-1', '2025-08-01', '2026-07-31', 'USD', 1200,
                101.92),
            ('X2', 'K1', 'L-1', 'V1', 1, 'initial', '2', 2, 'Dec 2025', 1, 'prospective',
                'on_the_day', 2, '802L-9', '802L-1', '2025-12-05', '2025-12-05', 'USD', null,
                -1.92);
        insert into marts.fct_handoff_latency values
            ('V1', 3, 0, 20, 23), ('V2', 1, 1, 30, 32), ('V3', null, null, null, null);
        insert into raw_tieout.loads values
            ('1.1', 'first', 'salesforce', 'Account', 'raw_salesforce.account', '2026-01-01', 0);
        insert into raw_salesforce.account values ('001A', '1.1'), ('001B', '1.1');
        insert into intermediate.int_reporting_dates values ('2025-12-31');
    """)
    for number, name, start, end in PERIODS:
        _insert(
            connection,
            "core.dim_accounting_period",
            period_key=str(number),
            period_no=number,
            period_name=name,
            period_status="open",
            is_reporting_period=number == 2,
            has_ended=True,
            starts_on=start,
            ends_on=end,
        )
    for code, (reason_class, step, owner) in REASONS.items():
        _insert(
            connection,
            "core.dim_reason",
            reason_code=code,
            reason_class=reason_class,
            chain_step_no=step,
            chain_step="step",
            owner=owner,
            what_to_do=f"Mend {code}",
            zero_sum_scope="none",
            meaning=f"Meaning of {code}",
        )


def _fill_facts(connection: duckdb.DuckDBPyConnection) -> None:
    for line, contract, product, currency, periods in LINES:
        for (number, name, _, _), amounts in zip(PERIODS, periods, strict=True):
            reasons = {code: amounts[code] for code in REASONS if code in amounts}
            shared = {
                "reconciliation_id": f"{line}/{number}",
                "contract_line_id": line,
                "contract_id": contract,
                "customer_id": contract.replace("K", "A"),
                "period_key": str(number),
                "period_no": number,
                "period_name": name,
                "is_reporting_period": number == 2,
                "currency_code": currency,
            }
            _insert(
                connection,
                "marts.fct_reconciliation",
                **shared,
                product_id=product,
                tie_out_status="break" if contract == "K2" else "explained",
                crm_record_id=f"802{line}",
                erp_record_id=None if line == "L-3" else "77",
                crm_rate=Decimal("1.1"),
                crm_rate_type="dated",
                crm_rated_on="2025-01-01",
                erp_rate=None if line == "L-3" else Decimal("1.15"),
                erp_rate_type=None if line == "L-3" else "order",
                erp_rated_on=None if line == "L-3" else "2025-01-04",
                crm_url=f"https://crm.example/802{line}",
                erp_url=None if line == "L-3" else "https://erp.example/salesord.nl?id=7",
                **_amounts(amounts, reasons),
            )
            for code, (txn, rpt) in reasons.items():
                reason_class, step, owner = REASONS[code]
                is_price = code == "price_mismatch"
                _insert(
                    connection,
                    "marts.fct_reconciliation_reasons",
                    **shared,
                    reconciliation_reason_id=f"{line}/{number}/{code}",
                    reason_code=code,
                    reason_class=reason_class,
                    chain_step_no=step,
                    owner=owner,
                    amount_txn=Decimal(txn),
                    amount_rpt=Decimal(rpt),
                    is_standing=bool(Decimal(txn) or Decimal(rpt)),
                    evidence_label="amount" if is_price else None,
                    crm_value="1000.00" if is_price else None,
                    erp_value="900.00" if is_price else None,
                    crm_record_id=f"802{line}",
                    erp_record_id="77",
                    crm_url=f"https://crm.example/802{line}",
                    erp_url=None,
                    expected_clear_period="Jul 2026" if reason_class == "timing" else None,
                )


def _fill_balances(connection: duckdb.DuckDBPyConnection) -> None:
    """C-1: 600.00 billed, 300.00 and then 100.00 recognized; C-2: billed as recognized."""
    for number, name, _, _ in PERIODS:
        first, last = number == 1, number == 2
        for contract, beginning, billed, recognized, ending, rpo in (
            ("K1", 0 if first else 300, 600 if first else 0, 300 if first else 100,
             300 if first else 200, 900 if first else 800),
            ("K2", 0, 0 if first else 900, 0 if first else 900, 0, 900 if first else 0),
        ):  # fmt: skip
            amounts = {
                "beginning": beginning, "billed": billed, "recognized": recognized,
                "adjustment": 0, "ending": ending, "deferred_revenue": ending,
                "contract_asset": 0, "receivable": 0, "refund_liability": 0, "rpo": rpo,
                "crpo": rpo,
            }  # fmt: skip
            _insert(
                connection,
                "marts.fct_contract_balances",
                contract_balance_id=f"{contract}/{number}",
                contract_id=contract,
                period_no=number,
                period_name=name,
                is_reporting_period=last,
                position_kind="liability" if ending else "none",
                fx_rpt=0,
                **{f"{key}_{ccy}": value for key, value in amounts.items()
                   for ccy in ("txn", "rpt")},
            )  # fmt: skip


def _amounts(
    amounts: dict[str, tuple[str, str]], reasons: dict[str, tuple[str, str]]
) -> dict[str, Decimal]:
    found = {}
    for position, currency in enumerate(("txn", "rpt")):
        booked, recognized = (Decimal(amounts[n][position]) for n in ("booked", "recognized"))
        broken = sum(
            (Decimal(v[position]) for c, v in reasons.items() if REASONS[c][0] == "break"),
            Decimal(0),
        )
        found |= {
            f"booked_{currency}": booked,
            f"recognized_{currency}": recognized,
            f"difference_{currency}": booked - recognized,
            f"explained_{currency}": booked - recognized - broken,
            f"break_{currency}": broken,
            f"unexplained_{currency}": Decimal(0),
        }
    return found
