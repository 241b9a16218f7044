-- Grain: one row per pair of records that may belong together: customer, dates and amount (pass 4),
-- one to one, closest first. A suggestion to a person; it never ties.
with

candidates as (

    select * from {{ ref('int_crosswalk_suggestion_candidates') }}

),

chosen as (

    {{ closest_pairs('candidates') }}

)

select
    crm_record_id,
    erp_record_id,
    item_rank,
    amount_gap,
    day_gap
from chosen
