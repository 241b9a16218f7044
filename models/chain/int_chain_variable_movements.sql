-- Grain: one row per view x contract line version x accounting period in which a variable amount of
-- its price moves: what a month was short of its minimum, estimates, credit memos.
with

variable_terms as (

    select * from {{ ref('int_revenue_variable_terms') }}

),

views as (

    select * from {{ ref('int_revenue_views') }}

),

accounting_periods as (

    select * from {{ ref('dim_accounting_period') }}

),

minimums as (

    select
        contract_key,
        period_no,
        true_up_minor
    from {{ ref('int_revenue_minimum_true_ups') }}
    where true_up_minor != 0

),

movements as (

    select
        variable_terms.view_name,
        variable_terms.contract_line_version_id,
        accounting_periods.period_no,
        0 as minimum_minor,
        case variable_terms.term_kind
            when 'rebate_estimate' then variable_terms.amount_minor else 0
        end as estimated_minor,
        case variable_terms.term_kind when 'credit_memo' then variable_terms.amount_minor else 0 end
            as credited_minor
    from variable_terms
    inner join accounting_periods
        on
        variable_terms.effective_on >= accounting_periods.starts_on
        and variable_terms.effective_on <= accounting_periods.ends_on
    where variable_terms.term_kind in ('rebate_estimate', 'credit_memo')

    union all

    select
        views.view_name,
        views.contract_line_version_id,
        minimums.period_no,
        minimums.true_up_minor as minimum_minor,
        0 as estimated_minor,
        0 as credited_minor
    from minimums
    inner join views
        on minimums.contract_key = views.contract_key and views.line_no = 1

),

final as (

    select
        view_name,
        contract_line_version_id,
        period_no,
        cast(sum(minimum_minor) as bigint) as minimum_minor,
        cast(sum(estimated_minor) as bigint) as estimated_minor,
        cast(sum(credited_minor) as bigint) as credited_minor
    from movements
    group by view_name, contract_line_version_id, period_no

)

select * from final
