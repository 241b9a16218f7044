-- Grain: one row per contract x run of the allocation x bundle x line in it, with what the bundle
-- sells for together and what its members sell for alone (606-10-32-37). bundled_weight: the line's
-- part of the price of a bundle that shares no line with another one. Unit: 10^-12 of the currency.
with

run_lines as (

    select * from {{ ref('int_revenue_allocation_runs') }}

),

bundles as (

    select
        contract_key,
        bundle_id,
        line_key,
        {{ ssp_weight('bundle_price') }} as bundle_weight,
        count(*) over (partition by line_key) as bundles_of_line
    from {{ ref('int_revenue_bundles') }}

),

members as (

    select
        run_lines.contract_key,
        run_lines.run_no,
        bundles.bundle_id,
        run_lines.line_key,
        run_lines.ssp_weight,
        bundles.bundle_weight,
        bundles.bundles_of_line,
        cast(sum(run_lines.ssp_weight) over member_window as hugeint) as members_weight,
        max(bundles.bundles_of_line) over member_window as most_bundles_of_line,
        count(*) over member_window as member_count
    from run_lines
    inner join bundles
        on run_lines.line_key = bundles.line_key
    window
        member_window as (
            partition by run_lines.contract_key, run_lines.run_no, bundles.bundle_id
        )

),

final as (

    select
        *,
        case
            when most_bundles_of_line = 1 and members_weight > 0
                then {{ rounded_quotient('ssp_weight * bundle_weight', 'members_weight') }}
        end as bundled_weight
    from members

)

select * from final
