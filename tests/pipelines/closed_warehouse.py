"""The build file made by hand, with what closing a period asks of it.

December has one open break on contract C-2 and is open in the ERP; November cannot be closed.
"""

from pathlib import Path

from small_warehouse import change_warehouse, make_warehouse, pass_gates

from pipelines.config import Paths
from pipelines.publish import publish

ORIGIN = "somewhere"
HISTORIES = """
    create table core.fct_contract_line_history (
        contract_line_history_id varchar, contract_line_witness_id varchar, witness varchar,
        contract_id varchar, product_id varchar, record_id varchar, change_kind varchar,
        currency_code varchar, recognition_pattern varchar, quantity decimal(18, 4),
        amount_txn decimal(18, 3), allocated_txn decimal(18, 3), amount_rpt decimal(18, 3),
        signed_on date, starts_on date, ends_on date, known_from timestamp, known_to timestamp
    );
    insert into core.fct_contract_line_history values
        ('h1', 'crm 802L-1', 'crm', 'K1', 'P1', '802L-1', 'initial', 'USD', 'ratable', 12, 1200,
            1200, 1200, '2025-07-20', '2025-08-01', '2026-07-31', '2025-12-31 21:00', null),
        ('h2', 'erp 77', 'erp', 'K1', 'P1', '77', 'initial', 'USD', 'ratable', 12, 1200, 1200,
            1200, '2025-07-21', '2025-08-01', '2026-07-31', '2025-12-31 21:00', null);
    create table core.fct_planned_revenue_history (
        planned_revenue_history_id varchar, planned_revenue_id varchar, contract_id varchar,
        planned_period_key varchar, posting_period_key varchar, currency_code varchar,
        amount_txn decimal(18, 3), known_from timestamp, known_to timestamp
    );
    insert into core.fct_planned_revenue_history values
        ('p1', '501', 'K1', '1', '1', 'USD', 100, '2025-12-31 21:00', null),
        ('p2', '502', 'K1', '2', null, 'USD', 100, '2025-12-31 21:00', null);
    create table core.fct_usage (
        usage_id varchar, contract_line_version_id varchar, used_on date, quantity decimal(28, 10)
    );
    create table core.dim_source (source_name varchar, source_clock_at timestamp);
    insert into core.dim_source values ('netsuite', '2025-12-31 21:00');
    alter table marts.fct_recognized_revenue add column period_key varchar default '2';
"""
READINESS = """
    create table marts.fct_close_readiness (
        period_key varchar, period_no integer, period_name varchar, gate_no integer,
        gate_code varchar, gate_title varchar, owner varchar, can_be_overridden boolean,
        what_to_do varchar, is_passed boolean, record_id varchar, contract_number varchar,
        amount_rpt decimal(18, 3), message varchar
    );
    insert into marts.fct_close_readiness values
        ('2', 2, 'Dec 2025', 1, 'run_published', 'The last run was published',
            'Revenue Accounting', false, 'Run it again', true, null, null, null, null),
        ('2', 2, 'Dec 2025', 2, 'records_loaded', 'No record is set aside', 'Integration', true,
            'Correct the record', true, null, null, null, null),
        ('2', 2, 'Dec 2025', 5, 'erp_period', 'The ERP has closed the period',
            'Revenue Accounting', true, 'Close it there', false, '2', null, null,
            'Dec 2025 is open in the ERP.'),
        ('2', 2, 'Dec 2025', 10, 'breaks_explained', 'No material break is open',
            'Revenue Accounting', true, 'Mend the record', false, '802L-3', 'C-2', 550,
            'missing_in_erp (Integration).'),
        ('2', 2, 'Dec 2025', 10, 'breaks_explained', 'No material break is open',
            'Revenue Accounting', true, 'Mend the record', false, '802L-2', 'C-2', -114.99,
            'price_mismatch (Billing).');
"""
#: Every blocker is out of the way.
READY = """
    delete from marts.fct_close_readiness where not is_passed and record_id != '2';
    update marts.fct_close_readiness
    set is_passed = true, record_id = null, message = null
    where not is_passed
"""


def make_closable(data: Path) -> Paths:
    """Write the build file and publish it as run-1."""
    paths = make_warehouse(data)
    change_warehouse(paths, HISTORIES, READINESS)
    publish_again(paths, "run-1")
    return paths


def publish_again(paths: Paths, run_id: str, *statements: str) -> None:
    """Change the build file and publish it."""
    change_warehouse(paths, *statements)
    pass_gates(paths)
    publish(paths, run_id, ORIGIN)
