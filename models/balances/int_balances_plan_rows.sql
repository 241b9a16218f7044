-- Grain: one row per planned revenue row of the ERP x contract line version that shares its record,
-- with its contract and how it was posted.
with

planned_revenue as (

    select * from {{ ref('int_erp_planned_revenue') }}

),

element_lines as (

    select * from {{ ref('int_erp_element_lines') }}

),

changes as (

    select
        variable_terms.revenue_element_id,
        accounting_periods.period_no
    from {{ ref('int_erp_variable_terms') }} as variable_terms
    inner join {{ ref('dim_accounting_period') }} as accounting_periods
        on
        variable_terms.effective_on >= accounting_periods.starts_on
        and variable_terms.effective_on <= accounting_periods.ends_on
    where variable_terms.revenue_element_id is not null

),

contract_lines as (

    select * from {{ ref('fct_contract_lines') }}
    where witness = 'erp'

),

revenue_journals as (

    select * from {{ ref('int_erp_revenue_journals') }}

),

final as (

    select
        planned_revenue.planned_revenue_id,
        planned_revenue.record_id,
        contract_lines.contract_id,
        contract_lines.contract_line_id,
        contract_lines.contract_line_version_id,
        contract_lines.currency_code,
        element_lines.is_charge,
        -- What moves the price of a line, as an estimate or a credit memo does, from its period on.
        changes.period_no as changed_no,
        planned_revenue.journal_id,
        revenue_journals.posting_mode,
        planned_revenue.recognition_account_id,
        planned_revenue.deferral_account_id,
        planned_revenue.planned_period_no,
        planned_revenue.posting_period_no,
        {{ share_between(
            'planned_revenue.amount_minor', 'contract_lines.share_before',
            'contract_lines.share_through', 'contract_lines.share_total'
        ) }} as amount_minor,
        {{ share_between(
            'planned_revenue.amount_fn_minor', 'contract_lines.share_before',
            'contract_lines.share_through', 'contract_lines.share_total'
        ) }} as amount_fn_minor
    from planned_revenue
    inner join element_lines
        on planned_revenue.revenue_element_id = element_lines.revenue_element_id
    inner join contract_lines
        on planned_revenue.record_id = contract_lines.record_id
    left join changes
        on planned_revenue.revenue_element_id = changes.revenue_element_id
    left join revenue_journals
        on planned_revenue.journal_id = revenue_journals.journal_id

)

select * from final
