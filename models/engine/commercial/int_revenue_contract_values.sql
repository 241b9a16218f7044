-- Grain: one row per contract x modification (null: at inception), with its total contract value: the
-- fixed consideration, then plus added prices and signed amounts, less credit notes.
with

prices as (

    select * from {{ ref('int_revenue_transaction_prices') }}

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
        steps.position,
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
        and steps.position = timeline.position
    left join amended
        on
        steps.contract_key = amended.contract_key
        and steps.step_no = amended.step_no
    left join line_terms
        on timeline.to_line_key = line_terms.line_key

),

accumulated as (

    select
        moved.*,
        prices.fixed_minor + cast(
            sum(moved.moved_minor) over (
                partition by moved.contract_key
                order by moved.step_no
                rows between unbounded preceding and current row
            ) as bigint
        ) as value_minor
    from moved
    inner join prices
        on moved.contract_key = prices.contract_key

),

final as (

    select
        contract_key,
        cast(null as varchar) as modification_id,
        0 as position,
        cast(null as date) as occurred_on,
        fixed_minor as value_minor,
        cast(null as bigint) as moved_minor
    from prices

    union all

    select
        contract_key,
        modification_id,
        max(position) as position,
        min(occurred_on) as occurred_on,
        max_by(value_minor, step_no) as value_minor,
        cast(sum(moved_minor) as bigint) as moved_minor
    from accumulated
    where modification_id is not null
    group by contract_key, modification_id

)

select * from final
