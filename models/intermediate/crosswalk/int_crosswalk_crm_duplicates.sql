-- Grain: one row per CRM order product that says again what another one says: no link has it, and
-- it repeats another of its quote line, or of its opportunity in another order, unless together
-- they are what was quoted.
with

links as (

    select * from {{ ref('int_crosswalk_links') }}

),

crm_records as (

    select
        crm_lines.*,
        links.crm_record_id is not null as is_linked
    from {{ ref('int_crm_contract_lines') }} as crm_lines
    left join links
        on crm_lines.record_id = links.crm_record_id and links.is_first_of_crm

),

ordered_quotes as (

    select
        crm_records.quote_line_record_id,
        sum(crm_records.amount_minor) as ordered_minor,
        any_value(quote_lines.net_total_minor) as quoted_minor
    from crm_records
    inner join {{ ref('int_crm_quote_lines') }} as quote_lines
        on crm_records.quote_line_record_id = quote_lines.quote_line_id
    group by crm_records.quote_line_record_id

),

crm_repeated as (

    select
        crm_records.record_id,
        crm_records.is_linked,
        crm_records.opportunity_record_id,
        crm_records.header_record_id,
        crm_records.quote_line_record_id,
        ordered_quotes.ordered_minor = ordered_quotes.quoted_minor as is_as_quoted,
        first_value(crm_records.record_id) over of_quote as first_of_quote,
        first_value(crm_records.record_id) over of_deal as first_of_deal,
        first_value(crm_records.header_record_id) over of_deal as first_header_of_deal,
        first_value(crm_records.quote_line_record_id) over of_deal as first_quote_of_deal
    from crm_records
    left join ordered_quotes
        on crm_records.quote_line_record_id = ordered_quotes.quote_line_record_id
    window
        of_quote as (
            partition by
                crm_records.quote_line_record_id, crm_records.product_record_id,
                crm_records.quantity, crm_records.amount_minor, crm_records.currency_code,
                crm_records.starts_on, crm_records.ends_on
            order by
                case when crm_records.is_linked then 0 else 1 end,
                crm_records.known_on,
                crm_records.record_id
        ),
        of_deal as (
            partition by
                crm_records.opportunity_record_id, crm_records.product_record_id,
                crm_records.quantity, crm_records.amount_minor, crm_records.currency_code,
                crm_records.starts_on, crm_records.ends_on
            order by
                case when crm_records.is_linked then 0 else 1 end,
                crm_records.known_on,
                crm_records.record_id
        )

),

crm_duplicates as (

    select
        record_id,
        case when quote_line_record_id is not null and first_of_quote != record_id
                then first_of_quote
            else first_of_deal
        end as duplicate_of_record_id,
        case when quote_line_record_id is not null and first_of_quote != record_id
                then 'quote line ' || quote_line_record_id
            else 'opportunity ' || opportunity_record_id
        end as duplicate_evidence
    from crm_repeated
    where
        not is_linked
        and (
            (
                quote_line_record_id is not null
                and first_of_quote != record_id
                and not coalesce(is_as_quoted, false)
            )
            or (
                opportunity_record_id is not null
                and first_of_deal != record_id
                and first_header_of_deal != header_record_id
                and (quote_line_record_id is null or first_quote_of_deal is null)
            )
        )

)

select * from crm_duplicates
