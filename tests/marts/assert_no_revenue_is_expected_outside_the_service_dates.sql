-- Fails where revenue over time is expected on a day outside the dates of its line; a cancellation
-- takes back on the day it is known.
with

postings as (

    select * from {{ ref('int_revenue_postings') }}
    where posting_kind = 'time'

),

revenue_views as (

    select * from {{ ref('int_revenue_views') }}

)

select
    postings.line_key,
    postings.period_no,
    postings.service_on,
    postings.amount_minor
from postings
inner join revenue_views
    on postings.line_key = revenue_views.line_key
where
    (
        postings.service_on >= revenue_views.starts_on
        and postings.service_on <= revenue_views.ends_on
        or postings.service_on = revenue_views.cancelled_on
    ) is not true
