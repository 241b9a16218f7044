-- Grain: one row per contract line x step after which its amount or its term is new (0: inception),
-- with the rule that made it so. It holds until the line's next such step.
with

states as (

    select
        *,
        lag(is_live) over line_states as was_live,
        lag(open_minor) over line_states as previous_open_minor,
        lag(component_minor) over line_states as previous_component_minor,
        lag(frozen_minor) over line_states as previous_frozen_minor,
        lag(starts_on) over line_states as previous_starts_on,
        lag(ends_on) over line_states as previous_ends_on
    from {{ ref('int_revenue_states') }}
    window line_states as (partition by line_key order by step_no)

),

line_terms as (

    select
        *,
        -- Lines that share the price at inception.
        count_if(
            modification_id is null and is_distinct and (pattern != 'usage' or price_minor > 0)
        ) over (partition by contract_key) as sharing_lines
    from {{ ref('int_revenue_line_terms') }}

),

prices as (

    select * from {{ ref('int_revenue_transaction_prices') }}

),

bundled_lines as (

    select distinct line_key
    from {{ ref('int_revenue_bundles') }}

),

step_lines as (

    select * from {{ ref('int_revenue_step_lines') }}

),

changed as (

    select *
    from states
    where
        is_live
        and (
            step_no = 0
            or not was_live
            or is_reopened
            or at_once_minor != 0
            or open_minor != previous_open_minor
            or component_minor != previous_component_minor
            or frozen_minor != previous_frozen_minor
            or starts_on is distinct from previous_starts_on
            or ends_on is distinct from previous_ends_on
        )

),

final as (

    select
        changed.contract_key,
        changed.line_key,
        changed.step_no,
        lead(changed.step_no) over (
            partition by changed.line_key order by changed.step_no
        ) as next_step_no,
        step_lines.occurred_on,
        step_lines.modification_id,
        changed.open_minor,
        case
            when changed.step_no > 0 and step_lines.step_kind = 'modification'
                then step_lines.treatment
            when changed.step_no > 0 and step_lines.step_kind = 'estimate'
                then 'variable_estimate'
            when changed.step_no > 0 then step_lines.step_kind
            when line_terms.sharing_lines <= 1 then 'stated_price'
            when line_terms.ramp_group is not null and prices.ramp = 'straight_line'
                then 'straight_line_ramp'
            when bundled_lines.line_key is not null then 'targeted_discount'
            when line_terms.ssp_method = 'residual' then 'residual'
            else 'relative_ssp'
        end as amount_rule_code
    from changed
    inner join line_terms
        on changed.line_key = line_terms.line_key
    left join prices
        on changed.contract_key = prices.contract_key
    left join bundled_lines
        on changed.line_key = bundled_lines.line_key
    left join step_lines
        on
        changed.line_key = step_lines.line_key
        and changed.step_no = step_lines.step_no

)

select * from final
