-- Grain: one row per contract line version x accounting period, from its first fact to the
-- reporting period: what each system knew at the period end, and what was due and posted by then.
with

chain_versions as (

    select * from {{ ref('int_chain_scoped_versions') }}

),

changes as (

    select * from {{ ref('int_chain_changes') }}

),

accounting_periods as (

    select * from {{ ref('dim_accounting_period') }}
    where has_ended

),

accumulated as (

    select
        {% for name in chain_running_sums() -%}
            sum({{ name }}) over running as {{ name }},
        {% endfor -%}
        contract_line_version_id,
        period_no as from_period_no,
        lead(period_no) over running as next_period_no
    from changes
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
        {% for name, sum in chain_running_sums().items() -%}
            cast(
                {{ 'chain_versions.' ~ sum.scale ~ ' * ' if sum.scale }}spread.{{ name }}
                as {{ sum.data_type }}
            ) as {{ name }},
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
