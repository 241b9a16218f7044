-- Grain: one row per contract with a significant financing component x whole months, with what a
-- unit grows to in that time at the contract's rate (606-10-32-15 to 20), in 10^-15. A yearly rate
-- compounds by its twelfth root, found by Newton's method in integers; whole years are then right
-- to the last digits.
with recursive

contracts as (

    select
        contracts.contract_key,
        contracts.compounding,
        {{ scaled_integer('contracts.financing_rate', 10) }} * 100000 as rate_units
    from {{ ref('int_revenue_contracts') }} as contracts
    inner join {{ ref('int_revenue_policies') }} as policies
        on contracts.policy_id = policies.policy_id
    where
        policies.financing in ('present_value', 'accrete_advance')
        and contracts.financing_rate is not null

),

guesses as (

    -- Six steps are enough: each doubles the digits that are right.
    select
        contract_key,
        compounding,
        rate_units,
        0 as guess_no,
        cast(1000000000000000 + {{ divide_integers('rate_units', '12') }} as hugeint)
            as monthly_units
    from contracts

    union all

    select
        contract_key,
        compounding,
        rate_units,
        guess_no + 1 as guess_no,
        {{ newton_twelfth_root('monthly_units') }} as monthly_units
    from guesses
    where guess_no < 6

),

monthly as (

    select
        contract_key,
        monthly_units
    from guesses
    where guess_no = case compounding when 'monthly' then 0 else 6 end

),

factors as (

    select
        contract_key,
        monthly_units,
        0 as months,
        cast(1000000000000000 as hugeint) as growth_units
    from monthly

    union all

    select
        contract_key,
        monthly_units,
        months + 1 as months,
        cast({{ rounded_quotient('growth_units * monthly_units', '1000000000000000') }} as hugeint)
            as growth_units
    from factors
    where months < 480

)

select
    contract_key,
    months,
    growth_units
from factors
