-- Grain: one row per planned revenue row of an ACTUAL plan in the primary book.
-- FORECAST twins are left out: with them revenue doubles. planned_period_no is the schedule,
-- posting_period_no where the journal landed; they differ when a posting was late.
with

planned_revenue as (

    select * from {{ ref('stg_netsuite__planned_revenue') }}
    where not is_deleted

),

revenue_plans as (

    select * from {{ ref('stg_netsuite__revenue_plans') }}
    where plan_type = 'ACTUAL' and not is_deleted

),

revenue_elements as (

    select * from {{ ref('int_erp_revenue_elements') }}

),

element_lines as (

    select * from {{ ref('int_erp_element_lines') }}

),

accounting_periods as (

    select * from {{ ref('int_accounting_periods') }}

),

currencies as (

    select * from {{ ref('currencies') }}

),

joined as (

    select
        planned_revenue.planned_revenue_id,
        planned_revenue.revenue_plan_id,
        revenue_elements.revenue_element_id,
        element_lines.record_id,
        planned_revenue.journal_id,
        planned_revenue.recognition_account_id,
        planned_revenue.deferral_account_id,
        planned.period_no as planned_period_no,
        case when planned_revenue.is_recognized then posted.period_no end as posting_period_no,
        revenue_elements.entered_on,
        revenue_plans.starts_on as plan_starts_on,
        revenue_plans.ends_on as plan_ends_on,
        coalesce(revenue_plans.is_on_hold, false) as is_on_hold,
        catch_up.period_no as catch_up_period_no,
        {{ minor_units('planned_revenue.amount', 'currencies.minor_units_per_major') }}
            as amount_minor,
        cast(round(planned_revenue.exchange_rate * 100000000, 0) as bigint)
        * reporting.minor_units_per_major as rate_numerator,
        cast(100000000 as bigint) * currencies.minor_units_per_major as rate_denominator
    from planned_revenue
    inner join revenue_plans
        on planned_revenue.revenue_plan_id = revenue_plans.revenue_plan_id
    inner join revenue_elements
        on revenue_plans.revenue_element_id = revenue_elements.revenue_element_id
    left join element_lines
        on revenue_elements.revenue_element_id = element_lines.revenue_element_id
    left join accounting_periods as planned
        on planned_revenue.planned_period_id = planned.accounting_period_id
    left join accounting_periods as posted
        on planned_revenue.posting_period_id = posted.accounting_period_id
    left join accounting_periods as catch_up
        on revenue_plans.catch_up_period_id = catch_up.accounting_period_id
    left join currencies
        on revenue_plans.currency_code = currencies.currency_code
    cross join currencies as reporting
    where reporting.currency_code = '{{ var("reporting_currency") }}'

),

converted as (

    -- Journals are posted in the subsidiary's base currency, each row rounded on its own.
    select
        *,
        {{ converted_minor_units('amount_minor', 'rate_numerator', 'rate_denominator') }}
            as amount_fn_minor
    from joined

)

select * from converted
