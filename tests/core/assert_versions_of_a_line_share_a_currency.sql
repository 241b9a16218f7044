-- Fails on a contract line whose versions are in several currencies in the CRM: its amounts would
-- be added across currencies. Correct the currency of the order. An order of the ERP in another
-- currency than the CRM's is a currency_mismatch of the chain.
select
    contract_line_id,
    min(currency_code) as one_currency,
    max(currency_code) as another_currency,
    min(record_id) as record_id
from {{ ref('fct_contract_lines') }}
where witness = 'crm'
group by contract_line_id
having min(currency_code) != max(currency_code)
