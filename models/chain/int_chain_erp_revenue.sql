-- Grain: one row per contract line x accounting period with something planned or posted.
-- prior_period: posted in this period for an earlier one. Minor units of the line's currency
-- (int_chain_line_currencies).
with

planned_revenue as (

    select * from {{ ref('int_erp_planned_revenue') }}

),

contract_lines as (

    select
        erp_lines.record_id,
        erp_lines.contract_line_id,
        {{ divide_integers(
            'line_currencies.minor_units_per_major', 'currencies.minor_units_per_major'
        ) }} as scale
    from {{ ref('fct_contract_lines') }} as erp_lines
    inner join {{ ref('int_chain_line_currencies') }} as line_currencies
        on erp_lines.contract_line_id = line_currencies.contract_line_id
    inner join {{ ref('dim_currency') }} as currencies
        on erp_lines.currency_code = currencies.currency_code
    where erp_lines.witness = 'erp'

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
        cast(sum(movements.planned_minor * contract_lines.scale) as bigint) as planned_minor,
        cast(sum(movements.posted_minor * contract_lines.scale) as bigint) as posted_minor,
        cast(sum(movements.prior_period_minor * contract_lines.scale) as bigint)
            as prior_period_minor,
        cast(sum(movements.posted_fn_minor) as bigint) as posted_fn_minor
    from movements
    inner join contract_lines
        on movements.record_id = contract_lines.record_id
    group by contract_lines.contract_line_id, movements.period_no

)

select * from summed
