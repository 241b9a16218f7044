-- Grain: one row per contract line x version of its contract x day of it that is priced then,
-- with the stated value of the day and the pricing the day belongs to.
with

versions as (

    select * from {{ ref('int_revenue_versions') }}

),

pricings as (

    select * from {{ ref('int_revenue_pricings') }}

),

stated_values as (

    select * from {{ ref('int_revenue_stated_values') }}

),

line_terms as (

    select * from {{ ref('int_revenue_line_terms') }}

),

joined_lines as (

    select * from {{ ref('int_revenue_joins') }}

),

version_pricings as (

    select
        versions.contract_key,
        versions.modification_id,
        pricings.line_key,
        max(pricings.pricing_no) as pricing_no
    from versions
    inner join pricings
        on
        versions.contract_key = pricings.contract_key
        and versions.through_timeline_no >= pricings.timeline_no
    inner join line_terms
        on pricings.line_key = line_terms.line_key
    left join joined_lines
        on pricings.line_key = joined_lines.line_key
    where
        line_terms.modification_id is null
        or joined_lines.joined_timeline_no <= versions.through_timeline_no
    group by versions.contract_key, versions.modification_id, pricings.line_key

),

final as (

    select
        version_pricings.contract_key,
        version_pricings.modification_id,
        version_pricings.line_key,
        stated_values.calendar_day,
        stated_values.priced_by as pricing_no,
        stated_values.day_value
    from version_pricings
    inner join stated_values
        on
        version_pricings.line_key = stated_values.line_key
        and version_pricings.pricing_no = stated_values.pricing_no

)

select * from final
