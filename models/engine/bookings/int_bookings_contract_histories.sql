-- Grain: one row per contract of the CRM, with what its customer's ARR was before the contract
-- counts: active, lapsed or none, at the end of the last period before the one it goes live in. The
-- same days and the same balances that decide the movements decide who is new.
with

annualized as (

    select * from {{ ref('int_bookings_annualized') }}

),

families as (

    select * from {{ ref('int_bookings_customer_families') }}

),

accounting_periods as (

    select * from {{ ref('dim_accounting_period') }}

),

labels as (

    select * from {{ ref('int_bookings_arr_labels') }}

),

contracts as (

    select
        annualized.contract_id,
        min_by(families.arr_customer_id, (annualized.known_on, annualized.record_id))
            as arr_customer_id,
        min(greatest(annualized.known_on, coalesce(annualized.starts_on, annualized.known_on)))
            as effective_on
    from annualized
    inner join families
        on annualized.customer_id = families.customer_id
    group by annualized.contract_id

),

placed as (

    select
        contracts.*,
        coalesce(accounting_periods.starts_on, {{ month_start('contracts.effective_on') }})
            as period_starts_on,
        coalesce(accounting_periods.ends_on, contracts.effective_on) as period_ends_on
    from contracts
    left join accounting_periods
        on
        contracts.effective_on between accounting_periods.starts_on
        and accounting_periods.ends_on

),

before as (

    select
        placed.contract_id,
        max_by(labels.has_arr_at_end, labels.period_no) as had_arr,
        max_by(labels.active_through, labels.period_no) as active_through
    from placed
    inner join labels
        on
        placed.arr_customer_id = labels.arr_customer_id
        and placed.period_starts_on > labels.period_ends_on
    group by placed.contract_id

),

final as (

    select
        placed.contract_id,
        case
            when before.had_arr then 'active'
            when before.active_through is null then 'none'
            when
                {{ var('arr_new_again_after_days') }} > 0
                and {{ days_between('before.active_through', 'placed.period_ends_on') }}
                > {{ var('arr_new_again_after_days') }}
                then 'none'
            else 'lapsed'
        end as arr_before
    from placed
    left join before
        on placed.contract_id = before.contract_id

)

select * from final
