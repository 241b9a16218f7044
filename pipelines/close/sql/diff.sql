-- Views that compare a close with the numbers of today. Given are the schemas `closed` (the close's
-- marts) and `today` (the published ones), and the table `asked` with the one period_key.
create view amounts as
with

reconciliation as (

    select 'closed' as side, * from closed.fct_reconciliation
    union all by name
    select 'today' as side, * from today.fct_reconciliation

),

reasons as (

    select 'closed' as side, * from closed.fct_reconciliation_reasons
    union all by name
    select 'today' as side, * from today.fct_reconciliation_reasons

),

measures as (

    select
        side, period_key, contract_id, contract_line_id, currency_code,
        0 as measure_no, 'booked' as measure, booked_txn as amount_txn, booked_rpt as amount_rpt
    from reconciliation

    union all

    select
        side, period_key, contract_id, contract_line_id, currency_code,
        chain_step_no as measure_no, reason_code as measure, amount_txn, amount_rpt
    from reasons

    union all

    select
        side, period_key, contract_id, contract_line_id, currency_code,
        100 as measure_no, 'recognized' as measure,
        recognized_txn as amount_txn, recognized_rpt as amount_rpt
    from reconciliation

)

select measures.*
from measures
inner join asked on measures.period_key = asked.period_key;

-- Grain: one row per contract line x measure (booked, each reason, recognized) of either side.
create view line_changes as
select
    contract_line_id,
    measure_no,
    measure,
    max(contract_id) as contract_id,
    max(currency_code) as currency_code,
    coalesce(sum(amount_txn) filter (side = 'closed'), 0) as closed_txn,
    coalesce(sum(amount_txn) filter (side = 'today'), 0) as today_txn,
    coalesce(sum(amount_rpt) filter (side = 'closed'), 0) as closed_rpt,
    coalesce(sum(amount_rpt) filter (side = 'today'), 0) as today_rpt,
    today_txn - closed_txn as change_txn,
    today_rpt - closed_rpt as change_rpt
from amounts
group by contract_line_id, measure_no, measure;

-- Grain: one row per measure, over all contract lines, in the reporting currency.
create view total_changes as
select
    measure_no,
    measure,
    sum(closed_rpt) as closed_rpt,
    sum(change_rpt) as change_rpt,
    sum(today_rpt) as today_rpt,
    count(*) filter (change_txn != 0 or change_rpt != 0) as lines_changed
from line_changes
group by measure_no, measure;

create view contracts as
select * from today.dim_contract
union all by name
select *
from closed.dim_contract
anti join today.dim_contract using (contract_id);

-- Grain: one row per contract x measure that changed.
create view contract_changes as
select
    contracts.contract_number,
    line_changes.contract_id,
    line_changes.measure_no,
    line_changes.measure,
    line_changes.currency_code,
    sum(line_changes.closed_txn) as closed_txn,
    sum(line_changes.change_txn) as change_txn,
    sum(line_changes.today_txn) as today_txn,
    sum(line_changes.closed_rpt) as closed_rpt,
    sum(line_changes.change_rpt) as change_rpt,
    sum(line_changes.today_rpt) as today_rpt
from line_changes
left join contracts on line_changes.contract_id = contracts.contract_id
group by all
having sum(line_changes.change_txn) != 0 or sum(line_changes.change_rpt) != 0;

-- Grain: one row per side x source record x field, every value as text. Plan rows and use count up
-- to the end of the period.
create view record_fields as
with

period as (

    select periods.period_no, periods.ends_on
    from today.dim_accounting_period as periods
    inner join asked on periods.period_key = asked.period_key

),

periods as (

    select period_key, period_no, period_name from today.dim_accounting_period

),

contract_lines as (

    select 'closed' as side, * from closed.fct_contract_line_history
    union all by name
    select 'today' as side, * from today.fct_contract_line_history

),

planned_revenue as (

    select 'closed' as side, * from closed.fct_planned_revenue_history
    union all by name
    select 'today' as side, * from today.fct_planned_revenue_history

),

usage as (

    select 'closed' as side, fct_usage.*, lines.contract_id
    from closed.fct_usage
    inner join closed.dim_contract_line as lines using (contract_line_version_id)
    union all by name
    select 'today' as side, fct_usage.*, lines.contract_id
    from today.fct_usage
    inner join today.dim_contract_line as lines using (contract_line_version_id)

),

line_fields as (

    unpivot (
        select
            side,
            witness as system,
            if(witness = 'crm', 'order product', 'sales order line') as record_type,
            record_id,
            contract_id,
            cast(amount_txn as varchar) as amount,
            cast(allocated_txn as varchar) as allocated,
            cast(quantity as varchar) as quantity,
            cast(starts_on as varchar) as starts_on,
            cast(ends_on as varchar) as ends_on,
            cast(signed_on as varchar) as signed_on,
            cast(recognition_pattern as varchar) as recognition_pattern,
            cast(currency_code as varchar) as currency,
            cast(amount_rpt as varchar) as amount_rpt
        from contract_lines
        where known_to is null
    )
    on columns(* exclude (side, system, record_type, record_id, contract_id))
    into name field value value

),

plan_fields as (

    unpivot (
        select
            planned_revenue.side,
            'erp' as system,
            'planned revenue' as record_type,
            planned_revenue.planned_revenue_id as record_id,
            planned_revenue.contract_id,
            cast(planned_revenue.amount_txn as varchar) as amount,
            planned.period_name as planned_for,
            posted.period_name as posted_in
        from planned_revenue
        cross join period
        left join periods as planned on planned_revenue.planned_period_key = planned.period_key
        left join periods as posted on planned_revenue.posting_period_key = posted.period_key
        where
            planned_revenue.known_to is null
            and (planned.period_no <= period.period_no or posted.period_no <= period.period_no)
    )
    on columns(* exclude (side, system, record_type, record_id, contract_id))
    into name field value value

),

usage_fields as (

    unpivot (
        select
            usage.side,
            'erp' as system,
            'usage' as record_type,
            usage.usage_id as record_id,
            usage.contract_id,
            cast(usage.quantity as varchar) as quantity,
            cast(usage.used_on as varchar) as used_on
        from usage
        cross join period
        where usage.used_on <= period.ends_on
    )
    on columns(* exclude (side, system, record_type, record_id, contract_id))
    into name field value value

)

select * from line_fields
union all
select * from plan_fields
union all
select * from usage_fields;

-- Grain: one row per source record x field that changed, of the contracts whose numbers changed. A
-- record that appeared or disappeared has a row for each of its fields.
create view record_changes as
with

compared as (

    select
        system,
        record_type,
        record_id,
        field,
        max(contract_id) as contract_id,
        max(value) filter (side = 'closed') as closed_value,
        max(value) filter (side = 'today') as today_value
    from record_fields
    group by system, record_type, record_id, field

),

sides as (

    select
        system,
        record_type,
        record_id,
        bool_or(side = 'closed') as was_there,
        bool_or(side = 'today') as is_there
    from record_fields
    group by system, record_type, record_id

)

select
    contracts.contract_number,
    compared.contract_id,
    compared.system,
    compared.record_type,
    compared.record_id,
    case
        when not sides.was_there then 'appeared'
        when not sides.is_there then 'disappeared'
        else 'changed'
    end as what,
    compared.field,
    compared.closed_value,
    compared.today_value
from compared
inner join sides using (system, record_type, record_id)
left join contracts on compared.contract_id = contracts.contract_id
where
    compared.closed_value is distinct from compared.today_value
    and compared.contract_id in (
        select contract_id from line_changes where change_txn != 0 or change_rpt != 0
    );
