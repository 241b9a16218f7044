-- Grain: one row per view (contract, erp) x contract line version x fault of the version itself
-- that keeps the engine from computing its contract. The synced view only repeats the other two.
with

stated as (

    select
        *,
        change_kind = 'cancellation' as is_cancellation,
        -- Its policy may earn it over its dates.
        recognition_pattern = 'usage' and amount_minor != 0 as is_commitment,
        count(*) over (partition by contract_key) as contract_lines
    from {{ ref('int_revenue_stated_views') }}
    where view_name in ('contract', 'erp')

),

governed as (

    select
        stated.*,
        case
            when stated.recognition_pattern = 'ratable'
                then coalesce(stated.proration, 'none given')
        end as named_policy_id,
        policies.policy_id,
        revised.record_id as known_revised_record_id
    from stated
    left join {{ ref('int_revenue_policies') }} as policies
        on stated.proration = policies.policy_id
    left join stated as revised
        on
        stated.view_name = revised.view_name
        and stated.revised_record_id = revised.record_id

),

found as (

    select
        *,
        'no_dates' as hold_code,
        'starts_on' as field_name,
        'A line recognized as ' || recognition_pattern || ' has no starts_on.' as message,
        'Give the first and the last day of service.' as fix
    from governed
    where
        starts_on is null
        and (
            recognition_pattern in ('ratable', 'point_in_time')
            or is_added
            or is_commitment
        )

    union all

    select
        *,
        'no_dates' as hold_code,
        'ends_on' as field_name,
        'A line recognized as ' || recognition_pattern || ' has no ends_on.' as message,
        'Give the first and the last day of service.' as fix
    from governed
    where
        ends_on is null
        and (recognition_pattern in ('ratable', 'drawdown') or is_commitment)
        and not is_cancellation

    union all

    select
        *,
        'dates_reversed' as hold_code,
        'ends_on' as field_name,
        'No day of service lies between ' || starts_on || ' and ' || ends_on || '.' as message,
        'Correct the dates.' as fix
    from governed
    where ends_on < starts_on and recognition_pattern = 'ratable' and not is_cancellation

    union all

    select
        *,
        'unknown_line' as hold_code,
        'revised_record_id' as field_name,
        'The version revises ' || revised_record_id || ', which is no line.' as message,
        'Restore or activate that record, or correct what the version revises.' as fix
    from governed
    where revised_record_id is not null and known_revised_record_id is null

    union all

    select
        *,
        'unknown_policy' as hold_code,
        'recognition_pattern' as field_name,
        coalesce(recognition_pattern, 'none') || ' is not a value of recognition_pattern.'
            as message,
        'Give its product family or rule one of ratable, point_in_time, usage, drawdown in the '
        || 'seed recognition_policies.' as fix
    from governed
    where
        coalesce(recognition_pattern, 'none')
        not in ('ratable', 'point_in_time', 'usage', 'drawdown')

    union all

    select
        *,
        'unknown_policy' as hold_code,
        'proration' as field_name,
        named_policy_id || ' is not a policy.' as message,
        'Name a policy of the seed revenue_policies in recognition_policies.' as fix
    from governed
    where named_policy_id is not null and policy_id is null

    union all

    select
        *,
        'no_ssp' as hold_code,
        case when selling_price_percent is null then 'selling_price' else 'selling_price_group' end
            as field_name,
        'The allocation needs the standalone selling price of the line.' as message,
        'Add the product to the price book of standalone selling prices, or its group of lines to '
        || 'the seed recognition_policies.' as fix
    from governed
    where
        is_allocated
        and contract_lines > 1
        and not is_cancellation
        and (recognition_pattern != 'usage' or amount_minor > 0)
        and case
            when selling_price_percent is null then selling_price is null
            else selling_price_group is null
        end

)

select
    contract_id,
    view_name,
    contract_key,
    contract_line_id,
    record_id,
    hold_code,
    field_name,
    message,
    fix
from found
