{#- Which states of which facts the warehouse learned at the last load: the rows that an incremental
    history gets. A state is known from one load up to (not including) the load that found the fact
    changed or gone; a fact that comes back is a new state. The clock of the loads may fall back an
    hour once a year: a history never does. -#}
{% macro states_known(facts, history_key, fact_key, tracked) %}
{%- if is_incremental() %}

history_end as (

    select max(known_from) as known_from from {{ this }}

),

open_states as (

    select * from {{ this }}
    where known_to is null

),

states_now as (

    select
        {{ facts }}.*,
        greatest({{ facts }}.known_at, history_end.known_from) as learned_at
    from {{ facts }}
    cross join history_end

),

learned as (

    select max(learned_at) as learned_at from states_now

),

begun as (

    select
        {% for column in tracked %}states_now.{{ column }}, {% endfor %}
        states_now.learned_at as known_from,
        cast(null as timestamp) as known_to
    from states_now
    left join open_states
        on states_now.{{ fact_key }} = open_states.{{ fact_key }}
    where
        {% for column in tracked %}
        {{ "or " if not loop.first }}states_now.{{ column }} is distinct from
        open_states.{{ column }}
        {%- endfor %}

),

ended as (

    select
        {% for column in tracked %}open_states.{{ column }}, {% endfor %}
        open_states.known_from,
        learned.learned_at as known_to
    from open_states
    cross join learned
    left join states_now
        on open_states.{{ fact_key }} = states_now.{{ fact_key }}
    left join begun
        on open_states.{{ fact_key }} = begun.{{ fact_key }}
    where
        states_now.{{ fact_key }} is null
        -- A state that began with this very load is put right, not ended.
        or (begun.{{ fact_key }} is not null and open_states.known_from < learned.learned_at)

),

states as (

    select * from begun

    union all

    select * from ended

),
{%- else %}

states as (

    select
        {% for column in tracked %}{{ column }}, {% endfor %}
        known_at as known_from,
        cast(null as timestamp) as known_to
    from {{ facts }}

),
{%- endif %}

final as (

    select
        {{ surrogate_key([fact_key, 'known_from']) }} as {{ history_key }},
        states.*
    from states

)
{%- endmacro %}
