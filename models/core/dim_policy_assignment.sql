-- Grain: one row per policy assignment, with the product, contract or contract line it names.
with

assignments as (

    select
        *,
        cast(
            row_number() over (order by scope, record_id, effective_from, policy_id) as integer
        ) as assignment_no
    from {{ ref('policy_assignments') }}

),

products as (

    select * from {{ ref('dim_product') }}

),

contracts as (

    select * from {{ ref('dim_contract') }}

),

contract_lines as (

    select * from {{ ref('dim_contract_line') }}

),

records as (

    select
        'product' as scope,
        salesforce_product_id as record_id,
        product_id as record_key
    from products

    union all

    select
        'product' as scope,
        product_code as record_id,
        product_id as record_key
    from products

    union all

    select
        'contract' as scope,
        salesforce_contract_id as record_id,
        contract_id as record_key
    from contracts

    union all

    select
        'contract' as scope,
        contract_number as record_id,
        contract_id as record_key
    from contracts

    union all

    select
        'line' as scope,
        crm_record_id as record_id,
        contract_line_id as record_key
    from contract_lines

),

matched as (

    select
        assignments.assignment_no,
        min(records.record_key) as record_key,
        count(distinct records.record_key) as records_found
    from assignments
    left join records
        on
        assignments.scope = records.scope
        -- A code of 15 characters is taken as it is, too.
        and records.record_id in (
            assignments.record_id, {{ salesforce_id_18('assignments.record_id') }}
        )
    group by assignments.assignment_no

),

final as (

    select
        assignments.assignment_no,
        assignments.scope,
        assignments.record_id,
        matched.record_key,
        cast(matched.records_found as integer) as records_found,
        assignments.policy_id,
        assignments.effective_from,
        assignments.effective_to,
        assignments.owner,
        assignments.rationale
    from assignments
    inner join matched
        on assignments.assignment_no = matched.assignment_no

)

select * from final
