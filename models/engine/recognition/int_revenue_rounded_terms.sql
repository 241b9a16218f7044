-- Grain: one row per term spread by days whose periods are rounded one by one x accounting
-- period, with what is posted before and through it. The difference to the whole goes to the
-- last period, or to the last but one.
with

line_terms as (

    select *
    from {{ ref('int_revenue_line_terms') }}
    where proration = 'daily' and schedule_residual != 'cumulative'

),

terms as (

    select distinct
        states.line_key,
        states.open_minor as amount_minor,
        states.starts_on,
        states.ends_on,
        line_terms.proration,
        line_terms.day_boundary,
        line_terms.schedule_residual
    from {{ ref('int_revenue_states') }} as states
    inner join line_terms
        on states.line_key = line_terms.line_key
    where states.starts_on <= states.ends_on

),

termed as (

    {{ with_term_measures('terms') }}

),

term_periods as (

    {{ explode_integers('termed', 'first_period_no', 'last_period_no', 'period_no') }}

),

served as (

    select
        term_periods.*,
        {{ days_between('accounting_periods.starts_on', 'accounting_periods.ends_on') }} + 1
            as period_days,
        {{ days_between(
            'greatest(accounting_periods.starts_on, term_periods.starts_on)',
            'least(accounting_periods.ends_on, term_periods.ends_on)'
        ) }} + 1 as through_days,
        {{ days_between(
            'term_periods.starts_on', 'least(accounting_periods.ends_on, term_periods.ends_on)'
        ) }} + 1 as elapsed_days
    from term_periods
    inner join {{ ref('dim_accounting_period') }} as accounting_periods
        on term_periods.period_no = accounting_periods.period_no

),

rounded as (

    select
        *,
        through_days as served_days,
        cast({{ rounded_quotient(
            'amount_minor * ((' ~ earned_share('numerator') ~ ') - ('
            ~ earned_share('numerator', '0') ~ '))',
            '(' ~ earned_share('denominator') ~ ')'
        ) }} as bigint) as period_minor
    from served

),

differences as (

    select
        *,
        case
            when
                period_no = greatest(
                    last_period_no
                    - case schedule_residual when 'next_to_last_period' then 1 else 0 end,
                    first_period_no
                )
                then amount_minor - sum(period_minor) over term
            else 0
        end as difference_minor
    from rounded
    window
        term as (partition by line_key, amount_minor, starts_on, ends_on)

),

final as (

    select
        line_key,
        amount_minor,
        starts_on,
        ends_on,
        period_no,
        cast(sum(period_minor + difference_minor) over so_far as bigint) as through_minor,
        cast(sum(period_minor + difference_minor) over so_far as bigint)
        - cast(period_minor + difference_minor as bigint) as before_minor
    from differences
    window
        so_far as (
            partition by line_key, amount_minor, starts_on, ends_on
            order by period_no
            rows between unbounded preceding and current row
        )

)

select * from final
