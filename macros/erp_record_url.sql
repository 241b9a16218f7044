{#- Web address of an ERP transaction: its page depends on its type. -#}
{% macro erp_record_url(base_url, record_type, record_id) -%}
    {{ base_url }} || '/app/accounting/transactions/' || case {{ record_type }}
        when 'CustCred' then 'custcred'
        when 'CustInvc' then 'custinvc'
        when 'CashSale' then 'cashsale'
        when 'RtnAuth' then 'rtnauth'
        when 'RevArrng' then 'revenuearrangement'
        when 'Journal' then 'journal'
        else 'salesord'
    end || '.nl?id=' || {{ record_id }}
{%- endmacro %}
