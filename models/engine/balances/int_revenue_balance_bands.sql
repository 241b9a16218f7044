-- Grain: one row per contract x asked day x asked period x measure: the part of the remaining
-- performance obligation planned for the period, and of the contract liability released in it,
-- earliest first.
with

positions as (

    select * from {{ ref('int_revenue_positions') }}

),

bands as (

    select * from {{ ref('int_revenue_bands') }}

),

planned_postings as (

    select * from {{ ref('int_revenue_planned_postings') }}

),

planned as (

    select
        positions.contract_key,
        positions.as_of,
        positions.contract_liability_minor,
        bands.period_id,
        cast(
            coalesce(
                sum(
                    case
                        when planned_postings.planned_on < bands.starts_on
                            then planned_postings.planned_minor
                    end
                ),
                0
            ) as bigint
        ) as before_minor,
        cast(
            coalesce(
                sum(
                    case
                        when planned_postings.planned_on <= bands.ends_on
                            then planned_postings.planned_minor
                    end
                ),
                0
            ) as bigint
        ) as through_minor
    from positions
    inner join bands
        on positions.contract_key = bands.contract_key
    left join planned_postings
        on
        positions.contract_key = planned_postings.contract_key
        and positions.as_of = planned_postings.as_of
    group by
        positions.contract_key,
        positions.as_of,
        positions.contract_liability_minor,
        bands.period_id

)

select
    contract_key,
    as_of,
    period_id,
    'rpo' as measure,
    through_minor - before_minor as amount_minor
from planned

union all

select
    contract_key,
    as_of,
    period_id,
    'contract_liability' as measure,
    least(contract_liability_minor, through_minor)
    - least(contract_liability_minor, before_minor) as amount_minor
from planned
