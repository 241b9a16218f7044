-- Grain: one row per ARR line x accounting period, with all policies side by side and the published
-- ARR (vars arr_ramp_policy and arr_usage_policy) at the beginning and the end of the period.
with

arr_periods as (

    select * from {{ ref('int_bookings_arr_periods') }}

),

policies as (

    select * from {{ ref('int_bookings_arr_policies') }}

),

use_values as (

    select * from {{ ref('int_bookings_use_values') }}

),

arr_lines as (

    select * from {{ ref('int_bookings_arr_lines') }}

),

combined as (

    select
        policies.*,
        arr_periods.period_key,
        arr_periods.period_ends_on,
        arr_periods.has_ended,
        arr_periods.is_ramp,
        arr_periods.is_recurring,
        coalesce(case when arr_periods.is_live then use_values.usage_last_month_minor end, 0)
            as usage_last_month_minor,
        coalesce(case when arr_periods.is_live then use_values.usage_trailing_quarter_minor end, 0)
            as usage_trailing_quarter_minor,
        policies.usage_commit_minor
        + coalesce(case when arr_periods.is_live then use_values.usage_variable_minor end, 0)
            as usage_hybrid_minor,
        0 as usage_exclude_minor
    from policies
    inner join arr_periods
        on
        policies.arr_line_id = arr_periods.arr_line_id
        and policies.period_no = arr_periods.period_no
    left join use_values
        on
        policies.arr_line_id = use_values.arr_line_id
        and policies.period_no = use_values.period_no

),

published as (

    select
        *,
        arr_{{ var('arr_ramp_policy') }}_minor + usage_{{ var('arr_usage_policy') }}_minor
            as end_minor,
        -- Use is mix, whatever quantity its line names.
        case when is_recurring then units_{{ var('arr_ramp_policy') }} else 0 end as end_units
    from combined

),

final as (

    select
        published.*,
        arr_lines.contract_id,
        arr_lines.arr_customer_id,
        arr_lines.product_id,
        arr_lines.currency_code,
        coalesce(lag(published.end_minor) over line, 0) as begin_minor,
        coalesce(lag(published.end_units) over line, 0) as begin_units
    from published
    inner join arr_lines
        on published.arr_line_id = arr_lines.arr_line_id
    window line as (partition by published.arr_line_id order by published.period_no)

)

select * from final
