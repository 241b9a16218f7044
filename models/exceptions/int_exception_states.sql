-- Grain: one row per exception, with its status. An explanation holds for the amount it explained:
-- when that moves beyond the tolerance, or its last day passes, the exception is back.
with

lives as (

    select * from {{ ref('int_exception_lives') }}

),

decisions as (

    select * from {{ ref('int_exception_decisions') }}

),

entities as (

    select * from {{ ref('int_chain_entities') }}

),

materiality as (

    select * from {{ ref('int_exception_materiality') }}

),

joined as (

    select
        lives.*,
        entities.entity_id,
        entities.entity_name,
        materiality.absolute_rpt as materiality_absolute_rpt,
        materiality.relative_rpt as materiality_relative_rpt,
        abs(lives.amount_rpt) >= materiality.threshold_rpt and lives.amount_rpt != 0 as is_material,
        decisions.owner as decided_owner,
        decisions.decision_no,
        decisions.explanation,
        decisions.explained_amount_rpt,
        decisions.explained_by,
        decisions.explained_on,
        decisions.explanation_expires_on,
        case
            when decisions.decision_no is null or not lives.is_present then null
            when lives.as_of_date > decisions.explanation_expires_on then 'date_passed'
            when
                abs(lives.amount_rpt - decisions.explained_amount_rpt)
                > cast('{{ var("explanation_tolerance") }}' as decimal(18, 3))
                then 'amount_moved'
        end as expired_because
    from lives
    left join entities
        on lives.contract_line_id = entities.contract_line_id
    inner join materiality
        on coalesce(entities.entity_id, '*') = materiality.entity_id
    left join decisions
        on lives.exception_id = decisions.exception_id

),

final as (

    select
        *,
        case
            when not is_present then 'cleared'
            when expired_because is not null then 'expired_explanation'
            when decision_no is not null then 'explained'
            else 'open'
        end as status
    from joined

)

select * from final
