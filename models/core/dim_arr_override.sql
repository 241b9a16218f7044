-- Grain: one row per adjustment of a customer's Finance ARR in the register (seed arr_overrides).
with

overrides as (

    select * from {{ ref('arr_overrides') }}

),

customers as (

    select * from {{ ref('dim_customer') }}

),

reporting_currency as (

    select * from {{ ref('dim_currency') }}
    where is_reporting_currency

),

final as (

    select
        {{ surrogate_key([
            'overrides.customer_record_id', 'overrides.applies_from', 'overrides.reason'
        ]) }} as arr_override_id,
        customers.customer_id,
        overrides.customer_record_id,
        {{ minor_units('overrides.amount_rpt', 'reporting_currency.minor_units_per_major') }}
            as amount_minor,
        overrides.applies_from,
        overrides.applies_to,
        overrides.owner,
        overrides.reason
    from overrides
    left join customers
        on overrides.customer_record_id
        in (customers.salesforce_account_id, customers.netsuite_customer_id)
    cross join reporting_currency

)

select * from final
