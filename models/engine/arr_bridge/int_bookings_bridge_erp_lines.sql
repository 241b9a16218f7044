-- Grain: one row per contract line of the ERP, with the last day it counts by the ERP's records
-- alone: until the customer goes on with the product in another contract (or the next step of the
-- ramp) in the days of grace, else until grace is over.
with

versions as (

    select * from {{ ref('int_bookings_bridge_terms') }}
    where witness = 'erp' and is_committed

),

grouped as (

    select
        contract_line_id,
        max(contract_id) as contract_id,
        min_by(arr_customer_id, (known_on, record_id)) as arr_customer_id,
        max(product_id) as product_id,
        max(currency_code) as currency_code,
        max(ramp_group) as ramp_group,
        bool_or(is_duplicate) as is_duplicate,
        min(known_on) as known_on,
        min(effective_on) as effective_on,
        max(ends_on) as ends_on,
        sum(amount_minor) as amount_minor
    from versions
    group by contract_line_id

),

lines as (

    select
        *,
        {{ add_days('ends_on', 'cast(' ~ var('arr_grace_days') ~ ' as integer)') }} as grace_ends_on
    from grouped

),

successors as (

    select
        lines.contract_line_id,
        min(successors.effective_on) as continued_on
    from lines
    inner join lines as successors
        on
        lines.arr_customer_id = successors.arr_customer_id
        and lines.product_id = successors.product_id
        and lines.currency_code = successors.currency_code
        and lines.ends_on < successors.effective_on
        and {{ days_between('lines.grace_ends_on', 'successors.effective_on') }} <= 1
        and successors.amount_minor >= 0
        and (
            lines.contract_id != successors.contract_id
            or lines.ramp_group = successors.ramp_group
        )
    group by lines.contract_line_id

),

final as (

    select
        lines.*,
        coalesce({{ add_days('successors.continued_on', '-1') }}, lines.grace_ends_on)
            as live_through
    from lines
    left join successors
        on lines.contract_line_id = successors.contract_line_id

)

select * from final
