-- Grain: one row per contract x modification (null: at inception), with the annualized value of
-- its recurring lines on that day, in 10^-12 of a minor unit: the stated value of the stretch each
-- active line is priced in x 12 / its calendar months.
with

stretches as (

    select * from {{ ref('int_revenue_stated_stretches') }}

),

line_terms as (

    select * from {{ ref('int_revenue_line_terms') }}
    where pattern = 'ratable' and not is_unenforceable

),

joined_lines as (

    select * from {{ ref('int_revenue_joins') }}

),

moments as (

    select
        contract_key,
        modification_id,
        through_timeline_no,
        occurred_on as valued_on
    from {{ ref('int_revenue_versions') }}

),

active as (

    -- Contracts with derived amendments or asked periods: the stretch priced on the day.
    select
        moments.contract_key,
        moments.modification_id,
        stretches.stretch_value,
        {{ calendar_months('numerator', 'stretches.starts_on', 'stretches.ends_on') }}
            as months_numerator,
        {{ calendar_months('denominator', 'stretches.starts_on', 'stretches.ends_on') }}
            as months_denominator
    from moments
    inner join stretches
        on
        moments.contract_key = stretches.contract_key
        and moments.modification_id is not distinct from stretches.modification_id
        and moments.valued_on between stretches.starts_on and stretches.ends_on

),

unpriced as (

    select *
    from moments
    where contract_key not in (select stretches.contract_key from stretches)

),

whole as (

    -- Any other contract: each line as it was sold.
    select
        unpriced.contract_key,
        unpriced.modification_id,
        {{ wide_integer('line_terms.price_minor') }} * 1000000000000 as stretch_value,
        {{ calendar_months('numerator', 'line_terms.starts_on', 'line_terms.ends_on') }}
            as months_numerator,
        {{ calendar_months('denominator', 'line_terms.starts_on', 'line_terms.ends_on') }}
            as months_denominator
    from unpriced
    inner join line_terms
        on
        unpriced.contract_key = line_terms.contract_key
        and unpriced.valued_on between line_terms.starts_on and line_terms.ends_on
    left join joined_lines
        on line_terms.line_key = joined_lines.line_key
    where
        line_terms.modification_id is null
        or joined_lines.joined_timeline_no <= unpriced.through_timeline_no

),

both_kinds as (

    select * from active

    union all

    select * from whole

),

annualized as (

    select
        contract_key,
        modification_id,
        {{ rounded_quotient(
            'stretch_value * 12 * months_denominator', 'cast(months_numerator as hugeint)'
        ) }}
            as annual_value
    from both_kinds

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
