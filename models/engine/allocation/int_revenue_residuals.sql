-- Grain: one row per contract x run of the allocation with a residual line: what is left for it,
-- and whether that is within the range observed (606-10-32-34(c)). Unit: 10^-12 of the currency.
with

run_lines as (

    select * from {{ ref('int_revenue_allocation_runs') }}

),

separate_bundles as (

    select * from {{ ref('int_revenue_bundle_members') }}
    where bundled_weight is not null

),

candidates as (

    -- What is left for the residual line when the others take their prices.
    select
        run_lines.contract_key,
        run_lines.run_no,
        any_value(run_lines.total_weight)
        - coalesce(
            sum(
                case
                    when run_lines.ssp_method != 'residual'
                        then coalesce(separate_bundles.bundled_weight, run_lines.ssp_weight)
                end
            ),
            0
        ) as candidate_weight,
        max(case run_lines.ssp_method when 'residual' then run_lines.low_weight end) as low_weight,
        max(case run_lines.ssp_method when 'residual' then run_lines.high_weight end)
            as high_weight
    from run_lines
    left join separate_bundles
        on
        run_lines.line_key = separate_bundles.line_key
        and run_lines.run_no = separate_bundles.run_no
    group by run_lines.contract_key, run_lines.run_no
    having count_if(run_lines.ssp_method = 'residual') > 0

),

final as (

    select
        *,
        coalesce(candidate_weight between low_weight and high_weight, true) as is_accepted
    from candidates

)

select * from final
