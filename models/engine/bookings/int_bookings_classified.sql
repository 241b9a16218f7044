-- Grain: one row per contract line version of the CRM, with its booking type and ARR change.
with

annualized as (

    select * from {{ ref('int_bookings_annualized') }}

),

contracts as (

    select * from {{ ref('dim_contract') }}

),

histories as (

    select * from {{ ref('int_bookings_contract_histories') }}

),

at_contract_end as (

    -- What runs to the end: of a ramp, the last step.
    select *
    from annualized
    qualify ends_on = max(ends_on) over (partition by contract_id, product_id)

),

product_arr as (

    select
        contract_id,
        product_id,
        currency_code,
        cast(sum(arr_minor) as bigint) as arr_minor
    from at_contract_end
    group by contract_id, product_id, currency_code

),

renewed as (

    -- The first line of a product in a renewal takes over what the old contract carried of it.
    select
        annualized.contract_line_version_id,
        product_arr.arr_minor as renewed_arr_minor
    from annualized
    inner join contracts
        on annualized.contract_id = contracts.contract_id
    inner join product_arr
        on
        contracts.renewed_contract_id = product_arr.contract_id
        and annualized.product_id = product_arr.product_id
        and annualized.currency_code = product_arr.currency_code
    where annualized.deal_kind = 'renewal' and annualized.change_kind = 'initial'
    qualify row_number() over (
            partition by annualized.contract_id, annualized.product_id
            order by annualized.starts_on, annualized.record_id
        ) = 1

),

ramp_steps as (

    -- A later step of a ramp adds what it has above the step before it, not its whole value.
    select
        contract_line_version_id,
        lag(arr_minor) over step as previous_arr_minor,
        row_number() over step as step_no
    from annualized
    where ramp_group is not null and change_kind = 'initial'
    window step as (
        partition by contract_id, product_id, ramp_group
        order by starts_on, record_id
    )

),

classified as (

    select
        annualized.*,
        case
            when annualized.change_kind = 'cancellation' then 'churn'
            when annualized.change_kind = 'decrease' then 'contraction'
            when annualized.change_kind = 'increase' then 'expansion'
            when annualized.change_kind = 'neutral' then 'amendment_neutral'
            when annualized.deal_kind = 'amendment' then 'expansion'
            when histories.arr_before = 'lapsed' then 'reactivation'
            when annualized.deal_kind = 'renewal' then 'renewal'
            when histories.arr_before = 'none' then 'new'
            else 'expansion'
        end as booking_type,
        annualized.arr_minor
        - coalesce(renewed.renewed_arr_minor, 0)
        - coalesce(ramp_steps.previous_arr_minor, 0) as arr_delta_minor,
        -- The next twelve months see the first step only.
        case when ramp_steps.step_no > 1 then 0 else annualized.acv_minor end
            as contract_acv_minor
    from annualized
    left join histories
        on annualized.contract_id = histories.contract_id
    left join renewed
        on annualized.contract_line_version_id = renewed.contract_line_version_id
    left join ramp_steps
        on annualized.contract_line_version_id = ramp_steps.contract_line_version_id

)

select * from classified
