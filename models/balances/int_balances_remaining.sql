-- Grain: one row per contract x accounting period x time band in which the remaining performance
-- obligation due in the band changes. Bands are counted from the end of the period: 1 holds what is
-- due within the first of rpo_band_months (and what is overdue), 2 within the second, 3 the rest.
-- Time moves an obligation from band to band: it enters a band and leaves it, so that a running sum
-- over the periods is the balance and no row a period is needed for what stands still.
with

obligations as (

    select
        *,
        coalesce(gone_no, 1000000) as end_no,
        due_no - {{ var('rpo_band_months')[0] }} as first_band_no,
        due_no - {{ var('rpo_band_months')[1] }} as second_band_no
    from {{ ref('int_balances_obligations') }}
    where known_no < coalesce(gone_no, 1000000)

),

stays as (

    select
        contract_id,
        1 as band_no,
        greatest(known_no, first_band_no) as enters_no,
        end_no as leaves_no,
        amount_minor,
        amount_fn_minor
    from obligations

    union all

    select
        contract_id,
        2 as band_no,
        greatest(known_no, second_band_no) as enters_no,
        least(end_no, first_band_no) as leaves_no,
        amount_minor,
        amount_fn_minor
    from obligations

    union all

    select
        contract_id,
        3 as band_no,
        known_no as enters_no,
        least(end_no, second_band_no) as leaves_no,
        amount_minor,
        amount_fn_minor
    from obligations

),

changes as (

    select
        contract_id,
        band_no,
        enters_no as period_no,
        amount_minor,
        amount_fn_minor
    from stays
    where enters_no < leaves_no

    union all

    select
        contract_id,
        band_no,
        leaves_no as period_no,
        -amount_minor as amount_minor,
        -amount_fn_minor as amount_fn_minor
    from stays
    where enters_no < leaves_no

)

select
    contract_id,
    period_no,
    band_no,
    cast(sum(amount_minor) as bigint) as amount_minor,
    cast(sum(amount_fn_minor) as bigint) as amount_fn_minor
from changes
where period_no < 1000000
group by contract_id, period_no, band_no
