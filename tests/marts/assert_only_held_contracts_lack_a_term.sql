-- Fails where a line has no recognition pattern, or not the dates its pattern needs, and its
-- contract is not held: such a line would earn nothing and say nothing. Read from the contract
-- grain, so that the rules of the holds are not asked whether they are complete.
select
    contract_lines.witness,
    contract_lines.contract_id,
    contract_lines.record_id
from {{ ref('fct_contract_lines') }} as contract_lines
left join {{ ref('fct_revenue_holds') }} as holds
    on contract_lines.contract_id = holds.contract_id
where
    holds.contract_id is null
    and (
        contract_lines.recognition_pattern is null
        or case contract_lines.recognition_pattern
            when 'ratable'
                then contract_lines.starts_on is null
                    or (
                        contract_lines.ends_on is null
                        and contract_lines.change_kind != 'cancellation'
                    )
            when 'point_in_time' then contract_lines.starts_on is null
            when 'drawdown' then contract_lines.ends_on is null
            when 'usage'
                then contract_lines.amount_minor != 0 and contract_lines.ends_on is null
            else false
        end
    )
