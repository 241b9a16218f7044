-- Grain: one row per contract whose balances are asked x thing that moves them: an invoice, a
-- credit note, a payment, customer credit, a posting of revenue, and a row of zeros for each
-- asked day. An invoice counts from its date, or from the day it falls due where that makes it a
-- right.
with

contracts as (

    select
        contracts.*,
        policies.receivable_on
    from {{ ref('int_revenue_contracts') }} as contracts
    left join {{ ref('int_revenue_policies') }} as policies
        on contracts.policy_id = policies.policy_id

),

asked_contracts as (

    select contract_key from {{ ref('int_revenue_as_of') }}
    union
    select contract_key from {{ ref('int_revenue_daily_rates') }}

),

timeline as (

    select timeline.*
    from {{ ref('int_revenue_timeline') }} as timeline
    inner join asked_contracts
        on timeline.contract_key = asked_contracts.contract_key

),

postings as (

    select postings.*
    from {{ ref('int_revenue_postings') }} as postings
    inner join asked_contracts
        on postings.contract_key = asked_contracts.contract_key

),

line_terms as (

    select * from {{ ref('int_revenue_line_terms') }}

),

as_of_days as (

    select * from {{ ref('int_revenue_as_of') }}

),

final as (

    select
        timeline.contract_key,
        case
            when timeline.event_type = 'invoice' and contracts.receivable_on = 'due_date'
                then coalesce(timeline.due_on, timeline.occurred_on)
            else timeline.occurred_on
        end as moved_on,
        case timeline.event_type
            when 'invoice' then timeline.amount_minor
            when 'credit_note' then -timeline.amount_minor
            else 0
        end as due_minor,
        case timeline.event_type
            when 'cash' then timeline.amount_minor
            when 'credit_applied' then timeline.amount_minor
            when 'refund' then -timeline.amount_minor
            when 'credit_granted' then -timeline.amount_minor
            else 0
        end as settled_minor,
        case timeline.event_type
            when 'credit_opening' then timeline.amount_minor
            when 'credit_granted' then timeline.amount_minor
            when 'credit_applied' then -timeline.amount_minor
            else 0
        end as credit_minor,
        0 as revenue_minor,
        0 as performed_minor
    from timeline
    inner join contracts
        on timeline.contract_key = contracts.contract_key
    where
        timeline.event_type in (
            'invoice', 'credit_note', 'cash', 'refund', 'credit_opening', 'credit_granted',
            'credit_applied'
        )

    union all

    select
        postings.contract_key,
        postings.posted_on as moved_on,
        0 as due_minor,
        0 as settled_minor,
        0 as credit_minor,
        postings.amount_minor as revenue_minor,
        -- Usage without a committed price is no part of the remaining performance obligation.
        case
            when postings.posting_kind = 'interest' then 0
            when line_terms.pattern != 'usage' or line_terms.price_minor > 0
                then postings.amount_minor
            else 0
        end as performed_minor
    from postings
    left join line_terms
        on postings.line_key = line_terms.line_key

    union all

    select distinct
        contract_key,
        as_of as moved_on,
        0 as due_minor,
        0 as settled_minor,
        0 as credit_minor,
        0 as revenue_minor,
        0 as performed_minor
    from as_of_days

)

select * from final
