-- Grain: one row per contract line x modification (position 0: at inception) x day of it that is
-- priced then, with the stated value of the day and the pricing the day belongs to.
with

versions as (

    select * from {{ ref('int_revenue_versions') }}

),

stated_values as (

    select * from {{ ref('int_revenue_stated_values') }}

),

line_terms as (

    select * from {{ ref('int_revenue_line_terms') }}

),

joined_lines as (

    select
        line_key,
        min(timeline_no) as joined_position
    from {{ ref('int_revenue_timeline') }}
    where event_type = 'amendment_add'
    group by line_key

),

candidates as (

    select
        versions.contract_key,
        versions.modification_id,
        stated_values.line_key,
        stated_values.calendar_day,
        stated_values.timeline_no,
        stated_values.window_effect,
        stated_values.day_value,
        stated_values.starts_on,
        stated_values.ends_on,
        max(case stated_values.window_effect when 'replace' then stated_values.timeline_no end)
            over version_day as replaced_position,
        max(stated_values.timeline_no) over version_day as pricing_position
    from versions
    inner join stated_values
        on
        versions.contract_key = stated_values.contract_key
        and versions.through_timeline_no >= stated_values.timeline_no
    inner join line_terms
        on stated_values.line_key = line_terms.line_key
    left join joined_lines
        on stated_values.line_key = joined_lines.line_key
    where
        line_terms.modification_id is null
        or joined_lines.joined_position <= versions.through_timeline_no
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
        max_by(starts_on, timeline_no) as priced_from,
        max_by(ends_on, timeline_no) as priced_until,
        cast(sum(case when timeline_no >= coalesce(replaced_position, 0) then day_value else 0 end) as hugeint)
            as day_value
    from candidates
    group by contract_key, modification_id, line_key, calendar_day, pricing_position

)

select * from final
