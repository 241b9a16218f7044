-- Grain: one row per witness (crm, erp) x contract line version x record that counts for either
-- side of the ARR bridge, with its value per twelve months by the convention of Sales and by that
-- of Finance. A version without a term counts its amount for Sales and nothing for Finance.
with

contract_lines as (

    select * from {{ ref('fct_contract_lines') }}

),

products as (

    select * from {{ ref('dim_product') }}

),

families as (

    select * from {{ ref('int_bookings_customer_families') }}

),

measured as (

    select
        contract_lines.witness,
        -- What the ERP says again is a line of its own here.
        case
            when
                contract_lines.witness = 'erp'
                and contract_lines.duplicate_of_record_id is not null
                then contract_lines.contract_line_version_id
            else contract_lines.contract_line_id
        end as contract_line_id,
        contract_lines.duplicate_of_record_id is not null as is_duplicate,
        contract_lines.contract_line_version_id,
        contract_lines.contract_id,
        contract_lines.product_id,
        contract_lines.ramp_group,
        contract_lines.record_id,
        contract_lines.currency_code,
        contract_lines.amount_minor,
        contract_lines.rate_numerator,
        contract_lines.rate_denominator,
        contract_lines.known_on,
        contract_lines.starts_on,
        contract_lines.service_ends_on as ends_on,
        families.arr_customer_id,
        contract_lines.change_kind in ('decrease', 'cancellation') as is_reduction,
        {{ scaled_integer('contract_lines.quantity', 4) }} as quantity_units,
        greatest(
            contract_lines.known_on, coalesce(contract_lines.starts_on, contract_lines.known_on)
        ) as effective_on,
        products.is_tagged_recurring,
        coalesce(contract_lines.starts_on < contract_lines.service_ends_on, false) as has_term,
        {{ add_days('contract_lines.service_ends_on', '1') }} as ends_before,
        cast(
            {{ whole_months(
                'contract_lines.starts_on', add_days('contract_lines.service_ends_on', '1')
            ) }}
            as bigint
        ) as term_months,
        {{ days_between('contract_lines.starts_on', 'contract_lines.service_ends_on') }} + 1
            as service_days,
        products.is_recurring
    from contract_lines
    inner join products
        on contract_lines.product_id = products.product_id
    inner join families
        on contract_lines.witness_customer_id = families.customer_id
    where products.is_recurring or products.is_tagged_recurring

),

termed as (

    select
        *,
        is_recurring and has_term as is_committed,
        greatest(
            {{ days_between(add_months('starts_on', 'term_months'), 'ends_before') }}, 0
        ) as term_days
    from measured

),

valued as (

    select
        *,
        case
            when not is_tagged_recurring then 0
            when has_term then {{ annual_minor(var('sales_arr_convention'), 'amount_minor') }}
            else amount_minor
        end as sales_minor,
        case
            when is_committed then {{ annual_minor(var('finance_arr_convention'), 'amount_minor') }}
            else 0
        end as finance_minor
    from termed

),

final as (

    -- Each at the rate of its own record.
    select
        *,
        {{ converted_minor_units('sales_minor', 'rate_numerator', 'rate_denominator') }}
            as sales_rpt_minor,
        {{ converted_minor_units('finance_minor', 'rate_numerator', 'rate_denominator') }}
            as finance_rpt_minor
    from valued

)

select * from final
