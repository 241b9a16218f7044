-- Grain: one row per contract x modification (null: at inception), with the annualized value of its
-- recurring lines on that day, in 10^-6 of a minor unit: the stated value of the stretch each active
-- line is priced in x 12 / its calendar months.
with

contract_values as (

    select * from {{ ref('int_revenue_contract_values') }}

),

contracts as (

    select * from {{ ref('int_revenue_contracts') }}

),

stated_windows as (

    select * from {{ ref('int_revenue_stated_windows') }}

),

line_terms as (

    select * from {{ ref('int_revenue_line_terms') }}
    where pattern = 'ratable' and not is_unenforceable

),

joined_lines as (

    select
        line_key,
        min(position) as joined_position
    from {{ ref('int_revenue_timeline') }}
    where event_type = 'amendment_add'
    group by line_key

),

moments as (

    select
        contract_values.contract_key,
        contract_values.modification_id,
        contract_values.position,
        coalesce(contract_values.occurred_on, contracts.signed_on) as valued_on
    from contract_values
    inner join contracts
        on contract_values.contract_key = contracts.contract_key

),

stretches as (

    select
        stated_windows.contract_key,
        stated_windows.modification_id,
        stated_windows.line_key,
        stated_windows.pricing_position,
        min(stated_windows.calendar_day) as starts_on,
        max(stated_windows.calendar_day) as ends_on,
        cast(sum(stated_windows.day_value) as hugeint) as stretch_value
    from stated_windows
    group by
        stated_windows.contract_key,
        stated_windows.modification_id,
        stated_windows.line_key,
        stated_windows.pricing_position

),

active as (

    -- Contracts with derived amendments or asked periods: the stretch priced on the day.
    select
        moments.contract_key,
        moments.modification_id,
        stretches.stretch_value,
        {{ calendar_months('stretches.starts_on', 'stretches.ends_on') }} as stretch_months
    from moments
    inner join stretches
        on
        moments.contract_key = stretches.contract_key
        and moments.modification_id is not distinct from stretches.modification_id
    inner join stated_windows
        on
        stretches.line_key = stated_windows.line_key
        and stretches.modification_id is not distinct from stated_windows.modification_id
        and stretches.pricing_position = stated_windows.pricing_position
        and moments.valued_on = stated_windows.calendar_day

),

unpriced as (

    select moments.*
    from moments
    where moments.contract_key not in (select stated_windows.contract_key from stated_windows)

),

whole as (

    -- Any other contract: each line as it was sold.
    select
        unpriced.contract_key,
        unpriced.modification_id,
        {{ wide_integer('line_terms.price_minor') }} * 1000000000 as stretch_value,
        {{ calendar_months('line_terms.starts_on', 'line_terms.ends_on') }} as stretch_months
    from unpriced
    inner join line_terms
        on
        unpriced.contract_key = line_terms.contract_key
        and unpriced.valued_on between line_terms.starts_on and line_terms.ends_on
    left join joined_lines
        on line_terms.line_key = joined_lines.line_key
    where
        line_terms.modification_id is null
        or joined_lines.joined_position <= unpriced.position

),

annualized as (

    select
        contract_key,
        modification_id,
        {{ rounded_quotient('stretch_value * 12 * 1000000000', 'cast(stretch_months as hugeint)') }}
            as annual_value
    from (
        select * from active
        union all
        select * from whole
    ) as stretches_of_day

),

final as (

    select
        moments.contract_key,
        moments.modification_id,
        cast(coalesce(sum(annualized.annual_value), 0) as hugeint) as annual_value
    from moments
    left join annualized
        on
        moments.contract_key = annualized.contract_key
        and moments.modification_id is not distinct from annualized.modification_id
    group by moments.contract_key, moments.modification_id

)

select * from final
