-- Fails where no row is for every other entity: add the entity * to seeds/materiality.csv.
select count(*) as default_rows
from {{ ref('materiality') }}
where entity = '*'
having count(*) != 1
