-- Grain: one row per contract line version x span of accounting periods (int_chain_grid) x currency
-- scope (txn, rpt).
-- Booked, recognized and the amount of each reason code of the chain, cumulative to the period end:
-- the differences of neighboring steps (macro chain_steps).
with

chain_steps as (

    select
        *,
        -- Each plan row may be off by half a minor unit, and each journal line by another half in
        -- the ledger's currency; more than that is not rounding.
        abs(posted_minor - ledger_minor) <= due_rows + 1 as is_in_ledger_as_posted
    from {{ ref('int_chain_steps') }}

),

ended as (

    select
        *,
        case when is_posted_as_due then due_minor - posted_minor else 0 end
        + case when is_in_ledger_as_posted then posted_minor - ledger_minor else 0 end
            as rounding_minor,
        case when is_posted_as_due then 0 else due_minor - posted_minor end
        + case when is_in_ledger_as_posted then 0 else posted_minor - ledger_minor end
            as unexplained_minor
    from chain_steps

),

differences as (

    select
        currency_scope,
        contract_line_version_id,
        contract_line_id,
        period_no,
        last_period_no,
        {% for fact in chain_flagged_codes().values() -%}
            {{ fact }},
        {% endfor -%}
        booked_minor,
        ledger_minor + manual_minor as recognized_minor,
    {% for code in chain_codes() -%}
        {{ code.amount }} as {{ code.code }}{{ ',' if not loop.last }}
    {% endfor %}
    from ended

),

final as (

    -- Versions that offset each other are still broken: each is looked at on its own.
    select
        *,
        {% for code in chain_codes_by_version() -%}
            {{ 'or ' if not loop.first }}{{ code }} != 0
        {% endfor %}
        {% for fact in chain_flagged_codes().values() -%}
            or {{ fact }}
        {% endfor %} as has_break,
        unexplained != 0 as has_unexplained
    from differences

)

select * from final
