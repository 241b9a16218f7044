-- Grain: one row per contract x billing period of its net bills through the reporting period, as a
-- stretch of the contract's billing from from_minor to to_minor. A credit takes back the latest
-- bills first: what of a bill is credited later is not in its stretch. What is collected for others
-- is never earned and not in it either.
with

reporting_period as (

    select period_no
    from {{ ref('dim_accounting_period') }}
    where is_reporting_period

),

billed as (

    select
        billings.contract_id,
        billings.currency_code,
        billings.period_no,
        cast(sum(billings.amount_minor) as bigint) as billed_minor,
        cast(sum(billings.amount_fn_minor) as bigint) as billed_fn_minor
    from {{ ref('int_balances_billings') }} as billings
    inner join reporting_period
        on billings.period_no <= reporting_period.period_no
    where billings.contract_id is not null and billings.is_revenue
    group by billings.contract_id, billings.currency_code, billings.period_no

),

running as (

    select
        *,
        sum(billed_minor) over (
            partition by contract_id
            order by period_no
            rows between unbounded preceding and current row
        ) as billed_through
    from billed

),

kept as (

    select
        *,
        cast(
            greatest(
                min(billed_through) over (
                    partition by contract_id
                    order by period_no
                    rows between current row and unbounded following
                ),
                0
            ) as bigint
        ) as to_minor
    from running

),

final as (

    select
        contract_id,
        currency_code,
        period_no,
        billed_minor,
        billed_fn_minor,
        coalesce(lag(to_minor) over (partition by contract_id order by period_no), 0)
            as from_minor,
        to_minor
    from kept

)

select * from final
