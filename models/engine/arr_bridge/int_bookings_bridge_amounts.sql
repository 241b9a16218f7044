-- Grain: one row per contract line of the CRM x accounting period, with its ARR at each step of the
-- bridge, minor units. Each is a sum of its own over the versions that count at that step; from
-- Finance's convention on, a line without units has none.
{% set finance_steps = [
    ("committed", "finance_rpt_minor", "quantity_units", "counts_committed"),
    ("live", "finance_rpt_minor", "quantity_units", "counts_live"),
    ("not_continued", "finance_rpt_minor", "quantity_units", "counts_not_continued"),
    ("uncancelled", "finance_rpt_minor", "quantity_units", "counts_uncancelled"),
    ("once", "finance_rpt_minor", "quantity_units", "counts_once"),
    ("once_txn", "finance_minor", "quantity_units", "counts_once"),
    ("live_txn", "finance_minor", "quantity_units", "counts_live"),
    ("in_both_txn", "finance_minor", "quantity_units", "counts_in_both"),
    ("in_erp_txn", "finance_minor", "quantity_units", "counts_in_erp"),
    ("by_erp_dates_txn", "finance_minor", "quantity_units", "counts_by_erp_dates"),
    ("by_erp_txn", "erp_finance_minor", "erp_quantity_units", "counts_by_erp_dates"),
] %}
with

flags as (

    select * from {{ ref('int_bookings_bridge_flags') }}

),

final as (

    select
        contract_line_id,
        period_no,
        any_value(crm_customer_id) as crm_customer_id,
        any_value(erp_customer_id) as erp_customer_id,
        any_value(currency_code) as currency_code,
        any_value(erp_currency_code) as erp_currency_code,
        {% for name, value, units, counts in finance_steps -%}
            cast(
                case
                    when coalesce(sum({{ units }}) filter (where {{ counts }}), 0) = 0 then 0
                    else coalesce(sum({{ value }}) filter (where {{ counts }}), 0)
                end as bigint
            ) as {{ name }}_minor,
        {% endfor -%}
        cast(coalesce(sum(sales_rpt_minor) filter (where counts_for_sales), 0) as bigint)
            as sales_minor,
        cast(coalesce(sum(sales_rpt_minor) filter (where counts_started), 0) as bigint)
            as started_minor,
        cast(coalesce(sum(sales_rpt_minor) filter (where counts_by_step), 0) as bigint)
            as by_step_minor,
        cast(coalesce(sum(sales_rpt_minor) filter (where counts_committed), 0) as bigint)
            as recurring_minor
    from flags
    group by contract_line_id, period_no

)

select * from final
