-- Grain: one row per decision x exception it covers: the amount it was made for and what the
-- exception is now. Of a bulk decision the rows say how much it covered and how much still stands.
with

decisions as (

    select * from {{ ref('exception_explanations') }}

),

exceptions as (

    select * from {{ ref('fct_exceptions') }}

),

final as (

    select
        {{ surrogate_key(['decisions.decision_no', 'decisions.exception_id']) }}
            as exception_decision_id,
        decisions.decision_no,
        decisions.decision,
        decisions.exception_id,
        decisions.reason_code,
        decisions.contract_number,
        decisions.selected_by,
        decisions.owner,
        decisions.explanation,
        decisions.decided_by,
        decisions.decided_on,
        decisions.expires_on,
        cast(count(*) over (partition by decisions.decision_no) as integer) as covered_count,
        cast(sum(decisions.amount_rpt) over (partition by decisions.decision_no) as decimal(18, 3))
            as covered_amount_rpt,
        decisions.amount_rpt as decided_amount_rpt,
        exceptions.amount_rpt,
        exceptions.status,
        coalesce(
            exceptions.status = 'explained' and exceptions.decision_no = decisions.decision_no,
            false
        ) as is_in_force
    from decisions
    left join exceptions
        on decisions.exception_id = exceptions.exception_id

)

select * from final
