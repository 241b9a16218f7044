-- Grain: one row per contract line x accounting period, with what stands after each step from a
-- twelfth of its ARR to its revenue, contract currency, minor units. Each is computed by itself.
with

facts as (

    select * from {{ ref('int_chain_arr_revenue_facts') }}

),

contract_lines as (

    select * from {{ ref('int_chain_contract_lines') }}

),

-- What keeps the ledger from taking in what was earned, as the reconciliation sees it.
hindered as (

    select
        chain_reasons.contract_line_id,
        chain_reasons.period_no,
        bool_or(reasons.reason_class in ('break', 'timing')) as is_break,
        bool_or(chain_reasons.reason_code = 'credit_memo') as is_credited
    from {{ ref('int_chain_reasons') }} as chain_reasons
    inner join {{ ref('dim_reason') }} as reasons
        on chain_reasons.reason_code = reasons.reason_code
    where
        reasons.reason_class = 'break'
        or chain_reasons.reason_code in (
            'handoff_lag', 'credit_memo', 'proration_method', 'period_convention',
            'ramp_straight_line', 'revenue_hold', 'closed_period_catch_up'
        )
    group by chain_reasons.contract_line_id, chain_reasons.period_no

),

-- The share of a price is that of the whole line, told of each period cumulatively.
shared as (

    select
        facts.*,
        facts.recognition_pattern in ('usage', 'drawdown') as is_by_use,
        hindered.contract_line_id is not null
        or contract_lines.erp_record_id is null
        or not facts.is_in_crm as is_hindered,
        case
            when not facts.is_in_crm then 'recognized_without_booking'
            when coalesce(hindered.is_break, true) then 'not_recognized'
            when hindered.is_credited then 'credit_memo'
            else 'erp_policy'
        end as hindrance,
        case
            when facts.price_minor > 0
                then
                    {{ rounded_quotient(
                        wide_integer('facts.own_through_minor')
                        ~ ' * facts.expected_of_life_minor', 'facts.price_minor'
                    ) }}
                    - {{ rounded_quotient(
                        wide_integer('(facts.own_through_minor - facts.own_minor)')
                        ~ ' * facts.expected_of_life_minor', 'facts.price_minor'
                    ) }}
            when facts.price_minor = 0 and facts.own_minor = 0 and facts.service_days > 0
                then
                    {{ rounded_quotient(
                        wide_integer('facts.days_through') ~ ' * facts.expected_of_life_minor',
                        'facts.term_days'
                    ) }}
                    - {{ rounded_quotient(
                        wide_integer('(facts.days_through - facts.service_days)')
                        ~ ' * facts.expected_of_life_minor', 'facts.term_days'
                    ) }}
            else facts.own_minor
        end as shared_minor
    from facts
    inner join contract_lines
        on facts.contract_line_id = contract_lines.contract_line_id
    left join hindered
        on
        facts.contract_line_id = hindered.contract_line_id
        and facts.period_no = hindered.period_no

),

stepped as (

    select
        contract_line_id,
        period_no,
        hindrance,
        run_rate_minor,
        served_minor,
        by_days_minor,
        own_minor,
        cast(case when is_by_use then expected_minor else own_minor end as bigint)
            as with_use_minor,
        cast(case when is_by_use then expected_minor else shared_minor end as bigint)
            as shared_minor,
        cast(expected_minor as bigint) as expected_minor,
        cast(
            case when is_hindered then posted_minor - prior_period_minor else expected_minor end
            as bigint
        ) as posted_as_earned_minor,
        cast(
            case when is_hindered then posted_minor else expected_minor + prior_period_minor end
            as bigint
        ) as caught_up_minor,
        cast(posted_minor as bigint) as posted_minor,
        cast(posted_rpt_minor as bigint) as posted_rpt_minor
    from shared

),

final as (

    select
        *,
        -- Either is the difference of two rounded amounts: a unit each is rounding.
        case
            when abs(posted_minor - caught_up_minor) <= 2 then posted_minor else caught_up_minor
        end as rounded_minor
    from stepped

)

select * from final
