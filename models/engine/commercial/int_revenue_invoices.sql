-- Grain: one row per contract x measure x asked period (usage, true_up, total) or modification x
-- line (proration; line null: all lines), with what is invoiced.
with

bands as (

    select * from {{ ref('int_revenue_bands') }}

),

usage_charges as (

    select * from {{ ref('int_revenue_usage_charges') }}

),

true_ups as (

    select * from {{ ref('int_revenue_minimum_true_ups') }}

),

amendment_amounts as (

    select * from {{ ref('int_revenue_amendment_amounts') }}
    where modification_id is not null

),

charged as (

    select
        bands.contract_key,
        bands.period_id,
        cast(coalesce(sum(usage_charges.charge_minor), 0) as bigint) as usage_minor
    from bands
    left join usage_charges
        on
        bands.contract_key = usage_charges.contract_key
        and usage_charges.occurred_on between bands.starts_on and bands.ends_on
    group by bands.contract_key, bands.period_id

),

charged_lines as (

    select
        bands.contract_key,
        bands.period_id,
        usage_charges.line_key,
        cast(sum(usage_charges.charge_minor) as bigint) as usage_minor
    from bands
    inner join usage_charges
        on
        bands.contract_key = usage_charges.contract_key
        and usage_charges.occurred_on between bands.starts_on and bands.ends_on
    group by bands.contract_key, bands.period_id, usage_charges.line_key

),

trued_up as (

    select
        bands.contract_key,
        bands.period_id,
        cast(coalesce(sum(true_ups.true_up_minor), 0) as bigint) as true_up_minor
    from bands
    left join true_ups
        on
        bands.contract_key = true_ups.contract_key
        and true_ups.due_on between bands.starts_on and bands.ends_on
    group by bands.contract_key, bands.period_id

),

prorated as (

    select
        contract_key,
        modification_id,
        line_key,
        cast(sum(signed_minor) as bigint) as signed_minor
    from amendment_amounts
    group by grouping sets (
        (contract_key, modification_id, line_key), (contract_key, modification_id)
    )

)

select
    charged.contract_key,
    cast(null as varchar) as modification_id,
    charged.period_id,
    cast(null as varchar) as line_key,
    measures.measure,
    case measures.measure
        when 'usage' then charged.usage_minor
        when 'true_up' then trued_up.true_up_minor
        else charged.usage_minor + trued_up.true_up_minor
    end as amount_minor
from charged
inner join trued_up
    on
    charged.contract_key = trued_up.contract_key
    and charged.period_id = trued_up.period_id
cross join (values ('usage'), ('true_up'), ('total')) as measures (measure)

union all

select
    contract_key,
    modification_id,
    null as period_id,
    line_key,
    'proration' as measure,
    signed_minor as amount_minor
from prorated

union all

select
    contract_key,
    null as modification_id,
    period_id,
    line_key,
    'usage' as measure,
    usage_minor as amount_minor
from charged_lines
