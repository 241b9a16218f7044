-- Grain: one row per contract line version x accounting period, from its first fact to the
-- reporting period: what each system knew at the period end, and what was due and posted by then.
{% set scales = {
    'synced_minor': 'erp_scale', 'dated_minor': 'erp_scale', 'ruled_minor': 'erp_scale',
    'erp_minor': 'erp_scale', 'charged_minor': 'crm_scale', 'erp_charged_minor': 'erp_scale',
    'held_minor': 'erp_scale', 'catch_up_minor': 'erp_scale', 'lag_minor': 'erp_scale',
    'posted_minor': 'erp_scale', 'manual_minor': 'erp_scale'
} %}
{% set names = {
    'synced_minor': 'earned_minor', 'erp_minor': 'erp_earned_minor',
    'posted_fn_minor': 'posted_rpt_minor', 'manual_fn_minor': 'manual_rpt_minor'
} %}
{% set of_schedule = [
    'synced_minor', 'dated_minor', 'ruled_minor', 'erp_minor', 'charged_minor',
    'erp_charged_minor', 'used_quantity'
] %}
{% set of_postings = [
    'held_minor', 'catch_up_minor', 'lag_minor', 'due_rows', 'posted_minor', 'posted_fn_minor',
    'manual_minor', 'manual_fn_minor'
] %}
with

chain_versions as (

    select * from {{ ref('int_chain_scoped_versions') }}

),

postings as (

    select * from {{ ref('int_chain_postings') }}

),

schedule as (

    select * from {{ ref('int_chain_schedule') }}

),

accounting_periods as (

    select * from {{ ref('dim_accounting_period') }}
    where has_ended

),

first_postings as (

    select
        contract_line_version_id,
        min(period_no) as period_no
    from postings
    group by contract_line_version_id

),

first_periods as (

    select
        chain_versions.contract_line_version_id,
        min(accounting_periods.period_no) as period_no
    from chain_versions
    left join first_postings
        on chain_versions.contract_line_version_id = first_postings.contract_line_version_id
    inner join accounting_periods
        on
        accounting_periods.ends_on >= least(
            coalesce(chain_versions.booked_on, chain_versions.erp_known_on),
            coalesce(chain_versions.erp_known_on, chain_versions.booked_on)
        )
        or first_postings.period_no <= accounting_periods.period_no
    group by chain_versions.contract_line_version_id

),

changes as (

    -- A version is there from its first period, whatever changes in it.
    select
        {% for name in of_schedule + of_postings -%}
            0 as {{ name }},
        {% endfor -%}
        contract_line_version_id,
        period_no
    from first_periods

    union all by name

    -- What was earned before the first period of the grid counts in it.
    select
        schedule.contract_line_version_id,
        greatest(schedule.period_no, first_periods.period_no) as period_no,
        case schedule.view_name when 'synced' then schedule.earned_minor end as synced_minor,
        case schedule.view_name when 'dated' then schedule.earned_minor end as dated_minor,
        case schedule.view_name when 'ruled' then schedule.earned_minor end as ruled_minor,
        case schedule.view_name when 'erp' then schedule.earned_minor end as erp_minor,
        case schedule.view_name when 'contract' then schedule.charged_minor end as charged_minor,
        case schedule.view_name when 'synced' then schedule.charged_minor end
            as erp_charged_minor,
        case schedule.view_name when 'synced' then schedule.used_quantity end as used_quantity
    from schedule
    inner join first_periods
        on schedule.contract_line_version_id = first_periods.contract_line_version_id

    union all by name

    select
        {% for name in of_postings -%}
            {{ name }},
        {% endfor -%}
        contract_line_version_id,
        period_no
    from postings

),

changed as (

    select
        {% for name in of_schedule + of_postings -%}
            coalesce(sum({{ name }}), 0) as {{ name }},
        {% endfor -%}
        contract_line_version_id,
        period_no
    from changes
    group by contract_line_version_id, period_no

),

accumulated as (

    select
        {% for name in of_schedule + of_postings -%}
            sum({{ name }}) over running as {{ name }},
        {% endfor -%}
        contract_line_version_id,
        period_no as from_period_no,
        lead(period_no) over running as next_period_no
    from changed
    window running as (partition by contract_line_version_id order by period_no)

),

spread as (

    -- What was reached stays until the next change.
    select
        accumulated.*,
        accounting_periods.period_no,
        accounting_periods.ends_on as period_ends_on
    from accumulated
    inner join accounting_periods
        on
        accumulated.from_period_no <= accounting_periods.period_no
        and (
            accumulated.next_period_no > accounting_periods.period_no
            or accumulated.next_period_no is null
        )

),

final as (

    -- The many facts of a version are joined last: what is sorted above stays narrow.
    select
        chain_versions.*,
        spread.period_no,
        spread.period_ends_on,
        {% for name in of_schedule + of_postings -%}
            cast(
                {{ 'chain_versions.' ~ scales[name] ~ ' * ' if name in scales }}spread.{{ name }}
                as {{ 'decimal(28, 4)' if name == 'used_quantity' else 'bigint' }}
            ) as {{ names.get(name, name) }},
        {% endfor -%}
        coalesce(chain_versions.erp_known_on <= spread.period_ends_on, false) as is_erp_known,
        chain_versions.is_other_product
        and coalesce(chain_versions.erp_known_on <= spread.period_ends_on, false)
            as is_product_mismatch,
        coalesce(chain_versions.handed_on <= spread.period_ends_on, false) as is_handed_over
    from spread
    inner join chain_versions
        on spread.contract_line_version_id = chain_versions.contract_line_version_id

)

select * from final
