-- Grain: one row per ARR line x accounting period in which a renewal takes ARR over: what leaves
-- the old line (negative) or enters the new one. Of a product a renewal carries on the lesser of
-- old and new; it nets to zero per renewing contract and product.
with

balances as (

    select * from {{ ref('int_bookings_arr_balances') }}

),

takeovers as (

    select * from {{ ref('int_bookings_takeovers') }}

),

leaving as (

    select
        balances.arr_line_id,
        balances.period_no,
        takeovers.takeover_contract_id as contract_id,
        balances.product_id,
        balances.currency_code,
        -1 as direction,
        balances.begin_minor as amount_minor
    from balances
    inner join takeovers
        on balances.arr_line_id = takeovers.arr_line_id
    where
        takeovers.takeover_contract_id is not null
        and balances.begin_minor > 0
        and balances.end_minor = 0

),

entering as (

    select
        arr_line_id,
        period_no,
        contract_id,
        product_id,
        currency_code,
        1 as direction,
        end_minor as amount_minor
    from balances
    where begin_minor = 0 and end_minor > 0

),

both_sides as (

    select * from leaving

    union all

    select * from entering

),

summed as (

    select
        *,
        sum(amount_minor) over (
            partition by contract_id, product_id, currency_code, period_no, direction
            order by arr_line_id
        ) as amount_through_minor,
        coalesce(sum(case when direction < 0 then amount_minor end) over renewal, 0)
            as leaving_minor,
        coalesce(sum(case when direction > 0 then amount_minor end) over renewal, 0)
            as entering_minor
    from both_sides
    window renewal as (partition by contract_id, product_id, currency_code, period_no)

),

final as (

    -- Of several lines the first are carried on first.
    select
        arr_line_id,
        period_no,
        cast(
            direction * (
                least(amount_through_minor, leaving_minor, entering_minor)
                - least(amount_through_minor - amount_minor, leaving_minor, entering_minor)
            ) as bigint
        ) as renewed_minor
    from summed
    where leaving_minor > 0 and entering_minor > 0

)

select * from final
