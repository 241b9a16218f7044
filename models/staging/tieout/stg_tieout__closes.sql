-- Grain: one row per close of a period by a person, from the register of closes.
with

source as (

    select * from {{ source('tieout', 'closes') }}

),

renamed as (

    select
        close_id,

        period_key,
        period_name,
        run_id,

        as_of as as_of_date,
        closed_at,
        closed_by,
        reason,
        blockers_overridden,

        manifest_sha256,
        code_version,
        reporting_currency as reporting_currency_code,

        contract_lines,
        contract_lines_tied,
        booked_rpt,
        recognized_rpt,
        difference_rpt,
        explained_rpt,
        break_rpt,
        unexplained_rpt,
        posted_rpt
    from source

)

select * from renamed
