-- Grain: one row per contract line version that was booked in the CRM and is revenue: the day of
-- each step of its hand-off, empty while it has not happened. Steps are in no forced order: an
-- order may stand in the ERP before the deal is won.
with

scoped_versions as (

    select * from {{ ref('int_chain_scoped_versions') }}

),

handoffs as (

    select * from {{ ref('int_erp_handoffs') }}

),

final as (

    select
        scoped_versions.contract_line_version_id,
        scoped_versions.booked_on as closed_won_on,
        scoped_versions.crm_starts_on as service_starts_on,
        handoffs.ordered_on,
        handoffs.arranged_on,
        handoffs.first_posted_on
    from scoped_versions
    left join handoffs
        on scoped_versions.erp_record_id = handoffs.record_id
    where scoped_versions.crm_record_id is not null and not scoped_versions.is_out_of_scope

)

select * from final
