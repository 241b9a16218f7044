-- Fails where share_of does not round half away from zero at the sixth digit, or makes up a share
-- where there is no whole.
with

cases (part, whole, expected) as (
    values
    (1, 3, 0.333333), (2, 3, 0.666667), (-2, 3, -0.666667), (3, 3, 1.000000), (0, 3, 0.000000),
    (0.0000005, 1, 0.000001), (999999999999.999, 999999999999.999, 1.000000), (1, 0, null)
)

select *
from cases
where
    {{ share_of('cast(part as decimal(28, 6))', 'cast(whole as decimal(28, 6))') }}
    is distinct from cast(expected as decimal(9, 6))
