-- Grain: one row per period of the ERP that takes postings, with the accounting period it counts
-- to: an adjustment period to the last period it covers.
with

accounting_periods as (

    select * from {{ ref('int_accounting_periods') }}

),

adjustment_periods as (

    select * from {{ ref('stg_netsuite__accounting_periods') }}
    where is_adjustment and not coalesce(is_quarter, false) and not coalesce(is_year, false)

),

final as (

    select
        accounting_period_id as posting_period_id,
        period_no
    from accounting_periods

    union all

    select
        adjustment_periods.accounting_period_id as posting_period_id,
        accounting_periods.period_no
    from adjustment_periods
    inner join accounting_periods
        on
        adjustment_periods.ends_on >= accounting_periods.starts_on
        and adjustment_periods.ends_on <= accounting_periods.ends_on

)

select * from final
