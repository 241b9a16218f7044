{#- What had been delivered, progressed or used when the open part of a line began. -#}
{% macro next_base(measure) -%}
    case
        when treatment = 'retrospective' then 0
        when is_reopened then {{ measure }}_before
        else {{ measure }}_base
    end as {{ measure }}_base
{%- endmacro %}
