-- Grain: one row per contract with a significant financing component x asked day, with its
-- interest to date: income where the customer pays late, expense where it pays in advance.
with

as_of_days as (

    select distinct
        contract_key,
        as_of
    from {{ ref('int_revenue_as_of') }}

),

contracts as (

    select * from {{ ref('int_revenue_contracts') }}

),

present_values as (

    select * from {{ ref('int_revenue_present_values') }}

),

income as (

    select
        as_of_days.contract_key,
        as_of_days.as_of,
        valued.value_minor - at_inception.value_minor as interest_minor,
        -1 as sign_in_net
    from as_of_days
    inner join contracts
        on as_of_days.contract_key = contracts.contract_key
    inner join present_values as valued
        on
        as_of_days.contract_key = valued.contract_key
        and as_of_days.as_of = valued.valued_on
    inner join present_values as at_inception
        on
        as_of_days.contract_key = at_inception.contract_key
        and contracts.signed_on = at_inception.valued_on

),

advances as (

    select
        as_of_days.contract_key,
        as_of_days.as_of,
        valued.interest_minor,
        1 as sign_in_net
    from as_of_days
    inner join {{ ref('int_revenue_advances') }} as valued
        on
        as_of_days.contract_key = valued.contract_key
        and as_of_days.as_of = valued.valued_on

),

annuities as (

    select
        as_of_days.contract_key,
        as_of_days.as_of,
        cast(
            sum(case when as_of_days.as_of >= years.posted_on then years.interest_minor else 0 end)
            as bigint
        ) as interest_minor,
        1 as sign_in_net
    from as_of_days
    inner join {{ ref('int_revenue_annuities') }} as years
        on as_of_days.contract_key = years.contract_key
    group by as_of_days.contract_key, as_of_days.as_of

)

select * from income

union all

select * from advances

union all

select * from annuities
