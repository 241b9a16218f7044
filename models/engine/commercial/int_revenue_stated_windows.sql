-- Grain: one row per contract line x modification (position 0: at inception) x day of it that is
-- priced then, with the stated value of the day and the pricing the day belongs to.
with

contract_values as (

    select * from {{ ref('int_revenue_contract_values') }}

),

stated_values as (

    select * from {{ ref('int_revenue_stated_values') }}

),

amendment_rows as (

    select * from {{ ref('int_revenue_amendment_rows') }}

),

line_terms as (

    select * from {{ ref('int_revenue_line_terms') }}

),

joined_lines as (

    select
        line_key,
        min(position) as joined_position
    from {{ ref('int_revenue_timeline') }}
    where event_type = 'amendment_add'
    group by line_key

),

last_positions as (

    -- Rows of one modification count together: up to the last of them.
    select
        contract_key,
        modification_id,
        max(position) as last_position
    from amendment_rows
    where modification_id is not null
    group by contract_key, modification_id

),

versions as (

    select
        contract_values.contract_key,
        contract_values.modification_id,
        case
            when contract_values.modification_id is null then 0
            else coalesce(last_positions.last_position, contract_values.position)
        end as through_position
    from contract_values
    left join last_positions
        on
        contract_values.contract_key = last_positions.contract_key
        and contract_values.modification_id = last_positions.modification_id

),

candidates as (

    select
        versions.contract_key,
        versions.modification_id,
        stated_values.line_key,
        stated_values.calendar_day,
        stated_values.position,
        stated_values.window_effect,
        stated_values.day_value,
        stated_values.starts_on,
        stated_values.ends_on,
        max(case stated_values.window_effect when 'replace' then stated_values.position end)
            over version_day as replaced_position,
        max(stated_values.position) over version_day as pricing_position
    from versions
    inner join stated_values
        on
        versions.contract_key = stated_values.contract_key
        and versions.through_position >= stated_values.position
    inner join line_terms
        on stated_values.line_key = line_terms.line_key
    left join joined_lines
        on stated_values.line_key = joined_lines.line_key
    where
        line_terms.modification_id is null
        or joined_lines.joined_position <= versions.through_position
    window
        version_day as (
            partition by
                versions.contract_key,
                versions.modification_id,
                stated_values.line_key,
                stated_values.calendar_day
        )

),

final as (

    select
        contract_key,
        modification_id,
        line_key,
        calendar_day,
        pricing_position,
        max_by(starts_on, position) as priced_from,
        max_by(ends_on, position) as priced_until,
        cast(sum(case when position >= coalesce(replaced_position, 0) then day_value else 0 end) as hugeint)
            as day_value
    from candidates
    group by contract_key, modification_id, line_key, calendar_day, pricing_position

)

select * from final
