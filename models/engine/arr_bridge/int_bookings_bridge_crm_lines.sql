-- Grain: one row per contract line of the CRM that is tagged recurring or carries ARR, with the
-- days that decide when either side stops counting it. A linked renewal replaces all lines of the
-- contract it renews: for Sales on the day it is signed, else when it starts (a product it does not
-- hold counts to its last day).
with

versions as (

    select * from {{ ref('int_bookings_bridge_terms') }}
    where witness = 'crm'

),

arr_versions as (

    select * from {{ ref('int_bookings_arr_versions') }}

),

arr_lines as (

    select * from {{ ref('int_bookings_arr_lines') }}

),

takeovers as (

    select * from {{ ref('int_bookings_takeovers') }}

),

contracts as (

    select * from {{ ref('dim_contract') }}

),

contract_renewals as (

    select
        contracts.renewed_contract_id,
        min(versions.known_on) as signed_on,
        min(versions.effective_on) as effective_on
    from versions
    inner join contracts
        on versions.contract_id = contracts.contract_id
    where contracts.renewed_contract_id is not null
    group by contracts.renewed_contract_id

),

grouped as (

    select
        versions.contract_line_id,
        max(versions.contract_id) as contract_id,
        min_by(versions.arr_customer_id, (versions.known_on, versions.record_id))
            as arr_customer_id,
        max(versions.product_id) as product_id,
        max(versions.currency_code) as currency_code,
        min(versions.known_on) as known_on,
        min(versions.effective_on) as effective_on,
        max(versions.ends_on) as ends_on,
        max(arr_versions.arr_line_id) as arr_line_id,
        coalesce(bool_or(arr_versions.is_ramp), false) as is_ramp,
        coalesce(bool_or(arr_versions.is_last_step), true) as is_last_step
    from versions
    left join arr_versions
        on versions.contract_line_version_id = arr_versions.contract_line_version_id
    group by versions.contract_line_id

),

dated as (

    -- All steps of a ramp live and end together.
    select
        grouped.contract_line_id,
        grouped.contract_id,
        grouped.arr_customer_id,
        grouped.product_id,
        grouped.currency_code,
        grouped.known_on,
        grouped.is_ramp,
        grouped.is_last_step,
        coalesce(arr_lines.effective_on, grouped.effective_on) as effective_on,
        coalesce(arr_lines.ends_on, grouped.ends_on) as ends_on,
        takeovers.ending,
        coalesce(takeovers.live_through, grouped.ends_on) as live_through,
        contract_renewals.signed_on as replaced_signed_on,
        case
            when contract_renewals.signed_on is null then null
            when successors.renewed_contract_id = grouped.contract_id
                then {{ add_days('takeovers.live_through', '1') }}
            else
                greatest(
                    {{ add_days('coalesce(arr_lines.ends_on, grouped.ends_on)', '1') }},
                    contract_renewals.effective_on
                )
        end as replaced_on
    from grouped
    left join arr_lines
        on grouped.arr_line_id = arr_lines.arr_line_id
    left join takeovers
        on grouped.arr_line_id = takeovers.arr_line_id
    left join contracts as successors
        on takeovers.takeover_contract_id = successors.contract_id
    left join contract_renewals
        on grouped.contract_id = contract_renewals.renewed_contract_id

),

final as (

    select
        *,
        {{ add_days('ends_on', 'cast(' ~ var('arr_grace_days') ~ ' as integer)') }} as grace_ends_on
    from dated

)

select * from final
