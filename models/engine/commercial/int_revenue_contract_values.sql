-- Grain: one row per contract x modification (null: at inception), with its total contract value:
-- the fixed consideration, then plus added prices and signed amounts, less credit notes.
with

prices as (

    select * from {{ ref('int_revenue_transaction_prices') }}

),

versions as (

    select * from {{ ref('int_revenue_versions') }}

),

steps as (

    select * from {{ ref('int_revenue_steps') }}

),

timeline as (

    select * from {{ ref('int_revenue_timeline') }}
    where step_no is not null

),

line_terms as (

    select * from {{ ref('int_revenue_line_terms') }}

),

amended as (

    select
        contract_key,
        step_no,
        cast(sum(signed_minor) as bigint) as moved_minor
    from {{ ref('int_revenue_amendment_amounts') }}
    group by contract_key, step_no

),

moved as (

    select
        steps.contract_key,
        steps.step_no,
        steps.timeline_no,
        steps.occurred_on,
        steps.modification_id,
        case steps.step_kind
            when 'modification' then coalesce(amended.moved_minor, 0)
            when 'credit_note' then -timeline.amount_minor
            when 'price_concession' then timeline.amount_minor
            when 'option_exercise' then coalesce(timeline.amount_minor, line_terms.price_minor, 0)
            else 0
        end as moved_minor
    from steps
    inner join timeline
        on
        steps.contract_key = timeline.contract_key
        and steps.timeline_no = timeline.timeline_no
    left join amended
        on
        steps.contract_key = amended.contract_key
        and steps.step_no = amended.step_no
    left join line_terms
        on timeline.to_line_key = line_terms.line_key

),

final as (

    -- A version's own movement is that of the steps inside it.
    select
        versions.contract_key,
        versions.modification_id,
        versions.from_timeline_no,
        versions.through_timeline_no,
        versions.occurred_on,
        prices.fixed_minor + cast(
            coalesce(
                sum(
                    case
                        when moved.timeline_no <= versions.through_timeline_no
                            then moved.moved_minor
                    end
                ),
                0
            ) as bigint
        ) as value_minor,
        cast(
            coalesce(
                sum(
                    case
                        when
                            moved.timeline_no between versions.from_timeline_no
                            and versions.through_timeline_no
                            then moved.moved_minor
                    end
                ),
                0
            ) as bigint
        ) as moved_minor
    from versions
    inner join prices
        on versions.contract_key = prices.contract_key
    left join moved
        on versions.contract_key = moved.contract_key
    group by
        versions.contract_key,
        versions.modification_id,
        versions.from_timeline_no,
        versions.through_timeline_no,
        versions.occurred_on,
        prices.fixed_minor

)

select * from final
