-- Fails on an active subsidiary whose books are in another currency than the group reports in:
-- amounts ending in _rpt are taken at functional amounts and would be wrong for it.
select
    subsidiaries.subsidiary_id,
    subsidiaries.subsidiary_name,
    currencies.currency_code
from {{ ref('stg_netsuite__subsidiaries') }} as subsidiaries
left join {{ ref('stg_netsuite__currencies') }} as currencies
    on subsidiaries.currency_id = currencies.currency_id
where
    not coalesce(subsidiaries.is_elimination, false)
    and not coalesce(subsidiaries.is_inactive, false)
    and (currencies.currency_code = '{{ var("reporting_currency") }}') is not true
