-- Grain: one row per event of a contract: a later version joins, a cancellation ends the line, a
-- thing to deliver is delivered on its first day, a line sold by use is used or lapses, a rebate is
-- expected or settled, a credit memo lowers the price. On one day lines join before they end, end
-- before anything is delivered, and are used before they lapse.
with

views as (

    select * from {{ ref('int_revenue_views') }}

),

currencies as (

    select * from {{ ref('dim_currency') }}

),

happened as (

    select
        contract_key,
        line_key,
        line_no,
        currency_code,
        'amendment_add' as event_type,
        1 as turn,
        joins_on as occurred_on,
        line_key as modification_id,
        cast(null as bigint) as amount_minor,
        cast(null as date) as ends_on,
        cast(null as varchar) as use_id,
        cast(null as decimal(28, 10)) as quantity
    from views
    where is_added

    union all

    select
        contract_key,
        null as line_key,
        line_no,
        currency_code,
        'termination' as event_type,
        2 as turn,
        cancelled_on as occurred_on,
        line_key as modification_id,
        0 as amount_minor,
        {{ add_days('cancelled_on', '-1') }} as ends_on,
        null as use_id,
        null as quantity
    from views
    where cancelled_on is not null

    union all

    select
        contract_key,
        line_key,
        line_no,
        currency_code,
        'delivery' as event_type,
        3 as turn,
        starts_on as occurred_on,
        null as modification_id,
        null as amount_minor,
        null as ends_on,
        null as use_id,
        null as quantity
    from views
    where recognition_pattern = 'point_in_time' and cancelled_on is null

    union all

    select
        contract_key,
        line_key,
        line_no,
        currency_code,
        event_type,
        case event_type when 'expiry' then 5 else 4 end as turn,
        occurred_on,
        null as modification_id,
        null as amount_minor,
        null as ends_on,
        use_id,
        quantity
    from {{ ref('int_revenue_uses') }}

    union all

    select
        contract_key,
        line_key,
        line_no,
        currency_code,
        event_type,
        6 as turn,
        effective_on as occurred_on,
        null as modification_id,
        event_amount_minor as amount_minor,
        null as ends_on,
        variable_term_id as use_id,
        null as quantity
    from {{ ref('int_revenue_variable_terms') }}
    where event_type is not null

),

final as (

    select
        happened.contract_key,
        cast(
            row_number() over (
                partition by happened.contract_key
                order by
                    happened.occurred_on, happened.turn, happened.line_no, happened.use_id
            ) as integer
        ) as event_no,
        happened.event_type,
        happened.occurred_on,
        happened.line_key,
        cast(null as varchar) as to_line_key,
        happened.modification_id,
        case happened.event_type when 'refund_estimate' then happened.line_key end as component_id,
        happened.quantity,
        cast(happened.amount_minor * currencies.minor_unit_value as decimal(28, 10)) as amount,
        cast(null as decimal(28, 10)) as unit_price,
        cast(null as decimal(28, 10)) as ssp,
        cast(null as date) as starts_on,
        happened.ends_on,
        cast(null as date) as due_on,
        cast(null as decimal(28, 10)) as constrained_to
    from happened
    inner join currencies
        on happened.currency_code = currencies.currency_code

)

select * from final
