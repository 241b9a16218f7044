-- Grain: one row per contract line x accounting period in which any of the three has an amount.
-- expected: what the contract's terms earn; planned: what the ERP's plans schedule; posted: what
-- its ledger took in (manual: by no plan). Future periods carry expected and planned.
with

expected as (

    select
        schedule.contract_line_id,
        schedule.period_no,
        schedule.earned_minor * scoped_versions.crm_scale as earned_minor
    from {{ ref('int_chain_schedule') }} as schedule
    inner join {{ ref('int_chain_scoped_versions') }} as scoped_versions
        on schedule.contract_line_version_id = scoped_versions.contract_line_version_id
    where schedule.view_name = 'contract'

),

erp_revenue as (

    select * from {{ ref('int_chain_erp_revenue') }}

),

combined as (

    select
        contract_line_id,
        period_no,
        earned_minor as expected_minor,
        0 as planned_minor,
        0 as posted_minor,
        0 as prior_period_minor,
        0 as posted_fn_minor,
        0 as manual_minor,
        0 as manual_fn_minor
    from expected

    union all

    select
        contract_line_id,
        period_no,
        0 as expected_minor,
        planned_minor,
        posted_minor,
        prior_period_minor,
        posted_fn_minor,
        manual_minor,
        manual_fn_minor
    from erp_revenue

),

summed as (

    select
        contract_line_id,
        period_no,
        sum(expected_minor) as expected_minor,
        sum(planned_minor) as planned_minor,
        sum(posted_minor) as posted_minor,
        sum(prior_period_minor) as prior_period_minor,
        sum(posted_fn_minor) as posted_fn_minor,
        sum(manual_minor) as manual_minor,
        sum(manual_fn_minor) as manual_fn_minor
    from combined
    group by contract_line_id, period_no

),

contract_lines as (

    select * from {{ ref('int_chain_contract_lines') }}

),

accounting_periods as (

    select * from {{ ref('dim_accounting_period') }}

),

currencies as (

    select * from {{ ref('dim_currency') }}

),

reporting_currency as (

    select * from {{ ref('dim_currency') }}
    where is_reporting_currency

),

final as (

    select
        {{ surrogate_key(['summed.contract_line_id', 'accounting_periods.period_key']) }}
            as recognized_revenue_id,
        summed.contract_line_id,
        contract_lines.contract_id,
        contract_lines.customer_id,
        contract_lines.product_id,
        accounting_periods.period_key,
        accounting_periods.period_no,
        accounting_periods.period_name,
        contract_lines.currency_code,
        reporting_currency.currency_code as functional_currency_code,
        {{ money('cast(summed.expected_minor as bigint)', 'currencies.minor_unit_value') }}
            as expected_txn,
        {{ money('cast(summed.planned_minor as bigint)', 'currencies.minor_unit_value') }}
            as planned_txn,
        {{ money('cast(summed.posted_minor as bigint)', 'currencies.minor_unit_value') }}
            as posted_txn,
        {{ money('cast(summed.prior_period_minor as bigint)', 'currencies.minor_unit_value') }}
            as prior_period_adjustment_txn,
        {{ money('cast(summed.posted_fn_minor as bigint)',
            'reporting_currency.minor_unit_value') }} as posted_fn,
        {{ money('cast(summed.posted_fn_minor as bigint)',
            'reporting_currency.minor_unit_value') }} as posted_rpt,
        {{ money('cast(summed.manual_minor as bigint)', 'currencies.minor_unit_value') }}
            as manual_txn,
        {{ money('cast(summed.manual_fn_minor as bigint)',
            'reporting_currency.minor_unit_value') }} as manual_fn,
        {{ money('cast(summed.manual_fn_minor as bigint)',
            'reporting_currency.minor_unit_value') }} as manual_rpt,
        contract_lines.crm_rate,
        contract_lines.crm_rate_type,
        contract_lines.crm_rated_on,
        contract_lines.erp_rate,
        contract_lines.erp_rate_type,
        contract_lines.erp_rated_on,
        contract_lines.crm_record_id,
        contract_lines.erp_record_id,
        contract_lines.crm_url,
        contract_lines.erp_url
    from summed
    inner join accounting_periods
        on summed.period_no = accounting_periods.period_no
    inner join contract_lines
        on summed.contract_line_id = contract_lines.contract_line_id
    inner join currencies
        on contract_lines.currency_code = currencies.currency_code
    cross join reporting_currency

)

select * from final
