-- Fails where what was reported of a frozen period and what moved since do not sum to what the
-- records say of it now, for bookings and for ARR.
with

stated as (

    select
        'bookings' as kind,
        period_key,
        tcv_rpt as frozen_rpt,
        0 as restated_rpt,
        0 as live_rpt
    from {{ ref('fct_bookings_frozen') }}

    union all

    select
        'bookings' as kind,
        period_key,
        0 as frozen_rpt,
        restated_tcv_rpt as restated_rpt,
        0 as live_rpt
    from {{ ref('fct_bookings_restated') }}

    union all

    select
        'bookings' as kind,
        period_key,
        0 as frozen_rpt,
        0 as restated_rpt,
        tcv_rpt as live_rpt
    from {{ ref('fct_bookings') }}

    union all

    select
        'arr' as kind,
        period_key,
        arr_end_rpt as frozen_rpt,
        0 as restated_rpt,
        0 as live_rpt
    from {{ ref('fct_arr_frozen') }}

    union all

    select
        'arr' as kind,
        period_key,
        0 as frozen_rpt,
        restated_arr_rpt as restated_rpt,
        0 as live_rpt
    from {{ ref('fct_arr_restated') }}

    union all

    select
        'arr' as kind,
        period_key,
        0 as frozen_rpt,
        0 as restated_rpt,
        arr_end_rpt as live_rpt
    from {{ ref('fct_arr_monthly') }}

),

frozen_through as (

    select
        'bookings' as kind,
        coalesce(max(period_no), 0) as last_period_no
    from {{ ref('fct_bookings_frozen') }}

    union all

    select
        'arr' as kind,
        coalesce(max(period_no), 0) as last_period_no
    from {{ ref('fct_arr_frozen') }}

)

select
    stated.kind,
    stated.period_key,
    sum(stated.frozen_rpt) as frozen_rpt,
    sum(stated.restated_rpt) as restated_rpt,
    sum(stated.live_rpt) as live_rpt
from stated
inner join {{ ref('dim_accounting_period') }} as accounting_periods
    on stated.period_key = accounting_periods.period_key
inner join frozen_through
    on
    stated.kind = frozen_through.kind
    and accounting_periods.period_no <= frozen_through.last_period_no
group by stated.kind, stated.period_key
having sum(stated.frozen_rpt) + sum(stated.restated_rpt) != sum(stated.live_rpt)
