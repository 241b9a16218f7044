-- Grain: one row per view x contract line version x record that makes its price vary: the contract
-- by what the CRM states, the other views by what the ERP does.
with

views as (

    select * from {{ ref('int_revenue_views') }}

),

variable_terms as (

    select * from {{ ref('fct_variable_terms') }}

),

stated as (

    select
        views.view_name,
        views.contract_key,
        views.line_key,
        views.line_no,
        views.currency_code,
        views.contract_line_version_id,
        variable_terms.variable_term_id,
        variable_terms.term_kind,
        variable_terms.effective_on,
        variable_terms.amount_minor,
        -- An estimate says what is expected in all.
        cast(
            sum(variable_terms.amount_minor) over (
                partition by views.line_key, variable_terms.term_kind
                order by variable_terms.effective_on, variable_terms.variable_term_id
            ) as bigint
        ) as total_minor
    from views
    inner join variable_terms
        on
        views.contract_line_version_id = variable_terms.contract_line_version_id
        and views.record_id = variable_terms.line_record_id
        and case views.view_name when 'contract' then 'crm' else 'erp' end
        = variable_terms.witness

),

final as (

    -- A rebate that is expected is a refund; a credit memo lowers the price.
    select
        *,
        case term_kind
            when 'credit_memo' then 'credit_note'
            when 'rebate_estimate' then 'refund_estimate'
        end as event_type,
        case term_kind when 'credit_memo' then -amount_minor else -total_minor end
            as event_amount_minor
    from stated

)

select * from final
