-- An amount is split by weight in whole units that sum to it; the units left over go to the largest
-- parts cut off, to the largest amount or to the last line. Weights that sum to zero are equal.
with

cases as (

    select * from (
        values
        ('largest_remainder', 1, 100, 1, 34), ('largest_remainder', 2, 100, 1, 33),
        ('largest_remainder', 3, 100, 1, 33), ('largest_amount', 1, 103, 1, 26),
        ('largest_amount', 2, 103, 2, 51), ('largest_amount', 3, 103, 1, 26),
        ('last_line', 1, 101, 0, 34), ('last_line', 2, 101, 0, 34), ('last_line', 3, 101, 0, 33)
    ) as listed (allocation_residual, line_no, split_minor, split_weight, expected_minor)

),

split as (

    {{ split_by_weights('cases', ['allocation_residual']) }}

)

select *
from split
where (share_minor = expected_minor) is not true
