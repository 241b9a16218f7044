-- Grain: one row per event of a contract, in the order events take effect. Rows that share a
-- modification are taken together at the place of the first of them, amendments before the rest.
-- step_no numbers what changes the state of the contract: a modification, an estimate that moves,
-- a credit note, a concession, a royalty, an exercised option. Deliveries and usage change nothing.
with

events as (

    select * from {{ ref('int_revenue_events') }}

),

contracts as (

    select * from {{ ref('int_revenue_contracts') }}

),

kinds as (

    select
        events.*,
        contracts.currency_decimals,
        case
            when
                events.event_type in (
                    'amendment_add', 'amendment_change', 'amendment_reprice', 'amendment_remove',
                    'termination', 'termination_fee'
                )
                then 'modification'
            when
                events.event_type in ('price_estimate', 'refund_estimate')
                and events.occurred_on > contracts.signed_on
                then 'estimate'
            when
                events.event_type in (
                    'credit_note', 'price_concession', 'royalty', 'option_exercise'
                )
                then events.event_type
        end as step_kind,
        events.event_type in ('price_estimate', 'refund_estimate')
        and events.occurred_on <= contracts.signed_on as is_inception_estimate,
        min(events.event_no) over (
            partition by
                events.contract_key,
                coalesce(events.modification_id, cast(events.event_no as varchar))
        ) as group_no
    from events
    inner join contracts
        on events.contract_key = contracts.contract_key

),

placed as (

    select
        *,
        coalesce(step_kind = 'modification', false) as is_amendment,
        row_number() over (
            partition by contract_key
            order by
                group_no asc, coalesce(step_kind = 'modification', false) desc, event_no asc
        ) as timeline_no
    from kinds

),

step_starts as (

    -- All amendments of a modification are one step, anything else is its own.
    select
        *,
        case
            when step_kind is null then null
            when is_amendment
                then min(timeline_no) over (partition by contract_key, group_no, is_amendment)
            else timeline_no
        end as step_position
    from placed

),

final as (

    select
        contract_key,
        cast(timeline_no as integer) as timeline_no,
        cast(
            case
                when step_kind is not null
                    then dense_rank() over (
                            partition by contract_key, step_kind is null order by step_position
                        )
            end as integer
        ) as step_no,
        step_kind,
        is_amendment,
        is_inception_estimate,
        event_no,
        event_type,
        occurred_on,
        line_key,
        to_line_key,
        modification_id,
        component_id,
        quantity,
        amount,
        {{ minor_from_decimal('amount', 'currency_decimals') }} as amount_minor,
        unit_price,
        ssp,
        starts_on,
        ends_on,
        due_on,
        constrained_to,
        currency_decimals
    from step_starts

)

select * from final
