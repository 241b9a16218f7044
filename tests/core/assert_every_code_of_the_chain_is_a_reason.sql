-- The codes of the chain (macro chain_steps) and the reasons a user reads about (seed reasons) are
-- the same, and what is broken version by version is a break.
with

codes as (

    {% for code in chain_codes() %}
        {% if not loop.first %}
            union all
        {% endif %}
        select
            '{{ code.code }}' as reason_code,
            {{ code.code in chain_codes_by_version() }} as is_by_version
    {% endfor %}

),

reasons as (

    select * from {{ ref('dim_reason') }}

)

select
    codes.reason_code as chain_code,
    reasons.reason_code as seed_code,
    reasons.reason_class
from codes
full outer join reasons
    on codes.reason_code = reasons.reason_code
where
    codes.reason_code is null
    or reasons.reason_code is null
    or (codes.is_by_version and reasons.reason_class != 'break')
