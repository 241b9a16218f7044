-- Grain: one row per scenario x pair of records that the header key links, with amounts within the
-- tolerance (pass 3): one to one, closest first. The same item goes before an item the map does not
-- know, and that before another one.
with

candidates as (

    select * from {{ ref('int_crosswalk_near_candidates') }}

),

chosen as (

    {{ closest_pairs('candidates') }}

)

select
    scenario_no,
    crm_record_id,
    erp_record_id
from chosen
