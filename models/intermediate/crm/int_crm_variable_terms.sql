-- Grain: one row per CRM order product x kind of variable amount x day from which it is so: what a
-- month is charged at least, and what of the price is expected to be given back.
with

contract_lines as (

    select * from {{ ref('int_crm_contract_lines') }}

),

order_items as (

    select * from {{ ref('stg_salesforce__order_items') }}

),

currencies as (

    select * from {{ ref('currencies') }}

),

joined as (

    select
        contract_lines.record_id,
        contract_lines.header_record_id,
        contract_lines.load_id,
        contract_lines.known_on,
        order_items.rebate_settled_on,
        {{ minor_units('order_items.monthly_minimum', 'currencies.minor_units_per_major') }}
            as minimum_minor,
        {{ rounded_quotient(
            wide_integer('contract_lines.amount_minor')
            ~ ' * cast(round(order_items.expected_rebate_percent * 10000, 0) as bigint)',
            '1000000'
        ) }} as expected_minor,
        {{ rounded_quotient(
            wide_integer('contract_lines.amount_minor')
            ~ ' * cast(round(order_items.final_rebate_percent * 10000, 0) as bigint)',
            '1000000'
        ) }} as final_minor
    from contract_lines
    inner join order_items
        on contract_lines.record_id = order_items.order_item_id
    inner join currencies
        on contract_lines.currency_code = currencies.currency_code

),

stated as (

    select
        *,
        'monthly_minimum' as term_kind,
        known_on as effective_on,
        minimum_minor as amount_minor
    from joined
    where minimum_minor > 0

    union all

    select
        *,
        'rebate_estimate' as term_kind,
        known_on as effective_on,
        -expected_minor as amount_minor
    from joined
    where expected_minor != 0

    union all

    -- The fact replaces the estimate: what it adds to it.
    select
        *,
        'rebate_estimate' as term_kind,
        rebate_settled_on as effective_on,
        coalesce(expected_minor, 0) - final_minor as amount_minor
    from joined
    where final_minor is not null and rebate_settled_on is not null

),

final as (

    select
        record_id,
        term_kind,
        effective_on,
        record_id as term_record_id,
        header_record_id as term_header_record_id,
        'order product' as term_document,
        cast(sum(amount_minor) as bigint) as amount_minor,
        max(load_id) as load_id
    from stated
    group by record_id, term_kind, effective_on, header_record_id
    having sum(amount_minor) != 0

)

select * from final
