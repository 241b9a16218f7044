-- Grain: one row per exception that somebody decided about: the explanation accepted last, and the
-- owner named last.
with

decisions as (

    select * from {{ ref('exception_explanations') }}

),

owners as (

    select
        exception_id,
        owner
    from decisions
    qualify row_number() over (partition by exception_id order by decision_no desc) = 1

),

accepted as (

    select * from decisions
    where decision = 'accepted'
    qualify row_number() over (partition by exception_id order by decision_no desc) = 1

),

final as (

    select
        owners.exception_id,
        owners.owner,
        accepted.decision_no,
        accepted.explanation,
        accepted.amount_rpt as explained_amount_rpt,
        accepted.decided_by as explained_by,
        accepted.decided_on as explained_on,
        accepted.expires_on as explanation_expires_on
    from owners
    left join accepted
        on owners.exception_id = accepted.exception_id

)

select * from final
