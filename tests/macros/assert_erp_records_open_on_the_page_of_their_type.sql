-- Fails where the web address of an ERP transaction is wrong: its page depends on its type, and
-- without an address of the ERP or an id there is none.
with

cases as (

    select * from (
        values
        ('https://1.example', 'SalesOrd', '7',
            'https://1.example/app/accounting/transactions/salesord.nl?id=7'),
        ('https://1.example', 'CustCred', '8',
            'https://1.example/app/accounting/transactions/custcred.nl?id=8'),
        ('https://1.example', 'CashSale', '8',
            'https://1.example/app/accounting/transactions/cashsale.nl?id=8'),
        ('https://1.example', null, '9',
            'https://1.example/app/accounting/transactions/salesord.nl?id=9'),
        (null, 'SalesOrd', '7', null),
        ('https://1.example', 'SalesOrd', null, null)
    ) as listed (base_url, record_type, record_id, expected_url)

)

select *
from cases
where {{ erp_record_url('base_url', 'record_type', 'record_id') }} is distinct from expected_url
