{#- The day a cancellation takes back what it takes: its own, or the day it is known where that is
    later. What nobody knows to be cancelled goes on. -#}
{% macro cancelled_on(starts_on, known_on) -%}
    greatest({{ starts_on }}, {{ known_on }})
{%- endmacro %}
