-- Grain: one row per contract line version x accounting period in which anything of it changes: it
-- is earned (int_chain_earned), varies (int_chain_varied), is planned or posted
-- (int_chain_postings). Minor units of the order.
with

earned as (

    select * from {{ ref('int_chain_earned') }}

),

varied as (

    select * from {{ ref('int_chain_varied') }}

),

postings as (

    select
        *,
        posted_fn_minor as posted_rpt_minor,
        manual_fn_minor as manual_rpt_minor
    from {{ ref('int_chain_postings') }}

),

final as (

    select
        {% for name, sum in chain_running_sums().items() -%}
            coalesce({{ sum.relation }}.{{ name }}, 0) as {{ name }},
        {% endfor -%}
        coalesce(
            earned.contract_line_version_id, postings.contract_line_version_id,
            varied.contract_line_version_id
        ) as contract_line_version_id,
        coalesce(earned.period_no, postings.period_no, varied.period_no) as period_no
    from earned
    full outer join postings
        on
        earned.contract_line_version_id = postings.contract_line_version_id
        and earned.period_no = postings.period_no
    full outer join varied
        on
        coalesce(earned.contract_line_version_id, postings.contract_line_version_id)
        = varied.contract_line_version_id
        and coalesce(earned.period_no, postings.period_no) = varied.period_no

)

select * from final
