"""Salesforce rows of the story: contracts, orders and what hangs on them."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from random import Random

from pipelines.company.market import LATEST_STAMP
from pipelines.company.numbering import contract_of
from pipelines.company.rows import Row, Stamps, Tables, stamps, system_fields
from pipelines.company.salesforce_quotes import quote_rows
from pipelines.company.salesforce_setup import Setup, account_rows, setup_rows
from pipelines.company.story import Contract, Deal, Version, World


def salesforce_rows(world: World) -> Tables:
    """All rows of the CRM by object."""
    setup = Setup(world.rng)
    tables = setup_rows(world, setup)
    tables["Account"] = account_rows(world, setup)
    tables |= quote_rows(world, setup)
    tables["Contract"] = [
        _contract(world.rng, contract)
        for contract in sorted(world.contracts, key=lambda each: each.contract_id)
        if contract.in_crm
    ]
    won = sorted(
        (deal for deal in world.deals if deal.contract is not None),
        key=lambda each: each.order_number,
    )
    tables["Order"], tables["OrderItem"], tables["SBQQ__Subscription__c"] = [], [], []
    item_number = 0
    for deal in won:
        writer = _OrderWriter(deal, contract_of(deal), setup, _order_stamps(world.rng, deal))
        tables["Order"].append(writer.order())
        for version in deal.versions:
            item_number += 1
            tables["OrderItem"].append(writer.item(version, item_number))
            if version.subscription_id:
                tables["SBQQ__Subscription__c"].append(writer.subscription(world.rng, version))
    return tables


def _order_stamps(rng: Random, deal: Deal) -> Stamps:
    # Order, items and subscriptions are made by one automation: they share the second.
    made = deal.decided + timedelta(minutes=rng.randint(1, 15))
    return stamps(rng, made, made + timedelta(seconds=rng.randint(0, 90)))


def _contract(rng: Random, contract: Contract) -> Row:
    first, last = contract.deals[0], contract.deals[-1]
    renewal = contract.successor.deals[0] if contract.successor else None
    changed = max(last.decided, renewal.opened if renewal else last.decided)
    when = stamps(rng, first.decided + timedelta(minutes=16), changed + timedelta(minutes=16))
    return {
        **system_fields(contract.contract_id, when),
        "AccountId": contract.customer.account_id,
        "ContractNumber": contract.number,
        "Status": "Activated",
        "StartDate": contract.start,
        "EndDate": contract.end,
        "ContractTerm": contract.months,
        "ActivatedDate": first.decided + timedelta(minutes=17),
        "SBQQ__Opportunity__c": first.opportunity_id,
        "SBQQ__Order__c": first.order_id,
        "SBQQ__RenewalOpportunity__c": renewal.opportunity_id if renewal else None,
        "CurrencyIsoCode": contract.customer.currency.code,
    }


@dataclass(frozen=True)
class _OrderWriter:
    deal: Deal
    contract: Contract
    setup: Setup
    when: Stamps

    def order(self) -> Row:
        deal, contract = self.deal, self.contract
        is_amendment = deal is not contract.deals[0]
        currency = deal.customer.currency
        return {
            **system_fields(deal.order_id, self.when),
            "AccountId": deal.customer.account_id,
            "ContractId": contract.contract_id,
            "OpportunityId": deal.opportunity_id,
            "SBQQ__Quote__c": deal.quote_id,
            "Pricebook2Id": self.setup.standard_book,
            "EffectiveDate": deal.start,
            "EndDate": deal.end,
            "Status": "Activated",
            "StatusCode": "Activated",
            "Type": deal.kind,
            "TotalAmount": currency.major(sum(version.amount for version in deal.versions)),
            "OrderNumber": deal.order_number,
            "OriginalOrderId": contract.deals[0].order_id
            if deal.is_cancellation and is_amendment
            else None,
            "IsReductionOrder": deal.is_cancellation,
            "ActivatedDate": self.when.created,
            "CurrencyIsoCode": currency.code,
        }

    def item(self, version: Version, number: int) -> Row:
        line = version.line
        currency = self.deal.customer.currency
        before = _previous(version)
        return {
            **system_fields(version.order_item_id, self.when),
            "OrderId": self.deal.order_id,
            "OrderItemNumber": f"{number:010d}",
            "Product2Id": self.setup.products[line.product],
            "PricebookEntryId": self.setup.entries[line.product, currency.code],
            "Quantity": Decimal(version.quantity),
            "UnitPrice": currency.major(version.unit),
            "ListPrice": currency.major(line.list_price),
            "TotalPrice": currency.major(version.amount),
            "ServiceDate": version.start,
            "EndDate": version.end,
            "SBQQ__QuoteLine__c": version.quote_line_id,
            "SBQQ__Subscription__c": version.subscription_id or None,
            "SBQQ__Contract__c": self.contract.contract_id,
            "SBQQ__RevisedOrderProduct__c": before.order_item_id if before else None,
            "SBQQ__ContractAction__c": version.action,
            "SBQQ__SegmentIndex__c": None if line.segment is None else Decimal(line.segment),
            "SBQQ__SegmentKey__c": line.segment_key,
            "CurrencyIsoCode": currency.code,
        }

    def subscription(self, rng: Random, version: Version) -> Row:
        line, contract = version.line, self.contract
        currency = self.deal.customer.currency
        before = _previous(version)
        renewed = contract.successor.deals[0] if contract.successor else None
        ended = contract.deals[-1] if contract.cancelled_on else None
        cause = renewed or ended
        when = self.when
        if cause is not None and cause is not self.deal:
            when = stamps(rng, when.created, min(cause.decided, LATEST_STAMP))
        return {
            **system_fields(version.subscription_id, when),
            "SBQQ__Contract__c": contract.contract_id,
            "SBQQ__Account__c": self.deal.customer.account_id,
            "SBQQ__Product__c": self.setup.products[line.product],
            "SBQQ__QuoteLine__c": version.quote_line_id,
            "SBQQ__RevisedSubscription__c": before.subscription_id if before else None,
            "SBQQ__RootId__c": line.versions[0].subscription_id,
            "SBQQ__Quantity__c": Decimal(version.quantity),
            "SBQQ__ListPrice__c": currency.major(line.list_price),
            "SBQQ__NetPrice__c": currency.major(version.unit),
            "SBQQ__SubscriptionStartDate__c": version.start,
            "SBQQ__SubscriptionEndDate__c": version.end,
            "SBQQ__SegmentIndex__c": None if line.segment is None else Decimal(line.segment),
            "SBQQ__SegmentKey__c": line.segment_key,
            "SBQQ__TerminatedDate__c": contract.cancelled_on,
            "SBQQ__RenewedDate__c": renewed.start if renewed else None,
            "SBQQ__BillingFrequency__c": "Annual",
            "CurrencyIsoCode": currency.code,
        }


def _previous(version: Version) -> Version | None:
    """The version that this one changes; None for the first."""
    position = version.line.versions.index(version)
    return version.line.versions[position - 1] if position else None
