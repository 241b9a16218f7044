-- Grain: one row per contract line x accounting period with something planned or posted.
-- prior_period: posted in this period for an earlier one.
with

planned_revenue as (

    select * from {{ ref('int_erp_planned_revenue') }}

),

contract_lines as (

    select
        record_id,
        contract_line_id
    from {{ ref('fct_contract_lines') }}
    where witness = 'erp'

),

movements as (

    select
        record_id,
        planned_period_no as period_no,
        amount_minor as planned_minor,
        0 as posted_minor,
        0 as prior_period_minor,
        0 as posted_fn_minor
    from planned_revenue

    union all

    select
        record_id,
        posting_period_no as period_no,
        0 as planned_minor,
        amount_minor as posted_minor,
        case when posting_period_no > planned_period_no then amount_minor else 0 end
            as prior_period_minor,
        amount_fn_minor as posted_fn_minor
    from planned_revenue
    where posting_period_no is not null

),

summed as (

    select
        contract_lines.contract_line_id,
        movements.period_no,
        cast(sum(movements.planned_minor) as bigint) as planned_minor,
        cast(sum(movements.posted_minor) as bigint) as posted_minor,
        cast(sum(movements.prior_period_minor) as bigint) as prior_period_minor,
        cast(sum(movements.posted_fn_minor) as bigint) as posted_fn_minor
    from movements
    inner join contract_lines
        on movements.record_id = contract_lines.record_id
    group by contract_lines.contract_line_id, movements.period_no

)

select * from summed
