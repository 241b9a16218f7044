-- Grain: one row per contract line version x accounting period, to the reporting period, in which
-- its terms earn, charge or use up anything, each by its view. Minor units of the order.
with

schedule as (

    select * from {{ ref('int_chain_schedule') }}

),

first_periods as (

    select * from {{ ref('int_chain_first_periods') }}

),

accounting_periods as (

    select * from {{ ref('dim_accounting_period') }}
    where has_ended

),

placed as (

    -- What came before the first period of the version counts in it.
    select
        schedule.* exclude (period_no),
        greatest(schedule.period_no, first_periods.period_no) as period_no
    from schedule
    inner join first_periods
        on schedule.contract_line_version_id = first_periods.contract_line_version_id
    inner join accounting_periods
        on schedule.period_no = accounting_periods.period_no
    -- Of the contract's own view only charges are a step of the chain.
    where schedule.view_name != 'contract' or schedule.charged_minor != 0

),

summed as (

    select
        contract_line_version_id,
        period_no,
        sum(earned_minor) filter (where view_name = 'synced') as earned_minor,
        sum(earned_minor) filter (where view_name = 'dated') as dated_minor,
        sum(earned_minor) filter (where view_name = 'ruled') as ruled_minor,
        sum(earned_minor) filter (where view_name = 'erp') as erp_earned_minor,
        sum(charged_minor) filter (where view_name = 'contract') as charged_minor,
        sum(charged_minor) filter (where view_name = 'synced') as erp_charged_minor,
        sum(used_quantity) filter (where view_name = 'synced') as used_quantity
    from placed
    group by contract_line_version_id, period_no

),

final as (

    select
        {% for name, sum in chain_running_sums().items() if sum.relation == 'earned' -%}
            cast(coalesce({{ name }}, 0) as {{ sum.data_type }}) as {{ name }},
        {% endfor -%}
        contract_line_version_id,
        period_no
    from summed

)

select * from final
