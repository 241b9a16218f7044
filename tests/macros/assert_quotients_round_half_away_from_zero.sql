-- Fails where an integer quotient is not rounded half away from zero on either side of it.
with

cases as (

    select * from (
        values (5, 2, 3), (-5, 2, -3), (4, 3, 1), (-4, 3, -1), (7, 2, 4), (0, 3, 0), (1, 3, 0)
    ) as listed (numerator, denominator, expected)

)

select *
from cases
where ({{ rounded_quotient('numerator', 'denominator') }} = expected) is not true
