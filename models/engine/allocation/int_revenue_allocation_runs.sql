-- Grain: one row per contract x run of the allocation x line in it: run 0 at inception with the
-- original lines, and run n at a retrospective combination in step n, from inception with the
-- lines that have joined by then. Lines that are no performance obligation of their own, and usage
-- without a committed price, take no part.
with

prices as (

    select * from {{ ref('int_revenue_transaction_prices') }}

),

line_terms as (

    select * from {{ ref('int_revenue_line_terms') }}

),

ssps as (

    select * from {{ ref('int_revenue_line_ssps') }}

),

retrospective_steps as (

    select
        contract_key,
        step_no
    from {{ ref('int_revenue_steps') }}
    where treatment = 'retrospective'

),

amendments as (

    select
        contract_key,
        step_no,
        cast(sum(signed_minor) as bigint) as signed_minor
    from {{ ref('int_revenue_amendment_amounts') }}
    group by contract_key, step_no

),

moved_estimates as (

    select
        contract_key,
        step_no,
        cast(sum(moved_minor) as bigint) as moved_minor
    from {{ ref('int_revenue_estimates') }}
    where step_no is not null and line_key is null
    group by contract_key, step_no

),

joined_lines as (

    select
        line_key,
        min(step_no) as joined_step_no
    from {{ ref('int_revenue_timeline') }}
    where event_type = 'amendment_add'
    group by line_key

),

runs as (

    select
        contract_key,
        0 as run_no
    from prices

    union all

    select
        contract_key,
        step_no as run_no
    from retrospective_steps

),

added_amounts as (

    -- What modifications and estimates up to the run have put into the pool.
    select
        runs.contract_key,
        runs.run_no,
        cast(sum(amendments.signed_minor) as bigint) as signed_minor
    from runs
    inner join amendments
        on
        runs.contract_key = amendments.contract_key
        and runs.run_no >= amendments.step_no
    group by runs.contract_key, runs.run_no

),

added_estimates as (

    select
        runs.contract_key,
        runs.run_no,
        cast(sum(moved_estimates.moved_minor) as bigint) as moved_minor
    from runs
    inner join moved_estimates
        on
        runs.contract_key = moved_estimates.contract_key
        and runs.run_no >= moved_estimates.step_no
    group by runs.contract_key, runs.run_no

),

final as (

    select
        runs.contract_key,
        runs.run_no,
        line_terms.line_key,
        line_terms.line_no,
        line_terms.price_minor,
        line_terms.ssp_method,
        line_terms.ramp_group,
        ssps.ssp_weight,
        {{ ssp_weight('line_terms.ssp_low') }} as low_weight,
        {{ ssp_weight('line_terms.ssp_high') }} as high_weight,
        prices.currency_decimals,
        prices.allocation_residual,
        prices.residual_fallback,
        prices.allocated_minor
        + coalesce(added_amounts.signed_minor, 0)
        + coalesce(added_estimates.moved_minor, 0) as split_minor
    from runs
    inner join prices
        on runs.contract_key = prices.contract_key
    inner join line_terms
        on runs.contract_key = line_terms.contract_key
    inner join ssps
        on line_terms.line_key = ssps.line_key
    left join joined_lines
        on line_terms.line_key = joined_lines.line_key
    left join added_amounts
        on
        runs.contract_key = added_amounts.contract_key
        and runs.run_no = added_amounts.run_no
    left join added_estimates
        on
        runs.contract_key = added_estimates.contract_key
        and runs.run_no = added_estimates.run_no
    where
        line_terms.is_distinct
        and line_terms.pattern != 'none'
        and (line_terms.pattern != 'usage' or line_terms.price_minor > 0)
        and (line_terms.modification_id is null or joined_lines.joined_step_no <= runs.run_no)

)

select * from final
