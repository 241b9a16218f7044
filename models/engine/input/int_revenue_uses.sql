-- Grain: one row per view x use of a line that is earned by use, and one per lapse of what was paid
-- up front and not used. A lapse is given once its day is over: none is foreseen.
with

views as (

    select * from {{ ref('int_revenue_views') }}
    where recognition_pattern in ('usage', 'drawdown') and change_kind = 'initial'

),

usage as (

    select * from {{ ref('fct_usage') }}

),

reported as (

    select max(ends_on) as reported_on
    from {{ ref('dim_accounting_period') }}
    where has_ended

),

used as (

    select
        views.contract_key,
        views.line_key,
        views.line_no,
        views.currency_code,
        case views.recognition_pattern when 'drawdown' then 'redemption' else 'usage' end
            as event_type,
        usage.used_on as occurred_on,
        usage.usage_id as use_id,
        usage.quantity
    from views
    inner join usage
        on
        views.contract_line_version_id = usage.contract_line_version_id
        and (views.view_name = 'contract' or views.record_id = usage.erp_record_id)

),

lapsed as (

    select
        views.contract_key,
        views.line_key,
        views.line_no,
        views.currency_code,
        'expiry' as event_type,
        views.ends_on as occurred_on,
        cast(null as varchar) as use_id,
        cast(null as decimal(28, 10)) as quantity
    from views
    cross join reported
    where views.recognition_pattern = 'drawdown' and views.ends_on <= reported.reported_on

)

select * from used

union all

select * from lapsed
