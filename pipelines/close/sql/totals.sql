-- Grain: one row: what a period says at its end, over all contract lines, in the reporting currency.
select
    count(*) as contract_lines,
    count(*) filter (tie_out_status in ('tied', 'explained')) as contract_lines_tied,
    coalesce(sum(booked_rpt), 0) as booked_rpt,
    coalesce(sum(recognized_rpt), 0) as recognized_rpt,
    coalesce(sum(difference_rpt), 0) as difference_rpt,
    coalesce(sum(explained_rpt), 0) as explained_rpt,
    coalesce(sum(break_rpt), 0) as break_rpt,
    coalesce(sum(unexplained_rpt), 0) as unexplained_rpt,
    (
        select coalesce(sum(posted_rpt), 0)
        from fct_recognized_revenue
        where period_key = $period_key
    ) as posted_rpt
from fct_reconciliation
where period_key = $period_key
