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

movements as (

    select
        contract_key,
        step_no,
        signed_minor as moved_minor
    from {{ ref('int_revenue_amendment_amounts') }}

    union all

    select
        contract_key,
        step_no,
        moved_minor
    from {{ ref('int_revenue_estimates') }}
    where step_no is not null and line_key is null

),

joined_lines as (

    select * from {{ ref('int_revenue_joins') }}

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

added as (

    -- What modifications and estimates up to the run have put into the pool.
    select
        runs.contract_key,
        runs.run_no,
        cast(sum(movements.moved_minor) as bigint) as added_minor
    from runs
    inner join movements
        on
        runs.contract_key = movements.contract_key
        and runs.run_no >= movements.step_no
    group by runs.contract_key, runs.run_no

),

pooled as (

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
        prices.allocated_minor + coalesce(added.added_minor, 0) as split_minor
    from runs
    inner join prices
        on runs.contract_key = prices.contract_key
    inner join line_terms
        on runs.contract_key = line_terms.contract_key
    inner join ssps
        on line_terms.line_key = ssps.line_key
    left join joined_lines
        on line_terms.line_key = joined_lines.line_key
    left join added
        on
        runs.contract_key = added.contract_key
        and runs.run_no = added.run_no
    where
        line_terms.is_distinct
        and line_terms.pattern != 'none'
        and (line_terms.pattern != 'usage' or line_terms.price_minor > 0)
        and (line_terms.modification_id is null or joined_lines.joined_step_no <= runs.run_no)

),

final as (

    select
        *,
        {{ divide_integers(
            wide_integer('split_minor') ~ ' * 1000000000000', power_of_ten('currency_decimals')
        ) }} as total_weight
    from pooled

)

select * from final
