{#- One-to-one pairs of a relation of candidates, closest first: of each group the closest pair is
    taken, then the closest of those whose records are still free, and so on. Columns read:
    group_key, crm_record_id, erp_record_id, and what closeness is, in this order: item_rank (0:
    same item), amount_gap, day_gap; the ids break ties. Only the five closest candidates of each
    record are looked at. -#}
{% macro closest_pairs(relation) -%}
    {%- set closeness = "item_rank, amount_gap, day_gap, crm_record_id, erp_record_id" -%}
    {%- set is_free -%}
        position('|' || ranked.crm_record_id || '|' in walked.taken) = 0
        and position('|' || ranked.erp_record_id || '|' in walked.taken) = 0
    {%- endset -%}
    with recursive
    near as (
        select
            *,
            row_number() over (partition by group_key, crm_record_id order by {{ closeness }})
                as crm_rank,
            row_number() over (partition by group_key, erp_record_id order by {{ closeness }})
                as erp_rank
        from {{ relation }}
    ),
    ranked as (
        select
            *,
            row_number() over (partition by group_key order by {{ closeness }}) as rank_no
        from near
        where crm_rank <= 5 and erp_rank <= 5
    ),
    walked as (
        select
            *,
            true as is_taken,
            '|' || crm_record_id || '|' || erp_record_id || '|' as taken
        from ranked
        where rank_no = 1

        union all

        select
            ranked.*,
            {{ is_free }} as is_taken,
            case
                when {{ is_free }}
                    then walked.taken || ranked.crm_record_id || '|' || ranked.erp_record_id || '|'
                else walked.taken
            end as taken
        from walked
        inner join ranked
            on
            walked.group_key = ranked.group_key
            and walked.rank_no + 1 = ranked.rank_no
    )
    select * from walked
    where is_taken
{%- endmacro %}
