-- Grain: one row per contract line x pricing of it, in contracts whose amendments leave amounts
-- to be derived or whose value is asked by period: the line's own price (pricing_no 0), then
-- each amendment that prices or ends a window of it, in order.
with

amendment_rows as (

    select * from {{ ref('int_revenue_amendment_rows') }}
    where window_effect != 'none'

),

valued_contracts as (

    select contract_key
    from amendment_rows
    where amount_minor is null
    union
    select contract_key
    from {{ ref('int_revenue_bands') }}

),

line_terms as (

    select line_terms.*
    from {{ ref('int_revenue_line_terms') }} as line_terms
    inner join valued_contracts
        on line_terms.contract_key = valued_contracts.contract_key
    where
        line_terms.pattern = 'ratable'
        and not line_terms.is_unenforceable

),

amendment_windows as (

    select
        amendment_rows.*,
        cast(
            row_number() over (
                partition by amendment_rows.line_key order by amendment_rows.timeline_no
            ) as integer
        ) as pricing_no
    from amendment_rows
    inner join line_terms
        on amendment_rows.line_key = line_terms.line_key

),

measured as (

    {{ with_pricing_periods('amendment_windows') }}

)

select
    contract_key,
    line_key,
    0 as pricing_no,
    0 as timeline_no,
    'replace' as window_effect,
    price_minor as value_minor,
    starts_on,
    ends_on,
    ends_on as cleared_until,
    proration,
    day_boundary
from line_terms

union all

select
    contract_key,
    line_key,
    pricing_no,
    timeline_no,
    window_effect,
    case window_effect
        when 'end' then 0
        when 'add' then coalesce(amount_minor, 0)
        else {{ recurring_price_minor(
            'sold_quantity + quantity_moved_before + coalesce(quantity_delta, 0)'
        ) }}
    end as value_minor,
    window_starts_on as starts_on,
    window_ends_on as ends_on,
    -- A change that moves the end prices all that there was of its window.
    case event_type
        when 'amendment_change' then greatest(window_ends_on, ended_before_on) else window_ends_on
    end as cleared_until,
    proration,
    day_boundary
from measured
