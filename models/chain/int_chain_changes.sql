-- Grain: one row per contract line version x accounting period in which anything of it changes, to
-- the reporting period: it is earned, used, varied, planned or posted, or a day has come from which
-- on it is told otherwise. Minor units of the order.
with

chain_versions as (

    select * from {{ ref('int_chain_scoped_versions') }}

),

first_periods as (

    select * from {{ ref('int_chain_first_periods') }}

),

postings as (

    select * from {{ ref('int_chain_postings') }}

),

schedule as (

    select * from {{ ref('int_chain_schedule') }}

),

variable_movements as (

    select * from {{ ref('int_chain_variable_movements') }}

),

accounting_periods as (

    select * from {{ ref('dim_accounting_period') }}
    where has_ended

),

days as (

    -- All that the chain compares with the end of a period.
    select
        contract_line_version_id,
        unnest([booked_on, erp_known_on, handed_on, line_known_on, served_until]) as changes_on
    from chain_versions

),

changes as (

    select
        days.contract_line_version_id,
        accounting_periods.period_no
    from days
    asof inner join accounting_periods
        on days.changes_on <= accounting_periods.ends_on

    union all by name

    select
        contract_line_version_id,
        period_no,
        case view_name when 'synced' then earned_minor end as earned_minor,
        case view_name when 'dated' then earned_minor end as dated_minor,
        case view_name when 'ruled' then earned_minor end as ruled_minor,
        case view_name when 'erp' then earned_minor end as erp_earned_minor,
        case view_name when 'contract' then charged_minor end as charged_minor,
        case view_name when 'synced' then charged_minor end as erp_charged_minor,
        case view_name when 'synced' then used_quantity end as used_quantity
    from schedule

    union all by name

    select
        contract_line_version_id,
        period_no,
        case view_name when 'contract' then minimum_minor end as stated_minimum_minor,
        case view_name when 'synced' then minimum_minor end as erp_minimum_minor,
        case view_name when 'contract' then estimated_minor end as stated_estimate_minor,
        case view_name when 'synced' then estimated_minor end as erp_estimate_minor,
        case view_name when 'synced' then credited_minor end as stated_credit_minor
    from variable_movements

    union all by name

    select
        contract_line_version_id,
        period_no,
        held_minor,
        catch_up_minor,
        lag_minor,
        due_rows,
        posted_minor,
        posted_fn_minor as posted_rpt_minor,
        manual_minor,
        manual_fn_minor as manual_rpt_minor
    from postings

),

placed as (

    -- What came before the first period counts in it.
    select changes.* replace (greatest(changes.period_no, first_periods.period_no) as period_no)
    from changes
    inner join first_periods
        on changes.contract_line_version_id = first_periods.contract_line_version_id

),

summed as (

    select
        {% for name, sum in chain_running_sums().items() -%}
            cast(coalesce(sum(placed.{{ name }}), 0) as {{ sum.data_type }}) as {{ name }},
        {% endfor -%}
        placed.contract_line_version_id,
        placed.period_no
    from placed
    inner join accounting_periods
        on placed.period_no = accounting_periods.period_no
    group by placed.contract_line_version_id, placed.period_no

)

select * from summed
