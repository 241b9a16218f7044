-- Grain: one row per contract x run of the allocation x line in it, with the weight the transaction
-- price is split by: standalone selling prices, after a residual (606-10-32-34(c)) and a discount
-- that belongs to one bundle (32-37). Unit: 10^-12 of the currency.
with

run_lines as (

    select * from {{ ref('int_revenue_allocation_runs') }}

),

residuals as (

    select * from {{ ref('int_revenue_residuals') }}

),

bundle_members as (

    select * from {{ ref('int_revenue_bundle_members') }}

),

separate_bundles as (

    select * from bundle_members
    where bundled_weight is not null

),

ssps as (

    select
        run_lines.*,
        residuals.is_accepted as is_residual_accepted,
        separate_bundles.bundled_weight,
        cast(
            case
                when run_lines.ssp_method != 'residual' then coalesce(run_lines.ssp_weight, 0)
                when residuals.is_accepted then residuals.candidate_weight
                when
                    run_lines.residual_fallback = 'nearest_bound'
                    and residuals.candidate_weight < residuals.low_weight
                    then residuals.low_weight
                when run_lines.residual_fallback = 'nearest_bound' then residuals.high_weight
                else {{ divide_integers('residuals.low_weight + residuals.high_weight', '2') }}
            end as hugeint
        ) as line_weight
    from run_lines
    left join residuals
        on
        run_lines.contract_key = residuals.contract_key
        and run_lines.run_no = residuals.run_no
    left join separate_bundles
        on
        run_lines.line_key = separate_bundles.line_key
        and run_lines.run_no = separate_bundles.run_no

),

discounts as (

    select
        contract_key,
        run_no,
        cast(sum(line_weight) as hugeint) - any_value(total_weight) as discount_weight,
        count(*) as line_count
    from ssps
    group by contract_key, run_no

),

targeted as (

    -- The one bundle whose observable discount is the discount of the contract.
    select
        bundle_members.contract_key,
        bundle_members.run_no,
        min(bundle_members.bundle_id) as bundle_id
    from bundle_members
    inner join discounts
        on
        bundle_members.contract_key = discounts.contract_key
        and bundle_members.run_no = discounts.run_no
    where
        bundle_members.members_weight - bundle_members.bundle_weight = discounts.discount_weight
        and bundle_members.member_count < discounts.line_count
    group by bundle_members.contract_key, bundle_members.run_no
    having count(distinct bundle_members.bundle_id) = 1

),

targeted_members as (

    select bundle_members.*
    from bundle_members
    inner join targeted
        on
        bundle_members.contract_key = targeted.contract_key
        and bundle_members.run_no = targeted.run_no
        and bundle_members.bundle_id = targeted.bundle_id

),

final as (

    select
        ssps.contract_key,
        ssps.run_no,
        ssps.line_key,
        ssps.line_no,
        ssps.price_minor,
        ssps.ramp_group,
        ssps.allocation_residual,
        ssps.split_minor,
        ssps.ssp_weight,
        cast(
            case
                when ssps.is_residual_accepted
                    then coalesce(ssps.bundled_weight, ssps.line_weight)
                when targeted_members.line_key is not null
                    then {{ rounded_quotient(
                        'ssps.line_weight * targeted_members.bundle_weight',
                        'targeted_members.members_weight'
                    ) }}
                else ssps.line_weight
            end as hugeint
        ) as split_weight
    from ssps
    left join targeted_members
        on
        ssps.line_key = targeted_members.line_key
        and ssps.run_no = targeted_members.run_no

)

select * from final
