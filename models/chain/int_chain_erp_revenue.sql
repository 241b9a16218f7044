-- Grain: one row per contract line x accounting period with something planned or posted.
-- prior_period: posted in this period for an earlier one. posted includes manual journals.
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

mapped as (

    select
        contract_lines.contract_line_id,
        movements.*,
        0 as manual_minor,
        0 as manual_fn_minor
    from movements
    inner join contract_lines
        on movements.record_id = contract_lines.record_id

),

with_manual_journals as (

    select * exclude (record_id) from mapped

    union all

    select
        contract_line_id,
        period_no,
        0 as planned_minor,
        amount_minor as posted_minor,
        0 as prior_period_minor,
        amount_fn_minor as posted_fn_minor,
        amount_minor as manual_minor,
        amount_fn_minor as manual_fn_minor
    from {{ ref('int_chain_manual_journals') }}
    where contract_line_id is not null

),

summed as (

    select
        contract_line_id,
        period_no,
        cast(sum(planned_minor) as bigint) as planned_minor,
        cast(sum(posted_minor) as bigint) as posted_minor,
        cast(sum(prior_period_minor) as bigint) as prior_period_minor,
        cast(sum(posted_fn_minor) as bigint) as posted_fn_minor,
        cast(sum(manual_minor) as bigint) as manual_minor,
        cast(sum(manual_fn_minor) as bigint) as manual_fn_minor
    from with_manual_journals
    group by contract_line_id, period_no

)

select * from summed
