-- Fails where posted revenue differs from the general ledger by revenue account and period: a
-- manual journal or a journal without a plan shows up here. int_erp_ledger_ties reads the two.
select
    account_id,
    accounting_period_id,
    ledger_minor,
    posted_minor
from {{ ref('int_erp_ledger_ties') }}
where not is_tied
