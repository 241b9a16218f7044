-- Fails where macro first_filled does not take the first of several fields that holds something:
-- a field of the account's own goes before the usual one, and a blank is nothing.
select *
from (values
    (' 802A ', '802B', '802A'), (' ', '802B', '802B'), (null, '802B', '802B'),
    ('', ' ', null), (null, null, null)
) as fields (custcol_crm_line, custcol_sf_order_item_id, expected)
where {{ first_filled(['custcol_crm_line', 'custcol_sf_order_item_id']) }} is distinct from expected
