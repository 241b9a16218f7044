-- Grain: one row per ARR line (a contract line, or all steps of a ramp), with its dates.
with

versions as (

    select * from {{ ref('int_bookings_arr_versions') }}

),

contracts as (

    select * from {{ ref('dim_contract') }}

),

families as (

    select * from {{ ref('int_bookings_customer_families') }}

),

grouped as (

    select
        arr_line_id,
        max(contract_id) as contract_id,
        min_by(customer_id, known_on) as customer_id,
        max(product_id) as product_id,
        max(currency_code) as currency_code,
        bool_or(is_recurring) as is_recurring,
        bool_or(is_ramp) as is_ramp,
        min(known_on) as known_on,
        min(effective_on) as effective_on,
        min(starts_on) as starts_on,
        max(ends_on) as ends_on,
        {{ add_days('max(ends_on)', '1') }} as ends_before,
        min_by(record_id, (starts_on, known_on, record_id)) as record_id,
        max_by(load_id, (known_on, record_id)) as load_id
    from versions
    group by arr_line_id

),

termed as (

    select
        *,
        cast({{ whole_months('starts_on', 'ends_before') }} as bigint) as term_months
    from grouped

),

final as (

    -- Years of the whole term, as 4380ths: twelfths by months, days beyond them as 365ths.
    select
        termed.*,
        families.arr_customer_id,
        contracts.renewed_contract_id,
        365 * termed.term_months + 12 * greatest(
            {{ days_between(add_months('termed.starts_on', 'termed.term_months'),
                'termed.ends_before') }},
            0
        ) as term_parts
    from termed
    inner join contracts
        on termed.contract_id = contracts.contract_id
    inner join families
        on termed.customer_id = families.customer_id

)

select * from final
