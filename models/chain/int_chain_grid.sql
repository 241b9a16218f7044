-- Grain: one row per contract line version x span of accounting periods (int_chain_spans), from its
-- first fact to the reporting period: what each system knew at the period end, and what was due and
-- posted by then.
with

chain_versions as (

    select * from {{ ref('int_chain_scoped_versions') }}

),

first_periods as (

    select * from {{ ref('int_chain_first_periods') }}

),

spans as (

    select * from {{ ref('int_chain_spans') }}

),

changes as (

    select * from {{ ref('int_chain_changes') }}

),

accounting_periods as (

    select * from {{ ref('dim_accounting_period') }}

),

version_spans as (

    select
        first_periods.contract_line_version_id,
        spans.period_no,
        spans.last_period_no
    from spans
    inner join first_periods
        on
        spans.contract_line_id = first_periods.contract_line_id
        and spans.period_no >= first_periods.period_no

),

accumulated as (

    select
        {% for name in chain_running_sums() -%}
            coalesce(sum(changes.{{ name }}) over running, 0) as {{ name }},
        {% endfor -%}
        version_spans.contract_line_version_id,
        version_spans.period_no,
        version_spans.last_period_no
    from version_spans
    left join changes
        on
        version_spans.contract_line_version_id = changes.contract_line_version_id
        and version_spans.period_no = changes.period_no
    window
        running as (
            partition by version_spans.contract_line_version_id order by version_spans.period_no
        )

),

final as (

    -- The many facts of a version are joined last: what is sorted above stays narrow.
    select
        chain_versions.*,
        accumulated.period_no,
        accumulated.last_period_no,
        accounting_periods.ends_on as period_ends_on,
        {% for name, sum in chain_running_sums().items() -%}
            cast(
                {{ 'chain_versions.' ~ sum.scale ~ ' * ' if sum.scale }}accumulated.{{ name }}
                as {{ sum.data_type }}
            ) as {{ name }},
        {% endfor -%}
        coalesce(chain_versions.erp_known_on <= accounting_periods.ends_on, false) as is_erp_known,
        chain_versions.is_other_product
        and coalesce(chain_versions.erp_known_on <= accounting_periods.ends_on, false)
            as is_product_mismatch,
        coalesce(chain_versions.handed_on <= accounting_periods.ends_on, false) as is_handed_over
    from accumulated
    inner join accounting_periods
        on accumulated.period_no = accounting_periods.period_no
    inner join chain_versions
        on accumulated.contract_line_version_id = chain_versions.contract_line_version_id

)

select * from final
