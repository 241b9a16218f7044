-- Grain: one row per contract line version of int_chain_versions: the amounts that are revenue,
-- all in minor units of the line's currency (int_chain_line_currencies), and what makes the two
-- systems' lines differ in kind: currency, product, proration of the price.
-- ordered_minor is all that was ordered; crm_minor and erp_minor are what of it is revenue, the
-- latter as far as the ERP left its line open.
with

chain_versions as (

    select * from {{ ref('int_chain_versions') }}

),

line_currencies as (

    select * from {{ ref('int_chain_line_currencies') }}

),

currencies as (

    select * from {{ ref('dim_currency') }}

),

erp_currency_rates as (

    select * from {{ ref('int_erp_currency_rates') }}

),

scaled as (

    select
        chain_versions.* replace (line_currencies.currency_code as currency_code),
        {{ divide_integers(
            'line_currencies.minor_units_per_major',
            'coalesce(crm_currencies.minor_units_per_major, line_currencies.minor_units_per_major)'
        ) }} as crm_scale,
        {{ divide_integers(
            'line_currencies.minor_units_per_major',
            'coalesce(erp_currencies.minor_units_per_major, line_currencies.minor_units_per_major)'
        ) }} as erp_scale,
        line_currencies.minor_units_per_major,
        coalesce(chain_versions.crm_pattern = 'out_of_scope', false) as is_out_of_scope,
        coalesce(chain_versions.crm_currency_code != chain_versions.erp_currency_code, false)
            as is_currency_mismatch,
        -- An item that is no known product says nothing; revenue on one side alone says enough.
        chain_versions.crm_record_id is not null
        and chain_versions.erp_record_id is not null
        and (
            coalesce(chain_versions.product_id != chain_versions.item_product_id, false)
            or coalesce(
                chain_versions.crm_pattern = 'out_of_scope'
                and chain_versions.erp_pattern != 'out_of_scope',
                false
            )
        ) as is_other_product,
        erp_currency_rates.rate_numerator as table_rate_numerator,
        erp_currency_rates.rate_denominator as table_rate_denominator
    from chain_versions
    inner join line_currencies
        on chain_versions.contract_line_id = line_currencies.contract_line_id
    left join currencies as crm_currencies
        on chain_versions.crm_currency_code = crm_currencies.currency_code
    left join currencies as erp_currencies
        on chain_versions.erp_currency_code = erp_currencies.currency_code
    left join erp_currency_rates
        on
        chain_versions.crm_currency_code = erp_currency_rates.currency_code
        and chain_versions.erp_known_on >= erp_currency_rates.starts_on
        and chain_versions.erp_known_on < erp_currency_rates.ends_before

),

priced as (

    -- The ERP's own proration of the yearly price of the quote, rounded once.
    select
        *,
        {{ prorated_price_minor(
            'erp_price_proration',
            'unprorated_price',
            'erp_quantity',
            'minor_units_per_major',
            'erp_starts_on',
            'erp_ends_on'
        ) }} as erp_prorated_minor
    from scaled

),

final as (

    select
        * replace (
            case when is_out_of_scope then 0 else crm_minor * crm_scale end as crm_minor,
            case
                when erp_pattern = 'out_of_scope' then 0
                else (erp_minor - closed_minor) * erp_scale
            end as erp_minor,
            case
                when crm_record_id is null or erp_pattern = 'out_of_scope' then 0
                else closed_minor * erp_scale
            end as closed_minor,
            case when erp_pattern = 'out_of_scope' then 0 else allocated_minor * erp_scale end
                as allocated_minor,
            case when erp_pattern = 'out_of_scope' then 0 else leveled_minor * erp_scale end
                as leveled_minor,
            shifted_minor * crm_scale as shifted_minor,
            rate_denominator
            * case when erp_record_id is null then crm_scale else erp_scale end
                as rate_denominator
        ),
        crm_minor * crm_scale as ordered_minor,
        case
            when not is_currency_mismatch then rate_numerator
            else coalesce(table_rate_numerator, crm_rate_numerator)
        end as contract_rate_numerator,
        case
            when not is_currency_mismatch
                then rate_denominator
                    * case when erp_record_id is null then crm_scale else erp_scale end
            else coalesce(table_rate_denominator, crm_rate_denominator) * crm_scale
        end as contract_rate_denominator,
        coalesce(
            erp_minor * erp_scale = erp_prorated_minor
            and crm_quantity = erp_quantity
            and crm_price_proration != erp_price_proration,
            false
        ) as is_prorated_by_erp
    from priced

)

select * from final
