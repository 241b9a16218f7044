-- Grain: one row per witness x contract line version of a contract, as it was known at a moment.
select
    history.witness,
    products.product_name,
    history.record_id,
    history.change_kind,
    history.currency_code,
    history.quantity,
    history.amount_txn,
    history.starts_on,
    history.ends_on,
    history.known_from
from fct_contract_line_history as history
left join dim_product as products on history.product_id = products.product_id
where
    history.contract_id = $contract_id
    and history.known_from <= $known_at
    and (history.known_to > $known_at or history.known_to is null)
order by history.witness, history.starts_on, products.product_name, history.record_id
