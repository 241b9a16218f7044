-- Grain: one row per contract x run of the allocation x line in it, with the weight the transaction
-- price is split by: standalone selling prices, after a residual (606-10-32-34(c)) and a discount
-- that belongs to one bundle (32-37). Unit: 10^-12 of the currency.
with

run_lines as (

    select
        *,
        {{ divide_integers(
            wide_integer('split_minor') ~ ' * 1000000000000', power_of_ten('currency_decimals')
        ) }} as split_weight_total
    from {{ ref('int_revenue_allocation_runs') }}

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

bundle_members as (

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

separate_bundles as (

    -- Bundles that share no line with another one.
    select
        *,
        {{ rounded_quotient('ssp_weight * bundle_weight', 'members_weight') }} as bundled_weight
    from bundle_members
    where most_bundles_of_line = 1 and members_weight > 0

),

candidates as (

    -- What is left for the residual line when the others take their prices.
    select
        run_lines.contract_key,
        run_lines.run_no,
        any_value(run_lines.split_weight_total)
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

residuals as (

    select
        *,
        coalesce(candidate_weight between low_weight and high_weight, true) as is_accepted
    from candidates

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
                when run_lines.residual_fallback = 'nearest_bound'
                    then case
                        when residuals.candidate_weight < residuals.low_weight
                            then residuals.low_weight
                        else residuals.high_weight
                    end
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
        cast(sum(line_weight) as hugeint) - any_value(split_weight_total) as discount_weight,
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
