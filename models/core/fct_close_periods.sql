-- Grain: one row per closed accounting period x close. What was said on that day; it never changes.
with

closes as (

    select * from {{ ref('stg_tieout__closes') }}

),

final as (

    select
        close_id,
        period_key,
        period_name,
        run_id,
        as_of_date,
        closed_at,
        closed_by,
        blockers_overridden > 0 as is_forced,
        reason,
        cast(blockers_overridden as integer) as blockers_overridden,
        manifest_sha256,
        code_version,
        cast(contract_lines as integer) as contract_lines,
        cast(contract_lines_tied as integer) as contract_lines_tied,
        -- Rounded down: 1 is only ever said of all lines.
        cast(
            {{ divide_integers('contract_lines_tied * 1000000', 'nullif(contract_lines, 0)') }}
            * 0.000001 as decimal(7, 6)
        ) as tie_out_rate,
        reporting_currency_code,
        booked_rpt,
        recognized_rpt,
        difference_rpt,
        explained_rpt,
        break_rpt,
        unexplained_rpt,
        posted_rpt
    from closes

)

select * from final
