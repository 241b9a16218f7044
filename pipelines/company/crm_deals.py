"""The story's won deals as Salesforce keeps them: opportunity, quote, order and contract.

Opportunity, quote and order of one deal share the deal's number, so an id follows from the story
alone.
"""

from decimal import Decimal
from typing import Final

from pipelines.company.crm_lines import add_lines
from pipelines.company.ids import salesforce_id
from pipelines.company.market import money
from pipelines.company.rows import Tables, stamp, system_fields
from pipelines.company.story import Contract, Order, Story

PAYMENT_TERMS: Final = "Net 30"
WON_STAGE: Final = "Closed Won"


def add_deals(tables: Tables, story: Story) -> None:
    """All contracts of the CRM with everything that belongs to them."""
    for contract in story.contracts:
        if not contract.in_crm:
            continue
        _add_contract(tables, contract)
        for order in contract.orders:
            if not any(version.crm for version in order.versions):
                continue
            total = money(
                sum(version.crm.amount for version in order.versions if version.crm),
                contract.customer.currency,
            )
            # An order that was cloned is of the same deal.
            if order.repeats is None:
                _add_opportunity(tables, order, total)
                _add_quote(tables, order)
            _add_order(tables, order, total)
            for version in order.versions:
                if version.crm:
                    add_lines(tables, version, version.crm)


def _add_contract(tables: Tables, contract: Contract) -> None:
    first = contract.orders[0]
    successor = contract.successor
    renewal = salesforce_id("006", successor.orders[0].number) if successor else None
    tables.add("Contract", {
        **system_fields(salesforce_id("800", contract.number), first.booked_on, contract.number),
        "AccountId": salesforce_id("001", contract.customer.number),
        "ContractNumber": f"{contract.number:08d}", "Status": "Activated",
        "StartDate": contract.starts, "EndDate": contract.ends, "ContractTerm": contract.months,
        "ActivatedDate": stamp(first.booked_on, contract.number),
        "SBQQ__Opportunity__c": salesforce_id("006", first.number),
        "SBQQ__Order__c": salesforce_id("801", first.number),
        "SBQQ__RenewalOpportunity__c": renewal,
        "CurrencyIsoCode": contract.customer.currency,
    })  # fmt: skip


def _add_opportunity(tables: Tables, order: Order, total: Decimal) -> None:
    contract, customer = order.contract, order.contract.customer
    amended = order.kind == "Amendment"
    predecessor = contract.predecessor if order.kind == "Renewal" else None
    tables.add("Opportunity", {
        **system_fields(salesforce_id("006", order.number), order.booked_on, order.number),
        "AccountId": salesforce_id("001", customer.number),
        "Name": f"{customer.name} - {order.kind} {order.booked_on.year}",
        "StageName": WON_STAGE, "Amount": total, "CloseDate": order.booked_on,
        "Type": "Existing Business" if order.kind != "New" else "New Business",
        "IsClosed": True, "IsWon": True, "OwnerId": salesforce_id("005", customer.owner),
        "ContractId": salesforce_id("800", contract.number),
        "CurrencyIsoCode": customer.currency,
        "SBQQ__PrimaryQuote__c": salesforce_id("a0Q", order.number),
        "SBQQ__Renewal__c": predecessor is not None,
        "SBQQ__AmendedContract__c": salesforce_id("800", contract.number) if amended else None,
        "SBQQ__RenewedContract__c":
            salesforce_id("800", predecessor.number) if predecessor else None,
    })  # fmt: skip


def _add_quote(tables: Tables, order: Order) -> None:
    contract = order.contract
    amended = order.kind == "Amendment"
    tables.add("SBQQ__Quote__c", {
        **system_fields(salesforce_id("a0Q", order.number), order.booked_on, order.number),
        "SBQQ__Account__c": salesforce_id("001", contract.customer.number),
        "SBQQ__Opportunity2__c": salesforce_id("006", order.number),
        "SBQQ__Primary__c": True, "SBQQ__Type__c": "Quote" if order.kind == "New" else order.kind,
        "SBQQ__Status__c": "Approved", "SBQQ__StartDate__c": order.effective_on,
        "SBQQ__EndDate__c": contract.ends,
        "SBQQ__SubscriptionTerm__c": Decimal(contract.months), "SBQQ__Ordered__c": True,
        "SBQQ__BillingFrequency__c": "Annual", "SBQQ__PaymentTerms__c": PAYMENT_TERMS,
        "SBQQ__MasterContract__c": salesforce_id("800", contract.number) if amended else None,
        "CurrencyIsoCode": contract.customer.currency,
    })  # fmt: skip


def _add_order(tables: Tables, order: Order, total: Decimal) -> None:
    contract = order.contract
    first = contract.orders[0]
    original = salesforce_id("801", first.number) if order.reduces else None
    deal = (order.repeats or order).number
    tables.add("Order", {
        **system_fields(salesforce_id("801", order.number), order.booked_on, order.number),
        "AccountId": salesforce_id("001", contract.customer.number),
        "ContractId": salesforce_id("800", contract.number),
        "OpportunityId": salesforce_id("006", deal),
        "SBQQ__Quote__c": salesforce_id("a0Q", deal),
        "Pricebook2Id": salesforce_id("01s", 1), "EffectiveDate": order.effective_on,
        "EndDate": contract.ends, "Status": "Activated", "StatusCode": "Activated",
        "Type": order.kind, "TotalAmount": total, "OrderNumber": f"{order.number:08d}",
        "OriginalOrderId": original, "IsReductionOrder": order.reduces,
        "ActivatedDate": stamp(order.booked_on, order.number),
        "CurrencyIsoCode": contract.customer.currency,
    })  # fmt: skip
