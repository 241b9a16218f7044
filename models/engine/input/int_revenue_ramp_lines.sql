-- Grain: one row per ERP contract line version (x ERP record) that is a step of a price ramp of its
-- own (not of a package, whose price is shared by standalone selling price), with its amount by the
-- contract's terms: level over the ramp where the policy says so, as priced where it does not,
-- whatever the ERP did. An allocation of the ERP that is neither is taken as it is: then it is a
-- mismatch.
with

contract_lines as (

    select
        *,
        bool_or(witness = 'crm' and allocation = 'relative_ssp') over (partition by contract_id)
            as is_sold_together
    from {{ ref('fct_contract_lines') }}

),

assigned as (

    select * from {{ ref('int_revenue_assigned_policies') }}

),

policies as (

    select * from {{ ref('int_revenue_policies') }}

),

erp_steps as (

    select
        erp_lines.contract_line_version_id,
        erp_lines.contract_id,
        erp_lines.ramp_group,
        erp_lines.record_id,
        erp_lines.quantity,
        erp_lines.amount_minor,
        erp_lines.allocated_minor,
        coalesce(crm_lines.starts_on, erp_lines.starts_on) as starts_on,
        coalesce(crm_lines.ends_on, erp_lines.ends_on) as ends_on,
        coalesce(assigned.ramp = 'straight_line', false) as is_leveled_by_terms,
        policies.proration,
        'largest_remainder' as allocation_residual
    from contract_lines as erp_lines
    left join contract_lines as crm_lines
        on
        erp_lines.contract_line_version_id = crm_lines.contract_line_version_id
        and crm_lines.witness = 'crm'
    left join assigned
        on erp_lines.contract_line_version_id = assigned.contract_line_version_id
    left join policies
        on assigned.policy_id = policies.policy_id
    where
        erp_lines.witness = 'erp'
        and erp_lines.ramp_group is not null
        and erp_lines.change_kind = 'initial'
        and erp_lines.duplicate_of_record_id is null
        and not erp_lines.is_sold_together

),

measured as (

    {{ with_term_measures('erp_steps') }}

),

weighted as (

    select
        *,
        row_number() over (
            partition by contract_id, ramp_group order by record_id, contract_line_version_id
        ) as line_no,
        cast(sum(amount_minor) over ramp as bigint) as split_minor,
        cast(coalesce(
            case
                when is_leveled_by_terms and proration = 'even_periods'
                    then last_period_no - first_period_no + 1
                else term_days
            end, 0
        ) as hugeint) as split_weight,
        bool_or(allocated_minor != amount_minor) over ramp as is_reallocated,
        min(quantity) over ramp = max(quantity) over ramp as is_one_service
    from measured
    window ramp as (partition by contract_id, ramp_group)

),

shared as (

    {{ split_by_weights('weighted', ['contract_id', 'ramp_group']) }}

),

judged as (

    -- Each of two systems rounds its shares: a minor unit apart they are the same.
    select
        *,
        is_reallocated and bool_and(abs(allocated_minor - share_minor) <= 1) over (
            partition by contract_id, ramp_group
        ) as is_leveled_by_erp
    from shared

),

final as (

    select
        contract_line_version_id,
        record_id,
        case
            when is_leveled_by_terms and not is_reallocated then share_minor
            when is_leveled_by_terms then allocated_minor
            when is_leveled_by_erp and is_one_service then amount_minor
            else allocated_minor
        end as terms_minor,
        case
            when not is_leveled_by_terms then 0
            when is_leveled_by_erp then allocated_minor - amount_minor
            else share_minor - amount_minor
        end as leveled_minor
    from judged

)

select * from final
