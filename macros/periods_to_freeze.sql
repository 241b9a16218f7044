{#- Reported accounting periods that a model which only ever adds rows does not hold yet. Inside a
    model, which has a column period_no; a first build takes all of them. -#}
{% macro periods_to_freeze() -%}
    select *
    from {{ ref('dim_accounting_period') }}
    where
        is_reported
        {%- if is_incremental() %}
        and period_no > (select coalesce(max(frozen.period_no), 0) from {{ this }} as frozen)
        {%- endif %}
{%- endmacro %}
