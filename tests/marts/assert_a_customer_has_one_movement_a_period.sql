-- Fails where a customer's movements of a period, renewals apart, have more than one label, the
-- label contradicts what the whole ARR of the customer did, or a renewal does not net to zero.
-- In reporting currency a renewal may keep a minor unit of rounding for each of its lines.
with

balances as (

    select
        arr_customer_id,
        period_no,
        sum(arr_begin_rpt) as arr_begin,
        sum(arr_end_rpt) as arr_end
    from {{ ref('fct_arr_monthly') }}
    group by arr_customer_id, period_no

),

labels as (

    select
        arr_customer_id,
        period_no,
        count(distinct movement) as label_count,
        max(movement) as movement
    from {{ ref('fct_arr_movements') }}
    where movement != 'renewal'
    group by arr_customer_id, period_no

),

renewals as (

    select
        arr_customer_id,
        product_id,
        currency_code,
        period_no,
        sum(arr_movement_txn) as renewed_txn
    from {{ ref('fct_arr_movements') }}
    where movement = 'renewal'
    group by arr_customer_id, product_id, currency_code, period_no

)

select
    labels.arr_customer_id,
    labels.period_no,
    labels.movement
from labels
inner join balances
    on
    labels.arr_customer_id = balances.arr_customer_id
    and labels.period_no = balances.period_no
where
    (
        labels.label_count = 1
        and case labels.movement
            when 'churn' then balances.arr_begin > 0 and balances.arr_end = 0
            when 'contraction' then balances.arr_end < balances.arr_begin
            when 'expansion' then balances.arr_end >= balances.arr_begin
            else balances.arr_begin = 0 and balances.arr_end > 0
        end
    ) is not true

union all

select
    arr_customer_id,
    period_no,
    'renewal' as movement
from renewals
where (renewed_txn = 0) is not true
