-- Grain: one row per ledger account of revenue, deferred revenue, contract assets or receivables.
select
    account_id,
    account_number,
    account_name,
    account_role
from {{ ref('int_erp_accounts') }}
where account_role is not null
