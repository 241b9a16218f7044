-- Identity manifest of the crosswalk: every record of both systems is accounted for exactly once,
-- as linked, duplicate, suggested or unlinked, even when totals agree; and fct_crosswalk_coverage
-- counts each of them once.
with

in_scope as (

    select
        'crm' as witness,
        record_id
    from {{ ref('int_crm_contract_lines') }}

    union all

    select
        'erp' as witness,
        record_id
    from {{ ref('int_erp_contract_lines') }}

),

placed as (

    select distinct
        'crm' as witness,
        crm_record_id as record_id,
        link_status as place
    from {{ ref('fct_crosswalk_links') }}

    union all

    select distinct
        'erp' as witness,
        erp_record_id as record_id,
        link_status as place
    from {{ ref('fct_crosswalk_links') }}

    union all

    select
        witness,
        record_id,
        'duplicate' as place
    from {{ ref('fct_contract_lines') }}
    where duplicate_of_record_id is not null

),

accounted as (

    select
        in_scope.witness,
        in_scope.record_id,
        count(placed.place) as places
    from in_scope
    left join placed
        on
        in_scope.witness = placed.witness
        and in_scope.record_id = placed.record_id
    group by in_scope.witness, in_scope.record_id

),

covered as (

    select
        witness,
        sum(records) as records,
        sum(records) filter (where match_status != 'unlinked') as placed_records
    from {{ ref('fct_crosswalk_coverage') }}
    group by witness

)

select
    witness,
    record_id,
    places,
    'has more than one place' as problem
from accounted
where places > 1

union all

select
    covered.witness,
    null as record_id,
    covered.records as places,
    'the coverage does not count every record once' as problem
from covered
inner join accounted
    on covered.witness = accounted.witness
group by covered.witness, covered.records, covered.placed_records
having
    covered.records != count(*)
    or coalesce(covered.placed_records, 0) != sum(accounted.places)
