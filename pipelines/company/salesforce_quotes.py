"""Salesforce rows of every deal, won or not: opportunity, quote and their lines."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from pipelines.company.catalog import LOST, OPEN_STAGES, WON
from pipelines.company.market import DAYS_IN_YEAR, MONTHS_IN_YEAR, round_div
from pipelines.company.rows import Row, Stamps, Tables, stamps, system_fields
from pipelines.company.salesforce_setup import Setup
from pipelines.company.story import Deal, Version, World

QUOTE_STATUSES = {WON: "Accepted", LOST: "Denied", **dict.fromkeys(OPEN_STAGES, "Draft")}
QUOTE_TYPES = {"New": "Quote", "Renewal": "Renewal", "Amendment": "Amendment"}
# Decimals of SBQQ__ProrateMultiplier__c.
MULTIPLIER_DIGITS = 4


def quote_rows(world: World, setup: Setup) -> Tables:
    """Opportunities, opportunity lines, quotes and quote lines, in the order of their ids."""
    tables: Tables = {
        name: []
        for name in ("Opportunity", "OpportunityLineItem", "SBQQ__Quote__c", "SBQQ__QuoteLine__c")
    }
    for deal in sorted(world.deals, key=lambda each: each.opportunity_id):
        writer = _QuoteWriter(deal, setup, stamps(world.rng, deal.opened, deal.decided))
        quoted = min(deal.opened + timedelta(days=world.rng.randint(0, 12)), deal.decided)
        quote = _QuoteWriter(deal, setup, stamps(world.rng, quoted, deal.decided))
        tables["Opportunity"].append(writer.opportunity())
        tables["SBQQ__Quote__c"].append(quote.quote())
        for version in deal.versions:
            tables["OpportunityLineItem"].append(quote.opportunity_line(version))
            tables["SBQQ__QuoteLine__c"].append(quote.quote_line(version))
    return tables


@dataclass(frozen=True)
class _QuoteWriter:
    deal: Deal
    setup: Setup
    when: Stamps

    @property
    def is_amendment(self) -> bool:
        return self.deal.kind == "Amendment"

    def opportunity(self) -> Row:
        deal = self.deal
        contract_id = deal.contract.contract_id if deal.contract else None
        label = "Cancellation" if deal.is_cancellation else deal.kind
        currency = deal.customer.currency
        return {
            **system_fields(deal.opportunity_id, self.when),
            "AccountId": deal.customer.account_id,
            "Name": f"{deal.customer.name} - {label} {deal.start.year}",
            "StageName": deal.stage,
            "Amount": currency.major(sum(version.amount for version in deal.versions)),
            "CloseDate": deal.close,
            "Type": "New Business" if deal.kind == "New" else "Existing Business",
            "IsClosed": deal.stage not in OPEN_STAGES,
            "IsWon": deal.stage == WON,
            "OwnerId": self.setup.users[deal.customer.owner],
            "ContractId": contract_id,
            "CurrencyIsoCode": currency.code,
            "SBQQ__PrimaryQuote__c": deal.quote_id,
            "SBQQ__Renewal__c": deal.kind == "Renewal",
            "SBQQ__AmendedContract__c": contract_id if self.is_amendment else None,
            "SBQQ__RenewedContract__c": deal.renewed.contract_id if deal.renewed else None,
        }

    def opportunity_line(self, version: Version) -> Row:
        currency = self.deal.customer.currency
        product = version.line.product
        return {
            **system_fields(version.opportunity_line_id, self.when),
            "OpportunityId": self.deal.opportunity_id,
            "PricebookEntryId": self.setup.entries[product, currency.code],
            "Product2Id": self.setup.products[product],
            "Quantity": Decimal(version.quantity),
            "UnitPrice": currency.major(version.unit),
            "ListPrice": currency.major(version.line.list_price),
            "TotalPrice": currency.major(version.amount),
            "ServiceDate": version.start,
            "SBQQ__QuoteLine__c": version.quote_line_id,
            "CurrencyIsoCode": currency.code,
        }

    def quote(self) -> Row:
        deal = self.deal
        master = deal.contract if self.is_amendment else None
        return {
            **system_fields(deal.quote_id, self.when),
            "SBQQ__Account__c": deal.customer.account_id,
            "SBQQ__Opportunity2__c": deal.opportunity_id,
            "SBQQ__Primary__c": True,
            "SBQQ__Type__c": QUOTE_TYPES[deal.kind],
            "SBQQ__Status__c": QUOTE_STATUSES[deal.stage],
            "SBQQ__StartDate__c": deal.start,
            "SBQQ__EndDate__c": deal.end,
            "SBQQ__SubscriptionTerm__c": Decimal(deal.months),
            "SBQQ__Ordered__c": deal.stage == WON,
            "SBQQ__BillingFrequency__c": "Annual",
            "SBQQ__PaymentTerms__c": "Net 30",
            "SBQQ__MasterContract__c": master.contract_id if master else None,
            "CurrencyIsoCode": deal.customer.currency.code,
        }

    def quote_line(self, version: Version) -> Row:
        """A line of the quote: an amendment states the new total, an order item the delta."""
        deal, line = self.deal, version.line
        recurring = line.product.recurring
        currency = deal.customer.currency
        segment = None if line.segment is None else Decimal(line.segment)
        total = version.quantity
        if self.is_amendment:
            total += version.prior or 0
        return {
            **system_fields(version.quote_line_id, self.when),
            "SBQQ__Quote__c": deal.quote_id,
            "SBQQ__Product__c": self.setup.products[line.product],
            "SBQQ__Quantity__c": Decimal(total),
            "SBQQ__PriorQuantity__c": None if version.prior is None else Decimal(version.prior),
            "SBQQ__UpgradedQuantity__c": None,
            "SBQQ__Existing__c": self.is_amendment,
            "SBQQ__Renewal__c": deal.kind == "Renewal",
            "SBQQ__CarryoverLine__c": False,
            "SBQQ__Optional__c": False,
            "SBQQ__Bundled__c": False,
            "SBQQ__ListPrice__c": currency.major(line.list_price),
            "SBQQ__NetPrice__c": currency.major(version.unit),
            "SBQQ__ProrateMultiplier__c": _multiplier(version),
            "SBQQ__StartDate__c": version.start,
            "SBQQ__EndDate__c": version.end,
            "SBQQ__SubscriptionPricing__c": "Fixed Price" if recurring else None,
            "SBQQ__SubscriptionType__c": "Renewable" if recurring else "One-time",
            "SBQQ__PricingMethod__c": "List",
            "SBQQ__DiscountScheduleType__c": None,
            "SBQQ__AllowAssetRefund__c": False,
            "SBQQ__SegmentIndex__c": segment,
            "SBQQ__SegmentKey__c": line.segment_key,
            "SBQQ__SegmentLabel__c": None if segment is None else f"Year {segment}",
            "SBQQ__ChargeType__c": "Recurring" if recurring else "One-Time",
            "SBQQ__BillingFrequency__c": "Annual" if recurring else None,
            "SBQQ__UpgradedSubscription__c": None,
            "SBQQ__RenewedSubscription__c": self._renewed_subscription(version),
            "CurrencyIsoCode": currency.code,
        }

    def _renewed_subscription(self, version: Version) -> str | None:
        if self.deal.renewed is None:
            return None
        return next(
            line.versions[0].subscription_id
            for line in reversed(self.deal.renewed.lines)
            if line.product is version.line.product
        )


def _multiplier(version: Version) -> Decimal:
    """Years of the list price that the unit price stands for."""
    scale = 10**MULTIPLIER_DIGITS
    if version.end is None:
        years = scale
    elif version.deal.kind == "Amendment":
        years = round_div(scale * ((version.end - version.start).days + 1), DAYS_IN_YEAR)
    else:
        months = MONTHS_IN_YEAR if version.line.segment else version.deal.months
        years = round_div(scale * months, MONTHS_IN_YEAR)
    return Decimal(years).scaleb(-MULTIPLIER_DIGITS)
