{#- Step 3 of a pass: the state of each line after the step. share_minor is what the line gets of
    the pool, null where it takes no part. What a line has recognized stays (frozen_minor); what it
    has yet to earn is open_minor, measured from starts_on and the bases. -#}
{% macro next_states(relation) -%}
    select
        contract_key,
        line_key,
        next_step_no as step_no,
        is_live or is_added as is_live,
        case
            when is_added then can_be_pooled
            when
                is_exercised
                or is_closed
                or (is_pooled_line and turn > 1)
                or (is_reopened and stops)
                then false
            else is_open
        end as is_open,
        is_reopened,
        -- Taken back or ended: nothing more is to come, what is open is earned.
        is_stopped or is_exercised or (is_live and is_touched and stops) as is_stopped,
        cast(
            case
                when treatment = 'retrospective' then at_once_total_minor
                else frozen_minor + case when is_reopened then earned_minor else 0 end
            end + at_once_minor as bigint
        ) as frozen_minor,
        -- A combination takes back what prospective changes had closed; the rest computes it again.
        cast(
            at_once_minor + case
                when treatment = 'retrospective' then at_once_total_minor - frozen_minor
                else 0
            end as bigint
        ) as at_once_minor,
        cast(at_once_total_minor + at_once_minor as bigint) as at_once_total_minor,
        cast(
            case
                when is_exercised or is_closed then 0
                when is_added and step_kind = 'option_exercise' and not is_prospective
                    then exercised_minor + signed_minor
                when is_prospective and turn = 1 and share_minor is not null then share_minor
                when is_pooled_line then 0
                when treatment = 'retrospective' and retrospective_minor is not null
                    then retrospective_minor + own_minor
                when is_alone and is_reopened
                    then case when stops then 0 else open_minor - earned_minor + signed_minor end
                when treatment = 'separate_contract' and not is_added and not is_alone
                    then open_minor
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
            own_minor + case
                when is_component or at_once_minor != 0 then 0
                when step_kind = 'estimate' and is_pooled then 0
                when step_kind in ('estimate', 'credit_note', 'royalty') then event_minor
                else 0
            end as bigint
        ) as own_minor,
        case
            when treatment = 'retrospective' and not is_added then line_starts_on
            when is_reopened or is_added then greatest(occurred_on, line_starts_on)
            else starts_on
        end as starts_on,
        coalesce(moved_ends_on, ends_on) as ends_on,
        {{ next_base('delivered') }},
        {{ next_base('progressed') }},
        {{ next_base('used') }},
        case
            when is_prospective and is_reopened and (not is_pooled_line or turn > 1 or stops) then 0
            when is_prospective and (is_pooled_line or is_added) then next_weight
            when is_added or treatment = 'retrospective' then ssp_weight
            when is_reopened then left_weight
            else weight
        end as weight,
        case
            when not is_contract_modified then modified_weight
            when is_prospective and turn = 1 then next_weight
            else 0
        end as modified_weight,
        case
            when is_added or treatment = 'retrospective' then 1000000000000
            when is_reopened then still_unsatisfied
            else closed_unsatisfied
        end as closed_unsatisfied,
        case
            when not is_contract_modified then unsatisfied
            when is_added then 1000000000000
            else still_unsatisfied
        end as unsatisfied,
        case when is_contract_modified then timeline_no else modified_position end
            as modified_position
    from (
        select
            *,
            -- Revenue of the day itself: nothing is left to spread it over.
            case
                when step_kind = 'price_concession' then event_minor
                when step_kind = 'credit_note' and credit_note_policy = 'immediate' then event_minor
                when step_kind in ('estimate', 'credit_note', 'royalty') and not is_respread
                    and not is_component and (is_over or not has_open_part)
                    then event_minor
                when step_kind = 'credit_note' and credit_note_policy = 'prospective'
                    and can_be_pooled and not is_reopened
                    then event_minor
                when is_respread then now_minor
                when is_prospective and not is_going_on then pool_part_minor
                when is_alone and is_reopened and stops
                    then open_minor - earned_minor + signed_minor
                else 0
            end as at_once_minor,
            step_kind in ('estimate', 'credit_note', 'royalty')
            and not is_respread
            and not is_component
            and has_open_part
            and not is_over
            and (
                step_kind != 'credit_note'
                or credit_note_policy = 'catch_up'
                or (credit_note_policy = 'prospective' and not can_be_pooled)
            ) as is_event_open
        from (
            select
                *,
                is_pooled_line
                or (is_prospective and is_live and is_open and not is_pooled_line)
                or (is_alone and is_open and satisfied_numerator < satisfied_denominator)
                or (
                    step_kind = 'credit_note'
                    and credit_note_policy = 'prospective'
                    and is_open
                    and is_live
                    and event_minor != 0
                    and satisfied_numerator < satisfied_denominator
                ) as is_reopened,
                -- All of it is satisfied: what it has earned stays, whatever becomes of its terms.
                is_prospective and is_live and is_open and not is_pooled_line as is_closed,
                (can_be_pooled and is_live and not is_open) or (pattern = 'option' and is_stopped)
                    as is_over,
                can_be_pooled or pattern = 'option' or (pattern = 'usage' and price_minor > 0)
                    as has_open_part,
                step_kind = 'estimate' and not is_pooled and pattern = 'usage' as is_component,
                case
                    when satisfied_denominator <= 0 or satisfied_numerator >= satisfied_denominator
                        then 0
                    else {{ rounded_quotient(
                        "closed_unsatisfied * (satisfied_denominator - satisfied_numerator)",
                        "satisfied_denominator"
                    ) }}
                end as still_unsatisfied,
                bool_or(is_prospective) over (partition by contract_key) as is_contract_modified,
                coalesce(min(turn) over (partition by contract_key) = 1, false) as is_going_on,
                sum(case when is_exercised then open_minor else 0 end)
                    over (partition by contract_key) as exercised_minor
            from {{ relation }}
        ) as reopened
    ) as applied
{%- endmacro %}
