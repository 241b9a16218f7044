-- Grain: one row per contract x view (contract, erp) x hold code x record x field: why the
-- contract is not computed. Everything that is wrong with it is said at once; int_revenue_views
-- leaves it out.
with

stated as (

    select * from {{ ref('int_revenue_stated_views') }}
    where view_name in ('contract', 'erp')

),

counted as (

    select
        *,
        sum(quantity) over (
            partition by contract_key, contract_line_id
            order by version_no
            rows between unbounded preceding and current row
        ) as quantity_left
    from stated
    where view_name = 'contract'

),

policy_faults as (

    select * from {{ ref('int_revenue_policy_faults') }}

),

found as (

    select * from {{ ref('int_revenue_line_faults') }}

    union all

    -- The change that goes too far. What the ERP has not heard of may leave it with less than
    -- nothing: the chain says so.
    select
        contract_id,
        view_name,
        contract_key,
        contract_line_id,
        record_id,
        'negative_quantity' as hold_code,
        'quantity' as field_name,
        'The change leaves ' || {{ quantity_text('quantity_left') }} || ' of the line.' as message,
        'Reduce by no more than the line has.' as fix
    from counted
    where quantity_left < 0 and quantity_left - quantity >= 0

    union all

    select
        later.contract_id,
        later.view_name,
        later.contract_key,
        later.contract_line_id,
        later.record_id,
        'overlapping_versions' as hold_code,
        'change_kind' as field_name,
        'The line starts twice: ' || min(earlier.record_id) || ' is initial on the same days.'
            as message,
        'Say which of the two changes the other, or make them two lines.' as fix
    from stated as later
    inner join stated as earlier
        on
        later.view_name = earlier.view_name
        and later.contract_line_id = earlier.contract_line_id
        and later.contract_key = earlier.contract_key
        and later.contract_line_version_id != earlier.contract_line_version_id
        and later.line_no > earlier.line_no
        and later.starts_on <= earlier.ends_on
        and later.ends_on >= earlier.starts_on
    where later.change_kind = 'initial' and earlier.change_kind = 'initial'
    group by
        later.contract_id,
        later.view_name,
        later.contract_key,
        later.contract_line_id,
        later.record_id

    union all

    -- A cancellation ends its contract: of lines that are accounted for together, each.
    select
        cancelled.contract_id,
        cancelled.view_name,
        cancelled.contract_key,
        cancelled.contract_line_id,
        cancelled.record_id,
        'partly_cancelled' as hold_code,
        'change_kind' as field_name,
        'One line of a package is cancelled, ' || min(siblings.record_id) || ' goes on.' as message,
        'Cancel the others as well, or account for the lines one by one (policy).' as fix
    from stated as cancelled
    inner join stated as siblings
        on
        cancelled.contract_key = siblings.contract_key
        and cancelled.contract_line_id != siblings.contract_line_id
        and cancelled.cancelled_on <= coalesce(siblings.ends_on, siblings.starts_on)
    where
        cancelled.change_kind = 'cancellation'
        and siblings.contract_line_id not in (
            select ended.contract_line_id
            from stated as ended
            where
                ended.contract_key = cancelled.contract_key
                and ended.change_kind = 'cancellation'
        )
    group by
        cancelled.contract_id,
        cancelled.view_name,
        cancelled.contract_key,
        cancelled.contract_line_id,
        cancelled.record_id

    union all

    -- A policy that cannot be read holds what follows it.
    select
        stated.contract_id,
        stated.view_name,
        stated.contract_key,
        stated.contract_line_id,
        stated.record_id,
        'unknown_policy' as hold_code,
        policy_faults.setting as field_name,
        policy_faults.message,
        policy_faults.fix
    from stated
    inner join policy_faults
        on
        policy_faults.policy_id in (
            stated.assigned_policy_id,
            stated.contract_policy_id,
            case stated.recognition_pattern when 'ratable' then stated.proration end
        )
        or (policy_faults.is_default and stated.contract_policy_id is null)

)

select * from found
