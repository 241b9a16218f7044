-- Grain: one row per contract at historical rates x stretch of minor units, counted from the first
-- one recognized or billed, that share one rate. A unit billed or paid before it is earned is a
-- layer of the contract liability at that day's rate, used up first in, first out; one earned
-- first takes the rate of the day it is earned (830-20; IFRIC 22).
with

daily_rates as (

    select * from {{ ref('int_revenue_daily_rates') }}
    where fx = 'historical'

),

rights as (

    select *
    from {{ ref('int_revenue_rights') }}
    where contract_key in (select daily_rates.contract_key from daily_rates)

),

reached as (

    select
        contract_key,
        balance_on,
        max(unconditional_minor) over so_far as billed_through,
        max(revenue_minor) over so_far as earned_through
    from rights
    window
        so_far as (
            partition by contract_key
            order by balance_on
            rows between unbounded preceding and current row
        )

),

layers as (

    select
        contract_key,
        balance_on,
        'billed' as layer_kind,
        greatest(coalesce(lag(billed_through) over contract_days, 0), 0) as from_unit,
        billed_through as to_unit
    from reached
    window contract_days as (partition by contract_key order by balance_on)

    union all

    select
        contract_key,
        balance_on,
        'earned' as layer_kind,
        greatest(coalesce(lag(earned_through) over contract_days, 0), 0) as from_unit,
        earned_through as to_unit
    from reached
    window contract_days as (partition by contract_key order by balance_on)

),

cuts as (

    select
        contract_key,
        from_unit as cut_unit
    from layers
    where to_unit > from_unit
    union
    select
        contract_key,
        to_unit as cut_unit
    from layers
    where to_unit > from_unit

),

stretches as (

    select
        contract_key,
        cut_unit as from_unit,
        lead(cut_unit) over (partition by contract_key order by cut_unit) as to_unit
    from cuts

),

dated as (

    select
        stretches.contract_key,
        stretches.from_unit,
        stretches.to_unit,
        min(layers.balance_on) as rated_on
    from stretches
    inner join layers
        on
        stretches.contract_key = layers.contract_key
        and stretches.from_unit >= layers.from_unit
        and stretches.to_unit <= layers.to_unit
    where stretches.to_unit is not null
    group by stretches.contract_key, stretches.from_unit, stretches.to_unit

),

final as (

    select
        dated.*,
        daily_rates.rate_units
    from dated
    inner join daily_rates
        on
        dated.contract_key = daily_rates.contract_key
        and dated.rated_on >= daily_rates.starts_on
        and dated.rated_on < daily_rates.ends_before

)

select * from final
