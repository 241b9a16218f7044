-- Grain: one row per contract line version x accounting period in which minimums, estimates or
-- credit memos add anything to its price, by the contract's terms and the ERP's. Minor units of the
-- order.
with

movements as (

    select * from {{ ref('int_chain_variable_movements') }}

),

first_periods as (

    select * from {{ ref('int_chain_first_periods') }}

),

placed as (

    -- What came before the first period of the version counts in it.
    select
        movements.* exclude (period_no),
        greatest(movements.period_no, first_periods.period_no) as period_no
    from movements
    inner join first_periods
        on movements.contract_line_version_id = first_periods.contract_line_version_id
    where movements.view_name in ('contract', 'synced')

),

summed as (

    select
        contract_line_version_id,
        period_no,
        sum(minimum_minor) filter (where view_name = 'contract') as stated_minimum_minor,
        sum(minimum_minor) filter (where view_name = 'synced') as erp_minimum_minor,
        sum(estimated_minor) filter (where view_name = 'contract') as stated_estimate_minor,
        sum(estimated_minor) filter (where view_name = 'synced') as erp_estimate_minor,
        sum(credited_minor) filter (where view_name = 'synced') as erp_credit_minor
    from placed
    group by contract_line_version_id, period_no

),

final as (

    select
        {% for name, sum in chain_running_sums().items() if sum.relation == 'varied' -%}
            cast(coalesce({{ name }}, 0) as {{ sum.data_type }}) as {{ name }},
        {% endfor -%}
        contract_line_version_id,
        period_no
    from summed

)

select * from final
