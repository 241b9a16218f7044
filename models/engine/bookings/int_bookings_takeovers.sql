-- Grain: one row per ARR line, with the contract that takes it over and the last day it counts.
-- A renewal takes over the product it holds; so does, linked or not, the first contract of the same
-- customer that starts with the product in the days of grace. What nothing takes over counts until
-- grace is over; what a renewal drops counts until the renewal starts.
with

arr_lines as (

    select
        *,
        {{ add_days('ends_on', 'cast(' ~ var('arr_grace_days') ~ ' as integer)') }} as grace_ends_on
    from {{ ref('int_bookings_arr_lines') }}

),

contract_renewals as (

    -- A renewal begins with its first product.
    select
        renewed_contract_id,
        min(known_on) as signed_on,
        min(effective_on) as effective_on
    from arr_lines
    where renewed_contract_id is not null
    group by renewed_contract_id

),

takeovers as (

    select
        arr_lines.arr_line_id,
        successors.contract_id as takeover_contract_id,
        successors.known_on as signed_on,
        successors.effective_on
    from arr_lines
    inner join arr_lines as successors
        on
        arr_lines.arr_customer_id = successors.arr_customer_id
        and arr_lines.product_id = successors.product_id
        and arr_lines.currency_code = successors.currency_code
        and arr_lines.contract_id != successors.contract_id
        and {{ days_between('arr_lines.grace_ends_on', 'successors.effective_on') }} <= 1
        and (
            arr_lines.contract_id = successors.renewed_contract_id
            or arr_lines.ends_on < successors.effective_on
        )
    qualify row_number() over (
            partition by arr_lines.arr_line_id
            order by
                case when arr_lines.contract_id = successors.renewed_contract_id then 1 else 2 end,
                successors.effective_on,
                successors.known_on,
                successors.arr_line_id
        ) = 1

),

final as (

    select
        arr_lines.arr_line_id,
        takeovers.takeover_contract_id,
        case
            when takeovers.arr_line_id is not null then 'renewed'
            when contract_renewals.renewed_contract_id is not null then 'dropped_at_renewal'
            else 'expired'
        end as ending,
        case
            when takeovers.arr_line_id is not null
                then {{ add_days('takeovers.effective_on', '-1') }}
            when contract_renewals.renewed_contract_id is not null
                then
                    greatest(
                        arr_lines.ends_on, {{ add_days('contract_renewals.effective_on', '-1') }}
                    )
            else arr_lines.grace_ends_on
        end as live_through,
        -- Committed is what is signed: the renewal stands for the line from its signature on.
        least(
            coalesce(
                {{ add_days('takeovers.signed_on', '-1') }},
                {{ add_days('contract_renewals.signed_on', '-1') }},
                arr_lines.grace_ends_on
            ),
            arr_lines.grace_ends_on
        ) as committed_through
    from arr_lines
    left join takeovers
        on arr_lines.arr_line_id = takeovers.arr_line_id
    left join contract_renewals
        on
        arr_lines.contract_id = contract_renewals.renewed_contract_id
        and {{ days_between('arr_lines.grace_ends_on', 'contract_renewals.effective_on') }} <= 1

)

select * from final
