-- Grain: one row per contract x asked day, with its remaining performance obligation
-- (606-10-50-13): allocated less recognized, of all lines but usage without a committed price
-- (50-14(b)); of a committed line only the commitment.
with

known_states as (

    select * from {{ ref('int_revenue_known_states') }}

),

known_values as (

    select * from {{ ref('int_revenue_known_values') }}

),

line_terms as (

    select * from {{ ref('int_revenue_line_terms') }}

),

rights as (

    select * from {{ ref('int_revenue_rights') }}

),

allocated as (

    select
        known_states.contract_key,
        known_states.as_of,
        cast(sum(known_states.frozen_minor + known_states.open_minor) as bigint)
            as allocated_minor,
        cast(
            sum(case line_terms.pattern when 'usage' then known_values.variable_minor end) as bigint
        ) as variable_minor
    from known_states
    inner join line_terms
        on known_states.line_key = line_terms.line_key
    left join known_values
        on
        known_states.line_key = known_values.line_key
        and known_states.as_of = known_values.as_of
    where line_terms.pattern != 'usage' or line_terms.price_minor > 0
    group by known_states.contract_key, known_states.as_of

),

final as (

    select
        rights.contract_key,
        rights.balance_on as as_of,
        coalesce(allocated.allocated_minor, 0)
        + coalesce(allocated.variable_minor, 0)
        - case when allocated.contract_key is null then 0 else rights.performed_minor end
            as remaining_minor
    from rights
    left join allocated
        on
        rights.contract_key = allocated.contract_key
        and rights.balance_on = allocated.as_of

)

select * from final
