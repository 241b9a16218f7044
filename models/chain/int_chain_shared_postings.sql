-- Grain: one row per ERP record x contract line version that has a part of it x accounting period
-- with something planned or posted (int_chain_record_movements), split cumulatively: at every
-- period end the parts sum to the record.
with

contract_lines as (

    select
        record_id,
        contract_line_id,
        contract_line_version_id,
        share_before,
        share_through,
        share_total
    from {{ ref('fct_contract_lines') }}
    where witness = 'erp' and not (share_before = 0 and share_through = share_total)

),

summed as (

    select
        record_id,
        period_no,
        sum(planned_minor) as planned_minor,
        sum(due_rows) as due_rows,
        sum(held_minor) as held_minor,
        sum(catch_up_minor) as catch_up_minor,
        sum(lag_minor) as lag_minor,
        sum(posted_minor) as posted_minor,
        sum(prior_period_minor) as prior_period_minor,
        sum(posted_fn_minor) as posted_fn_minor
    from {{ ref('int_chain_record_movements') }}
    where record_id in (select contract_lines.record_id from contract_lines)
    group by record_id, period_no

),

accumulated as (

    select
        *,
        sum(planned_minor) over so_far as planned_so_far,
        sum(held_minor) over so_far as held_so_far,
        sum(catch_up_minor) over so_far as catch_up_so_far,
        sum(lag_minor) over so_far as lag_so_far,
        sum(posted_minor) over so_far as posted_so_far,
        sum(prior_period_minor) over so_far as prior_period_so_far,
        sum(posted_fn_minor) over so_far as posted_fn_so_far
    from summed
    window
        so_far as (
            partition by record_id
            order by period_no
            rows between unbounded preceding and current row
        )

),

final as (

    select
        contract_lines.contract_line_version_id,
        contract_lines.contract_line_id,
        accumulated.record_id,
        accumulated.period_no,
        {{ share_moved('planned_so_far', 'planned_minor') }} as planned_minor,
        cast(accumulated.due_rows as bigint) as due_rows,
        {{ share_moved('held_so_far', 'held_minor') }} as held_minor,
        {{ share_moved('catch_up_so_far', 'catch_up_minor') }} as catch_up_minor,
        {{ share_moved('lag_so_far', 'lag_minor') }} as lag_minor,
        {{ share_moved('posted_so_far', 'posted_minor') }} as posted_minor,
        {{ share_moved('prior_period_so_far', 'prior_period_minor') }} as prior_period_minor,
        {{ share_moved('posted_fn_so_far', 'posted_fn_minor') }} as posted_fn_minor
    from accumulated
    inner join contract_lines
        on accumulated.record_id = contract_lines.record_id

)

select * from final
