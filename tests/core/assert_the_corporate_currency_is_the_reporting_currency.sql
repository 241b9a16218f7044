-- Fails when the CRM's corporate currency is not the reporting currency: its conversion rates are
-- units of the corporate currency, so booked amounts ending in _rpt would be in another currency.
-- Set var reporting_currency to the corporate currency.
select
    currency_type_id,
    currency_code
from {{ ref('stg_salesforce__currency_types') }}
where is_corporate and (currency_code = '{{ var("reporting_currency") }}') is not true
