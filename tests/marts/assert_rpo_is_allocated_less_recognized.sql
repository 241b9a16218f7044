-- Fails where a contract's remaining performance obligation is not what the ERP allocated to the
-- lines it knew less what it had posted (606-10-50-13), or not the sum of its time bands. Read from
-- the contract grain and the plan rows, apart from the obligations the mart is made of.
with

accounting_periods as (

    select * from {{ ref('dim_accounting_period') }}

),

allocated as (

    select
        contract_lines.contract_id,
        coalesce(accounting_periods.period_no, 1) as period_no,
        contract_lines.allocated_minor as amount_minor
    from {{ ref('fct_contract_lines') }} as contract_lines
    left join accounting_periods
        on
        contract_lines.known_on >= accounting_periods.starts_on
        and contract_lines.known_on <= accounting_periods.ends_on
    where
        contract_lines.witness = 'erp'
        and contract_lines.recognition_pattern is distinct from 'out_of_scope'

),

recognized as (

    select
        contract_id,
        posting_period_no as period_no,
        -amount_minor as amount_minor
    from {{ ref('int_balances_plan_rows') }}
    where posting_period_no is not null and (not is_charge or changed_no is not null)

),

changed as (

    select
        contract_id,
        changed_no as period_no,
        amount_minor
    from {{ ref('int_balances_plan_rows') }}
    where changed_no is not null

),

movements as (

    select * from allocated
    union all
    select * from changed
    union all
    select * from recognized

),

balances as (

    select
        balances.*,
        currencies.minor_units_per_major
    from {{ ref('fct_contract_balances') }} as balances
    inner join {{ ref('dim_currency') }} as currencies
        on balances.currency_code = currencies.currency_code

),

compared as (

    select
        balances.contract_id,
        balances.period_no,
        any_value({{ minor_units('balances.rpo_txn', 'balances.minor_units_per_major') }})
            as rpo_minor,
        any_value({{ minor_units(
            '(balances.crpo_txn + balances.rpo_second_band_txn + balances.rpo_later_txn)',
            'balances.minor_units_per_major'
        ) }}) as banded_minor,
        coalesce(sum(movements.amount_minor * contract_currencies.erp_scale), 0) as should_be_minor
    from balances
    inner join {{ ref('int_balances_currencies') }} as contract_currencies
        on balances.contract_id = contract_currencies.contract_id
    left join movements
        on
        balances.contract_id = movements.contract_id
        and balances.period_no >= movements.period_no
    group by balances.contract_id, balances.period_no

)

select *
from compared
where (rpo_minor = should_be_minor and rpo_minor = banded_minor) is not true
