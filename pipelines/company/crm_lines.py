"""The lines of a deal as Salesforce keeps them: quote, opportunity, order and subscription line.

All of them share the version's number, so an id follows from the story alone.
"""

from decimal import Decimal

from pipelines.company.catalog import PRODUCTS, Product, list_price
from pipelines.company.crm_variable import variable_terms
from pipelines.company.ids import salesforce_id
from pipelines.company.market import EXPONENT, money
from pipelines.company.rows import Row, Tables, system_fields
from pipelines.company.story import Line, Terms, Version


def add_lines(tables: Tables, version: Version, terms: Terms) -> None:
    """One order line in all objects it is kept in."""
    _add_order_item(tables, version, terms)
    if version.repeats is not None:
        return
    _add_quote_line(tables, version, terms)
    _add_opportunity_line(tables, version, terms)
    if version.line.product.recurring:
        _add_subscription(tables, version, terms)


def order_item_id(version: Version) -> str:
    """Id of the order item of a version."""
    return salesforce_id("802", version.number)


def price_entry_id(product: Product, currency: str) -> str:
    """Id of the entry in the standard price book: its entries come first."""
    place = PRODUCTS.index(product) * len(EXPONENT) + list(EXPONENT).index(currency)
    return salesforce_id("01u", place + 1)


def _segment(version: Version) -> Row:
    """Price ramp fields: the lines of one product share a key."""
    line = version.line
    if line.segment is None:
        return {}
    key = f"{line.contract.number}-{line.product.code}"
    return {
        "SBQQ__SegmentIndex__c": Decimal(line.segment), "SBQQ__SegmentKey__c": key,
    }  # fmt: skip


def _add_quote_line(tables: Tables, version: Version, terms: Terms) -> None:
    line, order = version.line, version.order
    currency = line.contract.customer.currency
    amended = order.kind == "Amendment"
    existing = version is not line.versions[0]
    renewed = _renewed_line(version)
    recurring = line.product.recurring
    label = {"SBQQ__SegmentLabel__c": f"Year {line.segment}"} if line.segment else {}
    days = (line.contract.ends - line.contract.starts).days + 1
    share = Decimal(((terms.ends or terms.starts) - terms.starts).days + 1) / days
    tables.add("SBQQ__QuoteLine__c", {
        **system_fields(salesforce_id("a0L", version.number), order.booked_on, version.number),
        "SBQQ__Quote__c": salesforce_id("a0Q", order.number),
        "SBQQ__Product__c": salesforce_id("01t", line.product.number),
        "SBQQ__Quantity__c": Decimal(version.old_quantity + terms.quantity),
        "SBQQ__PriorQuantity__c": _prior_quantity(version),
        "SBQQ__UpgradedQuantity__c": None, "SBQQ__Existing__c": existing,
        "SBQQ__Renewal__c": order.kind == "Renewal", "SBQQ__CarryoverLine__c": False,
        "SBQQ__Optional__c": False, "SBQQ__Bundled__c": False,
        "SBQQ__ListPrice__c": money(list_price(line.product, currency), currency),
        "SBQQ__NetPrice__c": money(_net_price(version, terms), currency),
        "SBQQ__ProrateMultiplier__c": round(share, 4) if amended else _prorate_multiplier(terms),
        "SBQQ__UnproratedNetPrice__c":
            None if terms.annual_price is None else money(terms.annual_price, currency),
        "SBQQ__StartDate__c": terms.starts, "SBQQ__EndDate__c": terms.ends,
        "SBQQ__SubscriptionPricing__c": subscription_pricing(line.product),
        "SBQQ__SubscriptionType__c": "Renewable" if recurring else None,
        "SBQQ__PricingMethod__c": "List", "SBQQ__AllowAssetRefund__c": False,
        "SBQQ__ChargeType__c": line.product.charge,
        "SBQQ__BillingFrequency__c": "Annual" if recurring else None,
        "SBQQ__UpgradedSubscription__c": _root_subscription(version) if existing else None,
        "SBQQ__RenewedSubscription__c":
            salesforce_id("a0S", renewed.versions[0].number) if renewed else None,
        "CurrencyIsoCode": currency, **_segment(version), **label,
    })  # fmt: skip


def subscription_pricing(product: Product) -> str | None:
    """How a product sold by the year is priced."""
    if not product.recurring:
        return None
    return "Percent Of Total" if product.percent_of_licenses else "Fixed Price"


def _prorate_multiplier(terms: Terms) -> Decimal:
    """Years of a term, four decimals: what CPQ shows of the multiplier it keeps in full."""
    if terms.annual_price is None:
        return Decimal(1)
    return round(Decimal(terms.unit_price) / terms.annual_price, 4)


def _net_price(version: Version, terms: Terms) -> int:
    """Price of one unit; of one unit used, where all of it is charged by use."""
    meter = version.meter
    return meter.price if meter and not meter.units else terms.unit_price


def _root_subscription(version: Version) -> str:
    return salesforce_id("a0S", version.line.versions[0].number)


def _renewed_line(version: Version) -> Line | None:
    """The line of the same product in the contract that is renewed."""
    predecessor = version.line.contract.predecessor
    if predecessor is None or version.order.kind != "Renewal":
        return None
    same = [line for line in predecessor.lines if line.product is version.line.product]
    return same[-1] if same else None


def _prior_quantity(version: Version) -> Decimal | None:
    """What was held before an amendment or a renewal; CPQ takes a blank for nothing to renew."""
    if version is not version.line.versions[0]:
        return Decimal(version.old_quantity)
    renewed = _renewed_line(version)
    return Decimal(renewed.quantity) if renewed else None


def _add_opportunity_line(tables: Tables, version: Version, terms: Terms) -> None:
    line, order = version.line, version.order
    currency = line.contract.customer.currency
    tables.add("OpportunityLineItem", {
        **system_fields(salesforce_id("00k", version.number), order.booked_on, version.number),
        "OpportunityId": salesforce_id("006", order.number),
        "PricebookEntryId": price_entry_id(line.product, currency),
        "Product2Id": salesforce_id("01t", line.product.number),
        "Quantity": Decimal(terms.quantity), "UnitPrice": money(terms.unit_price, currency),
        "ListPrice": money(list_price(line.product, currency), currency),
        "TotalPrice": money(terms.amount, currency), "ServiceDate": terms.starts,
        "SBQQ__QuoteLine__c": salesforce_id("a0L", version.number),
        "CurrencyIsoCode": currency,
    })  # fmt: skip


def _add_order_item(tables: Tables, version: Version, terms: Terms) -> None:
    line, order = version.line, version.order
    currency = line.contract.customer.currency
    at = line.versions.index(version)
    quoted = (version.repeats or version).number
    tables.add("OrderItem", {
        **system_fields(order_item_id(version), order.booked_on, version.number),
        "OrderId": salesforce_id("801", order.number),
        "OrderItemNumber": f"{version.number:010d}",
        "Product2Id": salesforce_id("01t", line.product.number),
        "PricebookEntryId": price_entry_id(line.product, currency),
        "Quantity": Decimal(terms.quantity), "UnitPrice": money(terms.unit_price, currency),
        "ListPrice": money(list_price(line.product, currency), currency),
        "TotalPrice": money(terms.amount, currency), "ServiceDate": terms.starts,
        "EndDate": terms.ends, "SBQQ__QuoteLine__c": salesforce_id("a0L", quoted),
        "SBQQ__Subscription__c":
            salesforce_id("a0S", quoted) if line.product.recurring else None,
        "SBQQ__Contract__c": salesforce_id("800", line.contract.number),
        "SBQQ__RevisedOrderProduct__c": order_item_id(line.versions[at - 1]) if at else None,
        "SBQQ__ContractAction__c": version.action, "CurrencyIsoCode": currency,
        **_segment(version), **variable_terms(version),
    })  # fmt: skip


def _add_subscription(tables: Tables, version: Version, terms: Terms) -> None:
    line, contract = version.line, version.line.contract
    currency = contract.customer.currency
    at = line.versions.index(version)
    subscription = salesforce_id("a0S", version.number)
    before = salesforce_id("a0S", line.versions[at - 1].number) if at else None
    successor = contract.successor
    tables.add("SBQQ__Subscription__c", {
        **system_fields(subscription, version.order.booked_on, version.number),
        "SBQQ__Contract__c": salesforce_id("800", contract.number),
        "SBQQ__Account__c": salesforce_id("001", contract.customer.number),
        "SBQQ__Product__c": salesforce_id("01t", line.product.number),
        "SBQQ__QuoteLine__c": salesforce_id("a0L", version.number),
        "SBQQ__RevisedSubscription__c": before, "SBQQ__RootId__c": _root_subscription(version),
        "SBQQ__Quantity__c": Decimal(terms.quantity),
        "SBQQ__ListPrice__c": money(list_price(line.product, currency), currency),
        "SBQQ__NetPrice__c": money(terms.unit_price, currency),
        "SBQQ__SubscriptionStartDate__c": terms.starts,
        "SBQQ__SubscriptionEndDate__c": terms.ends,
        "SBQQ__TerminatedDate__c": line.cancelled_on,
        "SBQQ__RenewedDate__c": successor.starts if successor else None,
        "SBQQ__BillingFrequency__c": "Annual", "CurrencyIsoCode": currency, **_segment(version),
    })  # fmt: skip
