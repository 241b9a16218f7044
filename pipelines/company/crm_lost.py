"""Opportunities that never became an order, as Salesforce keeps them: lost or still open."""

from datetime import timedelta
from decimal import Decimal

from pipelines.company.catalog import Product
from pipelines.company.crm_lines import price_entry_id
from pipelines.company.ids import salesforce_id
from pipelines.company.market import AS_OF, money
from pipelines.company.rows import Row, Tables, system_fields
from pipelines.company.story import LostDeal, Story, Terms

LOST_STAGE = "Closed Lost"


def add_lost_deals(tables: Tables, story: Story) -> None:
    """Opportunity, quote and the lines of both; numbers go on where the versions end."""
    number = story.versions
    for deal in story.lost:
        _add_head(tables, deal)
        for product, terms in deal.lines:
            number += 1
            _add_line(tables, deal, product, terms, number)


def _system(deal: LostDeal, prefix: str, number: int) -> Row:
    """System fields; an open deal was created a while before its expected close."""
    day = min(deal.close_on, AS_OF - timedelta(days=3))
    return system_fields(salesforce_id(prefix, number), day, number)


def _add_head(tables: Tables, deal: LostDeal) -> None:
    customer = deal.customer
    lost = deal.stage == LOST_STAGE
    starts, ends = deal.lines[0][1].starts, deal.lines[0][1].ends
    quote_id = salesforce_id("a0Q", deal.number)
    amount = sum(terms.amount for _, terms in deal.lines)
    tables.add("Opportunity", {
        **_system(deal, "006", deal.number),
        "AccountId": salesforce_id("001", customer.number),
        "Name": f"{customer.name} - New {deal.close_on.year}", "StageName": deal.stage,
        "Amount": money(amount, customer.currency), "CloseDate": deal.close_on,
        "Type": "New Business", "IsClosed": lost, "IsWon": False,
        "OwnerId": salesforce_id("005", customer.owner), "CurrencyIsoCode": customer.currency,
        "SBQQ__PrimaryQuote__c": quote_id, "SBQQ__Renewal__c": False,
    })  # fmt: skip
    tables.add("SBQQ__Quote__c", {
        **_system(deal, "a0Q", deal.number),
        "SBQQ__Account__c": salesforce_id("001", customer.number),
        "SBQQ__Opportunity2__c": salesforce_id("006", deal.number), "SBQQ__Primary__c": True,
        "SBQQ__Type__c": "Quote", "SBQQ__Status__c": "Rejected" if lost else "Draft",
        "SBQQ__StartDate__c": starts, "SBQQ__EndDate__c": ends,
        "SBQQ__SubscriptionTerm__c": Decimal(12), "SBQQ__Ordered__c": False,
        "SBQQ__BillingFrequency__c": "Annual", "SBQQ__PaymentTerms__c": "Net 30",
        "CurrencyIsoCode": customer.currency,
    })  # fmt: skip


def _add_line(tables: Tables, deal: LostDeal, product: Product, terms: Terms, number: int) -> None:
    currency = deal.customer.currency
    price, product_id = money(terms.unit_price, currency), salesforce_id("01t", product.number)
    quote_line_id = salesforce_id("a0L", number)
    tables.add("SBQQ__QuoteLine__c", {
        **_system(deal, "a0L", number), "SBQQ__Quote__c": salesforce_id("a0Q", deal.number),
        "SBQQ__Product__c": product_id, "SBQQ__Quantity__c": Decimal(terms.quantity),
        "SBQQ__Existing__c": False, "SBQQ__Renewal__c": False, "SBQQ__CarryoverLine__c": False,
        "SBQQ__Optional__c": False, "SBQQ__Bundled__c": False, "SBQQ__ListPrice__c": price,
        "SBQQ__NetPrice__c": price, "SBQQ__ProrateMultiplier__c": Decimal(1),
        "SBQQ__StartDate__c": terms.starts, "SBQQ__EndDate__c": terms.ends,
        "SBQQ__SubscriptionPricing__c": "Fixed Price", "SBQQ__SubscriptionType__c": "Renewable",
        "SBQQ__PricingMethod__c": "List", "SBQQ__AllowAssetRefund__c": False,
        "SBQQ__ChargeType__c": "Recurring", "SBQQ__BillingFrequency__c": "Annual",
        "CurrencyIsoCode": currency,
    })  # fmt: skip
    tables.add("OpportunityLineItem", {
        **_system(deal, "00k", number), "OpportunityId": salesforce_id("006", deal.number),
        "PricebookEntryId": price_entry_id(product, currency), "Product2Id": product_id,
        "Quantity": Decimal(terms.quantity), "UnitPrice": price, "ListPrice": price,
        "TotalPrice": money(terms.amount, currency), "ServiceDate": terms.starts,
        "SBQQ__QuoteLine__c": quote_line_id, "CurrencyIsoCode": currency,
    })  # fmt: skip
