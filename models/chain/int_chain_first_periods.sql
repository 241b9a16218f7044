-- Grain: one row per contract line version of which there is anything by the reporting period, with
-- its first accounting period: a system first knows of it, or the ledger has something of it.
with

chain_versions as (

    select
        contract_line_version_id,
        contract_line_id,
        least(coalesce(booked_on, erp_known_on), coalesce(erp_known_on, booked_on)) as known_on
    from {{ ref('int_chain_scoped_versions') }}

),

accounting_periods as (

    select * from {{ ref('dim_accounting_period') }}
    where has_ended

),

postings as (

    select * from {{ ref('int_chain_postings') }}

),

facts as (

    select
        chain_versions.contract_line_version_id,
        chain_versions.contract_line_id,
        accounting_periods.period_no
    from chain_versions
    asof inner join accounting_periods
        on chain_versions.known_on <= accounting_periods.ends_on

    union all

    select
        chain_versions.contract_line_version_id,
        chain_versions.contract_line_id,
        postings.period_no
    from chain_versions
    inner join postings
        on chain_versions.contract_line_version_id = postings.contract_line_version_id
    inner join accounting_periods
        on postings.period_no = accounting_periods.period_no

),

final as (

    select
        contract_line_version_id,
        any_value(contract_line_id) as contract_line_id,
        min(period_no) as period_no
    from facts
    group by contract_line_version_id

)

select * from final
