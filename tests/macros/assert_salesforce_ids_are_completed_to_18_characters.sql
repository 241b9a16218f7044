-- Fails where the 18-character form of an id is wrong. The checksum tells which of the 15 are
-- capitals; ids of another length stay as they are, and case is never folded.
with

cases as (

    select * from (
        values
        ('003RO0000035WQg', '003RO0000035WQgYAM'),
        ('005R0000000UyrW', '005R0000000UyrWIAS'),
        ('a00D0000008pQRA', 'a00D0000008pQRAIA2'),
        ('003RO0000035WQgYAM', '003RO0000035WQgYAM'),
        ('800', '800')
    ) as listed (short_id, long_id)

)

select *
from cases
where ({{ salesforce_id_18('short_id') }} = long_id) is not true
