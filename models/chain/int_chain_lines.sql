-- Grain: one row per contract line x accounting period x currency scope (txn, rpt).
-- Booked, recognized and the reason of each step of the chain, cumulative to the period end.
with

chain_steps as (

    select * from {{ ref('int_chain_steps') }}

),

differences as (

    select
        currency_scope,
        contract_line_id,
        period_no,
        booked_minor,
        ledger_minor as recognized_minor,
        booked_minor - contract_rate_minor as fx_rate,
        contract_rate_minor - handed_minor as handoff_lag,
        case when is_in_crm then handed_minor - population_minor else 0 end as missing_in_erp,
        case when not is_in_crm then handed_minor - population_minor else 0 end
            as missing_in_crm,
        case when change_kind != 'cancellation' then population_minor - versions_minor else 0 end
            as amendment_not_synced,
        case when change_kind = 'cancellation' then population_minor - versions_minor else 0 end
            as termination_not_synced,
        versions_minor - quantity_minor as quantity_mismatch,
        quantity_minor - amount_minor
        + used_minor - charged_by_erp_minor as price_mismatch,
        amount_minor - computable_minor as contract_held,
        computable_minor - book_minor as allocation_ssp,
        book_minor - allocated_minor as allocation_mismatch,
        allocated_minor - used_minor as usage_overage,
        charged_by_erp_minor - unlapsed_minor as credits_unused,
        unlapsed_minor - variable_minor as breakage,
        variable_minor - earned_minor as not_yet_delivered,
        earned_minor - erp_earned_minor as date_shift,
        erp_earned_minor - due_minor as posting_lag,
        -- Each plan row may be off by half a minor unit, and each journal line by another half in
        -- the ledger's currency; more than that is not rounding.
        case when is_posted_as_due then due_minor - posted_minor else 0 end
        + case
            when abs(posted_minor - ledger_minor) <= due_rows + 1 then posted_minor - ledger_minor
            else 0
        end as rounding,
        case when is_posted_as_due then 0 else due_minor - posted_minor end
        + case
            when abs(posted_minor - ledger_minor) <= due_rows + 1 then 0
            else posted_minor - ledger_minor
        end as unexplained
    from chain_steps

),

summed as (

    select
        currency_scope,
        contract_line_id,
        period_no,
        cast(sum(booked_minor) as bigint) as booked_minor,
        cast(sum(recognized_minor) as bigint) as recognized_minor,
        cast(sum(fx_rate) as bigint) as fx_rate,
        cast(sum(handoff_lag) as bigint) as handoff_lag,
        cast(sum(missing_in_erp) as bigint) as missing_in_erp,
        cast(sum(missing_in_crm) as bigint) as missing_in_crm,
        cast(sum(amendment_not_synced) as bigint) as amendment_not_synced,
        cast(sum(termination_not_synced) as bigint) as termination_not_synced,
        cast(sum(quantity_mismatch) as bigint) as quantity_mismatch,
        cast(sum(price_mismatch) as bigint) as price_mismatch,
        cast(sum(contract_held) as bigint) as contract_held,
        cast(sum(allocation_ssp) as bigint) as allocation_ssp,
        cast(sum(allocation_mismatch) as bigint) as allocation_mismatch,
        cast(sum(usage_overage) as bigint) as usage_overage,
        cast(sum(credits_unused) as bigint) as credits_unused,
        cast(sum(breakage) as bigint) as breakage,
        cast(sum(not_yet_delivered) as bigint) as not_yet_delivered,
        cast(sum(date_shift) as bigint) as date_shift,
        cast(sum(posting_lag) as bigint) as posting_lag,
        cast(sum(unexplained) as bigint) as unexplained,
        cast(sum(rounding) as bigint) as rounding,
        -- Versions that offset each other are still broken: flags look at each on its own.
        bool_or(
            missing_in_erp != 0
            or missing_in_crm != 0
            or amendment_not_synced != 0
            or termination_not_synced != 0
            or quantity_mismatch != 0
            or price_mismatch != 0
            or contract_held != 0
            or allocation_mismatch != 0
            or posting_lag != 0
        ) as has_break,
        bool_or(unexplained != 0) as has_unexplained
    from differences
    group by currency_scope, contract_line_id, period_no

)

select * from summed
