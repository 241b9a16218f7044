-- Fails where the price of a term is not that of its method: 120.00 a year, ten units. By months
-- and days six months are half, 15 January to 20 August are 7 months and 6 days, and a month from
-- 31 January ends on 27 February. By days all are 365ths, 366 of them in a leap year. Any other
-- method has no price.
with

cases (case_name, method, starts_on, ends_on, expected_minor) as (

    values
    ('half a year', 'months_and_days', date '2025-01-01', date '2025-06-30', 60000),
    ('broken', 'months_and_days', date '2025-01-15', date '2025-08-20', 71973),
    ('short month', 'months_and_days', date '2025-01-31', date '2025-02-27', 10000),
    ('half a year by days', 'days', date '2025-01-01', date '2025-06-30', 59507),
    ('leap year', 'days', date '2024-01-01', date '2024-12-31', 120329),
    ('none', 'by hand', date '2025-01-01', date '2025-06-30', null)

),

computed as (

    select
        *,
        {{ prorated_price_minor(
            'method', 'cast(120 as decimal(28, 10))', 'cast(10 as decimal(18, 4))', '100',
            'starts_on', 'ends_on'
        ) }} as prorated_minor
    from cases

)

select * from computed
where prorated_minor is distinct from expected_minor
