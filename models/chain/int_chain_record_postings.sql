-- Grain: one row per contract line version x ERP record x accounting period with something planned
-- or posted. What the ERP's plan makes due in the period, how much of all that is due was posted
-- by then (late postings count when they land), and what its ledger took in. A record that several
-- versions share is split cumulatively: at every period end the parts sum to it.
with

planned_revenue as (

    select * from {{ ref('int_erp_planned_revenue') }}

),

contract_lines as (

    select
        record_id,
        contract_line_id,
        contract_line_version_id,
        share_before,
        share_through,
        share_total
    from {{ ref('fct_contract_lines') }}
    where witness = 'erp'

),

movements as (

    select
        record_id,
        planned_period_no as period_no,
        amount_minor as due_minor,
        1 as due_rows,
        0 as settled_minor,
        0 as posted_minor,
        0 as prior_period_minor,
        0 as posted_fn_minor
    from planned_revenue

    union all

    select
        record_id,
        greatest(planned_period_no, posting_period_no) as period_no,
        0 as due_minor,
        0 as due_rows,
        amount_minor as settled_minor,
        0 as posted_minor,
        0 as prior_period_minor,
        0 as posted_fn_minor
    from planned_revenue
    where posting_period_no is not null

    union all

    select
        record_id,
        posting_period_no as period_no,
        0 as due_minor,
        0 as due_rows,
        0 as settled_minor,
        amount_minor as posted_minor,
        case when posting_period_no > planned_period_no then amount_minor else 0 end
            as prior_period_minor,
        amount_fn_minor as posted_fn_minor
    from planned_revenue
    where posting_period_no is not null

),

summed as (

    select
        record_id,
        period_no,
        sum(due_minor) as due_minor,
        sum(due_rows) as due_rows,
        sum(settled_minor) as settled_minor,
        sum(posted_minor) as posted_minor,
        sum(prior_period_minor) as prior_period_minor,
        sum(posted_fn_minor) as posted_fn_minor
    from movements
    group by record_id, period_no

),

accumulated as (

    select
        *,
        sum(due_minor) over so_far as due_so_far,
        sum(settled_minor) over so_far as settled_so_far,
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
        {{ share_moved('due_so_far', 'due_minor') }} as due_minor,
        cast(accumulated.due_rows as bigint) as due_rows,
        {{ share_moved('settled_so_far', 'settled_minor') }} as settled_minor,
        {{ share_moved('posted_so_far', 'posted_minor') }} as posted_minor,
        {{ share_moved('prior_period_so_far', 'prior_period_minor') }} as prior_period_minor,
        {{ share_moved('posted_fn_so_far', 'posted_fn_minor') }} as posted_fn_minor
    from accumulated
    inner join contract_lines
        on accumulated.record_id = contract_lines.record_id

)

select * from final
