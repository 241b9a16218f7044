-- Grain: one row per contract with a significant financing component x whole months, with what a unit
-- grows to in that time at the contract's rate (606-10-32-15 to 20), in 10^-15. A yearly rate compounds by
-- its twelfth root, found by Newton's method in integers; whole years are then right to the last digits.
{%- set unit = "1000000000000000" %}
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

guess_0 as (

    select
        *,
        {{ unit }} + {{ divide_integers('rate_units', '12') }} as monthly_units
    from contracts

),

{%- for step in range(6) %}

guess_{{ step + 1 }} as (

    select
        contract_key,
        compounding,
        rate_units,
        {%- set ratio = namespace(text="(" ~ unit ~ " + rate_units)") -%}
        {%- for factor in range(11) -%}
            {%- set ratio.text = divide_integers(ratio.text ~ " * " ~ unit, "monthly_units") -%}
        {%- endfor %}
        {{ rounded_quotient("11 * monthly_units + " ~ ratio.text, "12") }} as monthly_units
    from guess_{{ step }}

),
{%- endfor %}

monthly as (

    select
        contract_key,
        case compounding
            when 'monthly' then {{ unit }} + {{ divide_integers('rate_units', '12') }}
            else monthly_units
        end as monthly_units
    from guess_6

),

factors as (

    select
        contract_key,
        monthly_units,
        0 as months,
        cast({{ unit }} as hugeint) as growth_units
    from monthly

    union all

    select
        contract_key,
        monthly_units,
        months + 1 as months,
        cast({{ rounded_quotient('growth_units * monthly_units', unit) }} as hugeint)
            as growth_units
    from factors
    where months < 480

)

select
    contract_key,
    months,
    growth_units
from factors
