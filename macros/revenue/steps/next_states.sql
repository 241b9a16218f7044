{#- Step 3 of a pass: the state of each line after the step. share_minor is what the line gets of the
    pool, null where it takes no part. What a line has recognized stays (frozen_minor); what it has
    yet to earn is open_minor, measured from starts_on and the bases. -#}
{% macro next_states(relation) -%}
    select
        contract_key,
        line_key,
        next_step_no as step_no,
        is_live or is_added as is_live,
        case
            when is_added then can_be_pooled
            when is_exercised or (is_pooled_line and turn > 1) or (is_pooled_line and stops) then false
            else is_open
        end as is_open,
        is_reopened,
        cast(frozen_minor + case when is_reopened then earned_minor else 0 end + at_once_minor as bigint)
            as frozen_minor,
        cast(at_once_minor as bigint) as at_once_minor,
        cast(
            case
                when is_exercised then 0
                when is_added and step_kind = 'option_exercise' and not is_prospective
                    then exercised_minor + signed_minor
                when is_prospective and turn = 1 and share_minor is not null then share_minor
                when is_pooled_line then 0
                when treatment = 'retrospective' and retrospective_minor is not null
                    then retrospective_minor + own_minor
                when treatment = 'separate_contract' and not is_added then open_minor
                when treatment in ('separate_contract', 'cumulative_catch_up')
                    then open_minor + signed_minor
                when is_respread then open_minor + coalesce(share_minor, 0)
                when step_kind = 'credit_note' and is_reopened
                    then open_minor - earned_minor + event_minor
                when is_event_open then open_minor + event_minor
                else open_minor
            end as bigint
        ) as open_minor,
        cast(component_minor + case when is_component then event_minor else 0 end as bigint)
            as component_minor,
        cast(
            own_minor + case when is_event_open and not is_pooled then event_minor else 0 end as bigint
        ) as own_minor,
        case when is_reopened or is_added then greatest(occurred_on, line_starts_on) else starts_on end
            as starts_on,
        coalesce(moved_ends_on, ends_on) as ends_on,
        case when is_reopened then delivered_before else delivered_base end as delivered_base,
        case when is_reopened then progressed_before else progressed_base end as progressed_base,
        case when is_reopened then used_before else used_base end as used_base,
        case
            when is_prospective and is_pooled_line and (turn > 1 or stops) then 0
            when is_prospective and (is_pooled_line or is_added) then next_weight
            when is_added then ssp_weight
            else weight
        end as weight,
        case
            when not is_contract_modified then modified_weight
            when is_prospective and turn = 1 then next_weight
            else 0
        end as modified_weight,
        case
            when not is_contract_modified then unsatisfied
            when is_added then 1000000000000
            when satisfied_denominator <= 0 or satisfied_numerator >= satisfied_denominator then 0
            else {{ rounded_quotient(
                "unsatisfied * (satisfied_denominator - satisfied_numerator)", "satisfied_denominator"
            ) }}
        end as unsatisfied,
        case when is_contract_modified then timeline_no else modified_position end as modified_position
    from (
        select
            *,
            -- Revenue of the day itself: nothing is left to spread it over.
            case
                when step_kind = 'price_concession' then event_minor
                when step_kind = 'credit_note'
                    and (credit_note_policy = 'immediate' or pattern in ('usage', 'option', 'none'))
                    and not (pattern = 'usage' and price_minor > 0 and credit_note_policy != 'immediate')
                    then event_minor
                when step_kind = 'credit_note' and credit_note_policy = 'prospective' and not is_reopened
                    then event_minor
                when step_kind = 'royalty' and not can_be_pooled then event_minor
                when is_respread then now_minor
                when is_prospective and turn > 1 then coalesce(share_minor, 0)
                else 0
            end as at_once_minor,
            step_kind in ('estimate', 'credit_note', 'royalty')
            and not is_respread
            and not is_component
            and case step_kind
                when 'royalty' then can_be_pooled
                when 'credit_note'
                    then credit_note_policy = 'catch_up'
                        and (can_be_pooled or (pattern = 'usage' and price_minor > 0))
                else true
            end as is_event_open
        from (
            select
                *,
                is_pooled_line
                or (
                    step_kind = 'credit_note' and credit_note_policy = 'prospective' and is_open and is_live
                    and event_minor != 0 and satisfied_numerator < satisfied_denominator
                ) as is_reopened,
                step_kind = 'estimate' and not is_pooled and pattern = 'usage' as is_component,
                bool_or(is_prospective) over (partition by contract_key) as is_contract_modified,
                max(case when is_exercised then open_minor else 0 end)
                    over (partition by contract_key) as exercised_minor
            from {{ relation }}
        ) as reopened
    ) as applied
{%- endmacro %}
