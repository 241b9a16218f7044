-- Grain: one row per link between a CRM and an ERP contract line version.
-- Passes, best first: a person's override, the line key written by the integration, then the
-- header key with item and amount. Each record is linked once.
with

crm_lines as (

    select * from {{ ref('int_crm_contract_lines') }}

),

erp_lines as (

    select * from {{ ref('int_erp_contract_lines') }}

),

overridden as (

    select
        crm_lines.record_id as crm_record_id,
        erp_lines.record_id as erp_record_id
    from {{ ref('crosswalk_overrides') }} as overrides
    inner join crm_lines
        on {{ salesforce_id_18('overrides.crm_record_id') }} = crm_lines.record_id
    inner join erp_lines
        on overrides.erp_record_id = erp_lines.record_id

),

keyed as (

    select
        crm_lines.record_id as crm_record_id,
        erp_lines.record_id as erp_record_id
    from crm_lines
    inner join erp_lines
        on crm_lines.record_id = erp_lines.crm_line_key
    left join overridden as overridden_crm
        on crm_lines.record_id = overridden_crm.crm_record_id
    left join overridden as overridden_erp
        on erp_lines.record_id = overridden_erp.erp_record_id
    where overridden_crm.crm_record_id is null and overridden_erp.erp_record_id is null
    qualify row_number() over (partition by crm_lines.record_id order by erp_lines.record_id) = 1

),

settled as (

    select
        *,
        5 as match_pass
    from overridden

    union all

    select
        *,
        1 as match_pass
    from keyed

),

crm_open as (

    -- Equal lines of one order are told apart by their rank: which is which makes no difference.
    select
        crm_lines.record_id,
        crm_lines.header_record_id,
        crm_lines.product_record_id,
        crm_lines.amount_minor,
        crm_lines.currency_code,
        row_number() over (
            partition by
                crm_lines.header_record_id, crm_lines.product_record_id, crm_lines.amount_minor
            order by crm_lines.starts_on, crm_lines.record_id
        ) as rank_no
    from crm_lines
    left join settled
        on crm_lines.record_id = settled.crm_record_id
    where settled.crm_record_id is null

),

erp_open as (

    select
        erp_lines.record_id,
        erp_lines.crm_header_key,
        erp_lines.crm_product_key,
        erp_lines.amount_minor,
        erp_lines.currency_code,
        row_number() over (
            partition by
                erp_lines.crm_header_key, erp_lines.crm_product_key, erp_lines.amount_minor
            order by erp_lines.starts_on, erp_lines.record_id
        ) as rank_no
    from erp_lines
    left join settled
        on erp_lines.record_id = settled.erp_record_id
    where settled.erp_record_id is null and erp_lines.crm_line_key is null

),

by_header as (

    select
        crm_open.record_id as crm_record_id,
        erp_open.record_id as erp_record_id,
        2 as match_pass
    from crm_open
    inner join erp_open
        on
        crm_open.header_record_id = erp_open.crm_header_key
        and crm_open.product_record_id = erp_open.crm_product_key
        and crm_open.amount_minor = erp_open.amount_minor
        and crm_open.currency_code = erp_open.currency_code
        and crm_open.rank_no = erp_open.rank_no

),

linked as (

    select * from settled

    union all

    select * from by_header

),

described as (

    select
        crm_record_id,
        erp_record_id,
        match_pass,
        case match_pass
            when 5 then 'override'
            when 1 then 'line key'
            when 2 then 'header key, item and amount'
        end as match_evidence,
        case match_pass when 2 then 'probable' else 'certain' end as match_confidence
    from linked

)

select * from described
