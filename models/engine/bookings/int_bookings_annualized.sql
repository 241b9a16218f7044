-- Grain: one row per contract line version of the CRM, with its value per twelve months.
-- Only recurring lines carry ARR. Whole months count as months, days beyond them as 365ths of a
-- year: a term of whole months is exactly amount * 12 / months.
with

contract_lines as (

    select * from {{ ref('fct_contract_lines') }}
    where witness = 'crm'

),

products as (

    select * from {{ ref('dim_product') }}

),

measured as (

    select
        contract_lines.*,
        -- Of a line without a term no yearly value can be told; its contract is held.
        -- What is no revenue never recurs as any.
        coalesce(products.is_recurring, false)
        and coalesce(contract_lines.recognition_pattern, 'none') != 'out_of_scope'
        and contract_lines.starts_on is not null
        and contract_lines.ends_on is not null as is_recurring,
        {{ add_days('contract_lines.ends_on', '1') }} as ends_before,
        cast(
            {{ whole_months(
                'contract_lines.starts_on', add_days('contract_lines.ends_on', '1')
            ) }}
            as bigint
        ) as term_months
    from contract_lines
    left join products
        on contract_lines.product_id = products.product_id

),

termed as (

    select
        *,
        greatest(
            {{ days_between(add_months('starts_on', 'term_months'), 'ends_before') }}, 0
        ) as term_days
    from measured

),

annualized as (

    select
        *,
        case
            when is_recurring
                then cast(
                    {{ rounded_quotient(
                        'amount_minor * 4380', '(365 * term_months + 12 * term_days)'
                    ) }}
                        as bigint
                    )
            else 0
        end as arr_minor
    from termed

),

final as (

    -- ACV: what recurs in the next twelve months; a term of a year or less counts whole.
    select
        *,
        case
            when not is_recurring then 0
            when term_months < 12 or (term_months = 12 and term_days = 0) then amount_minor
            else arr_minor
        end as acv_minor
    from annualized

)

select * from final
