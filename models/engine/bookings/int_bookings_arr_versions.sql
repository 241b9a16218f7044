-- Grain: one row per contract line version of the CRM that carries ARR or is sold by use, with the
-- line it counts for. The steps of a ramp are one line here, that of the first step.
with

annualized as (

    select * from {{ ref('int_bookings_annualized') }}
    where is_recurring or recognition_pattern in ('usage', 'drawdown')

),

steps as (

    select
        contract_line_id,
        contract_id,
        product_id,
        starts_on as step_starts_on,
        ramp_group is not null as is_ramp,
        coalesce(ramp_group, contract_line_id) as line_group,
        record_id
    from annualized
    qualify row_number() over (partition by contract_line_id order by version_no, record_id) = 1

),

numbered as (

    select
        *,
        dense_rank() over (
            partition by contract_id, product_id, line_group order by step_starts_on
        ) as step_no,
        first_value(contract_line_id) over (
            partition by contract_id, product_id, line_group order by step_starts_on, record_id
        ) as arr_line_id
    from steps

),

final as (

    -- Nothing counts before it is signed. What changes a step on its first day changes it before
    -- it was ever live.
    select
        numbered.arr_line_id,
        annualized.contract_line_version_id,
        annualized.contract_id,
        annualized.customer_id,
        annualized.product_id,
        annualized.currency_code,
        annualized.record_id,
        annualized.load_id,
        annualized.is_recurring,
        numbered.is_ramp,
        numbered.step_no,
        numbered.step_no = max(numbered.step_no) over (partition by numbered.arr_line_id)
            as is_last_step,
        annualized.known_on,
        annualized.starts_on,
        annualized.ends_on,
        greatest(annualized.known_on, annualized.starts_on) as effective_on,
        case
            when annualized.starts_on = numbered.step_starts_on then annualized.known_on
            else greatest(annualized.known_on, annualized.starts_on)
        end as counted_on,
        {{ scaled_integer('annualized.quantity', 4) }} as quantity_units,
        annualized.amount_minor,
        annualized.arr_minor,
        case
            when annualized.is_recurring then 0
            else cast(
                {{ rounded_quotient(
                    'annualized.amount_minor * 4380',
                    '(365 * annualized.term_months + 12 * annualized.term_days)'
                ) }}
                    as bigint
                )
        end as commitment_minor,
        annualized.usage_price
    from annualized
    inner join numbered
        on annualized.contract_line_id = numbered.contract_line_id

)

select * from final
