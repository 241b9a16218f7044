-- Fails where an amount in minor units is not written with the decimals of its currency.
with

cases as (

    select * from (
        values
        (123456, 0.01, '1234.56'), (-5, 0.01, '-0.05'), (123456, 1, '123456'),
        (123456, 0.001, '123.456')
    ) as listed (minor_units, minor_unit_value, expected)

)

select *
from cases
where ({{ money_text('minor_units', 'minor_unit_value') }} = expected) is not true
