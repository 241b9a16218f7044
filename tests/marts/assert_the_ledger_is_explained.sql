-- Fails where an account of revenue, deferred revenue, contract assets or receivables holds in a
-- period what no plan, bill, payment or journal explains: an edited revenue journal, a plan row
-- whose journal has no line, a bill that posted something else than its lines say.
select *
from {{ ref('fct_ledger_tie') }}
where (difference_rpt = 0) is not true
