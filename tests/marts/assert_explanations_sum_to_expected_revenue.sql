-- Fails where the explained parts of a line and period do not sum to its expected revenue: what no
-- rule explains is not expected.
with

explained as (

    select
        contract_line_id,
        period_no,
        sum(expected_txn) as explained_txn
    from {{ ref('fct_revenue_explanations') }}
    group by contract_line_id, period_no

),

expected as (

    select
        contract_line_id,
        period_no,
        expected_txn
    from {{ ref('fct_recognized_revenue') }}

)

select
    coalesce(expected.contract_line_id, explained.contract_line_id) as contract_line_id,
    coalesce(expected.period_no, explained.period_no) as period_no,
    expected.expected_txn,
    explained.explained_txn
from expected
full outer join explained
    on
    expected.contract_line_id = explained.contract_line_id
    and expected.period_no = explained.period_no
where (coalesce(expected.expected_txn, 0) = coalesce(explained.explained_txn, 0)) is not true
