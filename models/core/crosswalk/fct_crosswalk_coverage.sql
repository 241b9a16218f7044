-- Grain: one row per witness x match status x pass: how many records, and how much money, each pass
-- of the crosswalk settles. The rows of a witness are all its records, each once.
with

records as (

    select * from {{ ref('int_crosswalk_records') }}

),

reporting_currency as (

    select * from {{ ref('dim_currency') }}
    where is_reporting_currency

),

summed as (

    select
        witness,
        match_status,
        match_pass,
        count(*) as records,
        cast(sum(amount_rpt_minor) as bigint) as amount_minor,
        cast(sum(abs(amount_rpt_minor)) as bigint) as gross_minor
    from records
    group by witness, match_status, match_pass

),

totaled as (

    select
        *,
        sum(records) over (partition by witness) as witness_records,
        greatest(sum(gross_minor) over (partition by witness), 1) as witness_minor
    from summed

),

final as (

    select
        {{ surrogate_key(['witness', 'match_status', 'match_pass']) }} as coverage_id,
        totaled.witness,
        totaled.match_status,
        totaled.match_pass,
        totaled.records,
        cast(
            {{ rounded_quotient('totaled.records * 1000000', 'totaled.witness_records') }}
            * cast(0.000001 as decimal(6, 6)) as decimal(9, 6)
        ) as records_share,
        {{ money('totaled.amount_minor', 'reporting_currency.minor_unit_value') }} as amount_rpt,
        {{ money('totaled.gross_minor', 'reporting_currency.minor_unit_value') }}
            as gross_amount_rpt,
        cast(
            {{ rounded_quotient(
                wide_integer('totaled.gross_minor') ~ ' * 1000000', 'totaled.witness_minor'
            ) }} * cast(0.000001 as decimal(6, 6)) as decimal(9, 6)
        ) as amount_share
    from totaled
    cross join reporting_currency

)

select * from final
