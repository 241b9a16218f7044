{#- A Salesforce id in its 18-character form. UIs and integrations store 15 characters (case
    sensitive); the last three are a checksum of which of the 15 are capitals. Never lower-case an
    id: two may differ by case only. Anything that is not 15 characters long is returned as is. -#}
{% macro salesforce_id_18(column) -%}
    case
        when length({{ column }}) = 15 then {{ column }}
            {%- for block in [0, 5, 10] %}
            || substr(
                'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345',
                1
                {%- for position in range(5) %}
                + case
                    when substr({{ column }}, {{ block + position + 1 }}, 1) between 'A' and 'Z'
                        then {{ 2 ** position }}
                    else 0
                end
                {%- endfor %},
                1
            )
            {%- endfor %}
        else {{ column }}
    end
{%- endmacro %}
