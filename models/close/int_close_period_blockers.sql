-- Grain: one row per period that can be closed x gate x period or override that blocks it.
with

candidates as (

    select * from {{ ref('int_close_candidates') }}

),

overrides as (

    select * from {{ ref('crosswalk_overrides') }}

),

earlier as (

    select
        candidates.period_key,
        'earlier_periods' as gate_code,
        earlier.period_key as record_id,
        cast(null as varchar) as contract_id,
        cast(null as varchar) as contract_line_id,
        cast(null as decimal(18, 3)) as amount_rpt,
        earlier.period_name || ' is not closed.' as message
    from candidates
    inner join candidates as earlier
        on candidates.period_no > earlier.period_no

),

read_too_soon as (

    select
        period_key,
        'books_read' as gate_code,
        period_key as record_id,
        cast(null as varchar) as contract_id,
        cast(null as varchar) as contract_line_id,
        cast(null as decimal(18, 3)) as amount_rpt,
        'The books are as of ' || cast(as_of_date as varchar) || '; the period ends on '
        || cast(ends_on as varchar) || '.' as message
    from candidates
    where as_of_date <= ends_on

),

open_in_erp as (

    select
        period_key,
        'erp_period' as gate_code,
        period_key as record_id,
        cast(null as varchar) as contract_id,
        cast(null as varchar) as contract_line_id,
        cast(null as decimal(18, 3)) as amount_rpt,
        period_name || ' is open in the ERP.' as message
    from candidates
    where period_status = 'open'

),

expired as (

    select
        candidates.period_key,
        'overrides_valid' as gate_code,
        overrides.crm_record_id as record_id,
        cast(null as varchar) as contract_id,
        cast(null as varchar) as contract_line_id,
        cast(null as decimal(18, 3)) as amount_rpt,
        'Expired on ' || cast(overrides.expires_on as varchar) || ' (' || overrides.owner || ').'
            as message
    from candidates
    inner join overrides
        on candidates.as_of_date > overrides.expires_on

),

final as (

    select * from earlier

    union all

    select * from read_too_soon

    union all

    select * from open_in_erp

    union all

    select * from expired

)

select * from final
