-- Fails on a contract line whose versions, or whose CRM and ERP records, are in several currencies:
-- amounts would be compared across currencies. Correct the currency in one of the two systems.
select
    contract_line_id,
    min(currency_code) as one_currency,
    max(currency_code) as another_currency,
    min(record_id) as record_id
from {{ ref('fct_contract_lines') }}
group by contract_line_id
having min(currency_code) != max(currency_code)
