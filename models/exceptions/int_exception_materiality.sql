-- Grain: one row per entity (ERP subsidiary; * for what the ERP does not know): from which amount
-- on an exception is material. The lower of the absolute and the relative threshold counts.
with

thresholds as (

    select * from {{ ref('materiality') }}

),

recognized as (

    select
        entities.entity_id,
        entities.entity_name,
        reconciliation.recognized_movement_rpt
    from {{ ref('fct_reconciliation') }} as reconciliation
    inner join {{ ref('int_chain_entities') }} as entities
        on reconciliation.contract_line_id = entities.contract_line_id
    where reconciliation.is_reporting_period

),

bases as (

    select
        entity_id,
        max(entity_name) as entity_name,
        abs(sum(recognized_movement_rpt)) as base_rpt
    from recognized
    where entity_id is not null
    group by entity_id

    union all

    -- What the ERP does not know is measured by everything.
    select
        '*' as entity_id,
        cast(null as varchar) as entity_name,
        coalesce(abs(sum(recognized_movement_rpt)), 0) as base_rpt
    from recognized

),

chosen as (

    select
        bases.entity_id,
        bases.entity_name,
        bases.base_rpt,
        thresholds.absolute_rpt,
        cast(thresholds.percent * bases.base_rpt * 0.01 as decimal(18, 3)) as relative_rpt
    from bases
    inner join thresholds
        on thresholds.entity in (bases.entity_id, bases.entity_name, '*')
    qualify row_number() over (
            partition by bases.entity_id
            order by
                case thresholds.entity
                    when bases.entity_id then 1 when bases.entity_name then 2 else 3
                end
        ) = 1

),

final as (

    select
        entity_id,
        entity_name,
        cast(base_rpt as decimal(18, 3)) as base_rpt,
        absolute_rpt,
        relative_rpt,
        least(coalesce(absolute_rpt, relative_rpt), coalesce(relative_rpt, absolute_rpt))
            as threshold_rpt
    from chosen

)

select * from final
