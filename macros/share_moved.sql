{#- What a movement adds to the part a member has of a running amount of a shared record; the
    columns share_before, share_through and share_total say which part. -#}
{% macro share_moved(amount_so_far, movement) -%}
    {{ share_between(amount_so_far, "share_before", "share_through", "share_total") }}
    - {{ share_between(
        "(" ~ amount_so_far ~ " - " ~ movement ~ ")",
        "share_before", "share_through", "share_total"
    ) }}
{%- endmacro %}
