-- Grain: one row per line prepaid for years with a financing component x year, with the level
-- revenue of the year, posted at its end, and the interest on what was left; the last year takes
-- the rest.
with recursive

policies as (

    select * from {{ ref('int_revenue_policies') }}
    where financing = 'annuity'

),

prepaid as (

    select
        states.contract_key,
        states.line_key,
        states.open_minor,
        line_terms.starts_on,
        {{ scaled_integer('contracts.financing_rate', 10) }} as rate_units,
        cast(
            {{ whole_months('line_terms.starts_on', add_days('line_terms.ends_on', '1')) }}
            as integer
        ) as months
    from {{ ref('int_revenue_states') }} as states
    inner join {{ ref('int_revenue_line_terms') }} as line_terms
        on states.line_key = line_terms.line_key
    inner join {{ ref('int_revenue_contracts') }} as contracts
        on states.contract_key = contracts.contract_key
    inner join policies
        on contracts.policy_id = policies.policy_id
    where
        states.step_no = 0
        and line_terms.pattern = 'ratable'
        and line_terms.modification_id is null
        and contracts.financing_rate is not null

),

counted as (

    select
        *,
        cast(greatest({{ divide_integers('months + 11', '12') }}, 1) as integer) as year_count
    from prepaid

),

growth as (

    -- (1 + rate) to the power of the years, in 10^-15.
    select
        line_key,
        year_count,
        rate_units,
        0 as years,
        cast(1000000000000000 as hugeint) as growth_units
    from counted

    union all

    select
        line_key,
        year_count,
        rate_units,
        years + 1 as years,
        cast({{ rounded_quotient(
            'growth_units * (10000000000 + rate_units)', '10000000000'
        ) }} as hugeint) as growth_units
    from growth
    where years < year_count

),

level_years as (

    select
        counted.*,
        cast({{ rounded_quotient(
            wide_integer('counted.open_minor') ~ ' * counted.rate_units * growth.growth_units',
            '(10000000000 * (growth.growth_units - 1000000000000000))'
        ) }} as bigint) as level_minor
    from counted
    inner join growth
        on
        counted.line_key = growth.line_key
        and counted.year_count = growth.years

),

years as (

    select
        contract_key,
        line_key,
        starts_on,
        rate_units,
        year_count,
        level_minor,
        0 as year_no,
        cast(0 as bigint) as revenue_minor,
        cast(0 as bigint) as interest_minor,
        open_minor as remaining_minor
    from level_years

    union all

    select
        contract_key,
        line_key,
        starts_on,
        rate_units,
        year_count,
        level_minor,
        year_no + 1 as year_no,
        case
            when year_no + 1 = year_count
                then remaining_minor + {{ annuity_interest('remaining_minor') }}
            else level_minor
        end as revenue_minor,
        {{ annuity_interest('remaining_minor') }} as interest_minor,
        case
            when year_no + 1 = year_count then 0
            else remaining_minor + {{ annuity_interest('remaining_minor') }} - level_minor
        end as remaining_minor
    from years
    where year_no < year_count

)

select
    contract_key,
    line_key,
    year_no,
    {{ add_days(add_months('starts_on', '12 * year_no'), '-1') }} as posted_on,
    revenue_minor,
    interest_minor
from years
where year_no > 0
