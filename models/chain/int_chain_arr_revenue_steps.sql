-- Grain: one row per contract line x accounting period x step from a twelfth of ARR to revenue that
-- has an amount, minor units of the reporting currency. A step is the difference of two amounts at
-- one constant rate per currency; the last but one takes the rate of the ledger.
{% set steps = [
    (1, 'run_rate', 'served'), (2, 'served', 'by_days'), (3, 'by_days', 'own'),
    (4, 'own', 'with_use'), (5, 'with_use', 'shared'), (6, 'shared', 'expected'),
    (7, 'expected', 'posted_as_earned'), (11, 'posted_as_earned', 'caught_up'),
    (13, 'rounded', 'posted')
] %}
with

amounts as (

    select * from {{ ref('int_chain_arr_revenue_amounts') }}

),

contract_lines as (

    select * from {{ ref('int_chain_contract_lines') }}

),

families as (

    select * from {{ ref('int_bookings_customer_families') }}

),

rates as (

    select * from {{ ref('int_bookings_constant_rates') }}

),

converted as (

    select
        amounts.contract_line_id,
        amounts.period_no,
        amounts.hindrance,
        amounts.posted_rpt_minor,
        {% for name in [
            'run_rate', 'served', 'by_days', 'own', 'with_use', 'shared', 'expected',
            'posted_as_earned', 'caught_up', 'rounded', 'posted'
        ] -%}
            {{ converted_minor_units(
                'amounts.' ~ name ~ '_minor', 'rates.rate_numerator', 'rates.rate_denominator'
            ) }} as {{ name }}_minor,
        {% endfor -%}
        families.arr_customer_id
    from amounts
    inner join contract_lines
        on amounts.contract_line_id = contract_lines.contract_line_id
    inner join families
        on contract_lines.customer_id = families.customer_id
    inner join rates
        on contract_lines.currency_code = rates.currency_code

),

by_step as (

    select
        *,
        unnest([0, {{ steps | map(attribute=0) | join(', ') }}, 12, 14]) as step_no
    from converted

),

stepped as (

    select
        contract_line_id,
        period_no,
        arr_customer_id,
        case
            -- Why it was not posted as earned is a step of its own.
            when step_no != 7 then step_no
            when hindrance = 'not_recognized' then 7
            when hindrance = 'recognized_without_booking' then 8
            when hindrance = 'credit_memo' then 9
            else 10
        end as bridge_step_no,
        case step_no
            when 0 then run_rate_minor
            {% for step_no, before, after in steps -%}
                when {{ step_no }} then {{ after }}_minor - {{ before }}_minor
            {% endfor -%}
            when 12 then posted_rpt_minor - posted_minor + rounded_minor - caught_up_minor
            else posted_rpt_minor
        end as amount_minor
    from by_step

)

select * from stepped
where amount_minor != 0
