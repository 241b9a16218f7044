-- Grain: one row per contract line version x reason code between what the contract's terms earn and
-- what the ledger holds: the two values that differ. Of several plan rows or journals the earliest
-- speaks for them.
with

erp_terms as (

    select * from {{ ref('int_revenue_erp_terms') }}

),

chain_versions as (

    select * from {{ ref('int_chain_versions') }}

),

contract_lines as (

    select * from {{ ref('fct_contract_lines') }}
    where witness = 'erp'

),

termed as (

    select
        chain_versions.contract_line_id,
        chain_versions.contract_line_version_id,
        erp_terms.has_other_pattern,
        erp_terms.has_other_rule,
        erp_terms.has_other_ramp or erp_terms.leveled_minor != 0 as has_ramp,
        erp_terms.recognition_pattern || ', ' || erp_terms.proration as rule_text,
        erp_terms.erp_pattern || ', ' || erp_terms.erp_proration as erp_rule_text,
        {{ money_text('erp_terms.terms_minor', 'currencies.minor_unit_value') }} as terms_text,
        {{ money_text('erp_terms.allocated_minor', 'currencies.minor_unit_value') }}
            as element_text
    from chain_versions
    inner join erp_terms
        on chain_versions.contract_line_version_id = erp_terms.contract_line_version_id
    left join {{ ref('dim_currency') }} as currencies
        on chain_versions.currency_code = currencies.currency_code
    -- Of several ERP lines the first speaks for the version.
    qualify row_number() over (
            partition by chain_versions.contract_line_version_id order by erp_terms.record_id
        ) = 1

),

waits as (

    select
        contract_lines.contract_line_id,
        contract_lines.contract_line_version_id,
        waits.reason_code,
        waits.revenue_plan_id,
        waits.entered_on,
        planned.period_name as planned_period_name,
        planned.closed_on,
        posted.period_name as until_period_name
    from {{ ref('int_chain_waits') }} as waits
    inner join contract_lines
        on waits.record_id = contract_lines.record_id
    inner join {{ ref('dim_accounting_period') }} as planned
        on waits.planned_period_no = planned.period_no
    left join {{ ref('dim_accounting_period') }} as posted
        on waits.until_period_no = posted.period_no
    qualify row_number() over (
            partition by contract_lines.contract_line_version_id, waits.reason_code
            order by waits.from_period_no, waits.planned_period_no, waits.planned_revenue_id
        ) = 1

),

journals as (

    select
        contract_line_id,
        contract_line_version_id,
        min_by(journal_number, period_no) as journal_number,
        min_by(attributed_by, period_no) as attributed_by,
        count(distinct journal_id) as journal_count
    from {{ ref('int_chain_manual_journals') }}
    where contract_line_version_id is not null
    group by contract_line_id, contract_line_version_id

),

final as (

    select
        contract_line_id,
        contract_line_version_id,
        case when has_other_pattern then 'recognition_rule_mismatch' else 'period_convention' end
            as reason_code,
        'recognition rule' as evidence_label,
        rule_text as crm_value,
        erp_rule_text as erp_value
    from termed
    where has_other_rule

    union all

    select
        contract_line_id,
        contract_line_version_id,
        'ramp_straight_line' as reason_code,
        'amount of the step' as evidence_label,
        terms_text as crm_value,
        element_text as erp_value
    from termed
    where has_ramp

    union all

    select
        contract_line_id,
        contract_line_version_id,
        reason_code,
        'revenue plan' as evidence_label,
        case reason_code
            when 'closed_period_catch_up'
                then planned_period_name || ', closed on ' || cast(closed_on as varchar)
            else 'due in ' || planned_period_name
        end as crm_value,
        case reason_code
            when 'closed_period_catch_up' then 'entered on ' || cast(entered_on as varchar)
            when 'revenue_hold' then 'plan ' || revenue_plan_id || ' on hold'
            else 'plan ' || revenue_plan_id
        end || ', ' || coalesce('posted in ' || until_period_name, 'not posted') as erp_value
    from waits

    union all

    select
        contract_line_id,
        contract_line_version_id,
        'manual_journal' as reason_code,
        'journal' as evidence_label,
        'no revenue plan' as crm_value,
        journal_number || ', named by its ' || attributed_by
        || case when journal_count > 1 then ', and ' || (journal_count - 1) || ' more' else '' end
            as erp_value
    from journals

)

select * from final
