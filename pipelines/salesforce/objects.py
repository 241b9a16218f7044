"""What is read from Salesforce: one spec line per object.

Adding an object means adding one `SObject` below. Field types are those of the describe
resource (Field Reference Guide; CPQ metadata for the SBQQ objects). Formula fields are not
listed on purpose: they do not move SystemModstamp, so a loaded value goes stale in silence;
the models recompute them from stored fields.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

# System fields of nearly every object.
SYSTEM_FIELDS: Final = {
    "Id": "id",
    "IsDeleted": "boolean",
    "CreatedDate": "datetime",
    "LastModifiedDate": "datetime",
    "SystemModstamp": "datetime",
}


APIS: Final = ("auto", "bulk", "rest")


@dataclass(frozen=True)
class SObject:
    """One object to load.

    Attributes:
        name: API name, as SOQL spells it.
        fields: API field name -> describe type (id, string, reference, picklist, boolean,
            date, datetime, int, double, currency, percent), system fields excluded.
        api: `bulk` (Bulk API 2.0), `rest`, or `auto`: by the number of rows expected.
        cursor: the column moved by every change, user or automated; None: read whole.
        optional: the object may be absent in an org (feature off, package not installed):
            it is then skipped by name; a missing required object is an error.
        feature: the product that brings the object, where not every org has it.
        lacks: system fields that the object does not have.
        described: further fields, whose type is the one describe says (configuration).
        optional_fields: fields that may be missing or hidden: skipped by name, not an error.
    """

    name: str
    fields: Mapping[str, str] = field(hash=False)
    api: str = "auto"
    cursor: str | None = "SystemModstamp"
    optional: bool = False
    feature: str = ""
    lacks: frozenset[str] = frozenset()
    described: tuple[str, ...] = ()
    optional_fields: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.api not in APIS:
            raise ValueError(f"{self.name}: api must be one of {APIS}, not {self.api!r}")
        if overlap := {*self.fields, *self.described} & set(SYSTEM_FIELDS):
            raise ValueError(f"{self.name}: system fields listed again: {sorted(overlap)}")

    @property
    def primary_key(self) -> str:
        """Every Salesforce object is keyed by its 18-character Id."""
        return "Id"

    @property
    def all_fields(self) -> dict[str, str]:
        """System fields first, then the object's own: API name -> describe type."""
        system = {name: kind for name, kind in SYSTEM_FIELDS.items() if name not in self.lacks}
        return {**system, **self.fields}


OBJECTS: Final[tuple[SObject, ...]] = (
    SObject(
        "Account",
        {
            "Name": "string",
            "Type": "picklist",
            "ParentId": "reference",
            "Industry": "picklist",
            "AccountNumber": "string",
            "BillingCountry": "string",
            "OwnerId": "reference",
            "MasterRecordId": "reference",
            "CurrencyIsoCode": "picklist",
        },
    ),
    SObject(
        "User",
        {
            "Username": "string",
            "Name": "string",
            "Email": "string",
            "IsActive": "boolean",
        },
    ),
    SObject(
        "Opportunity",
        {
            "AccountId": "reference",
            "Name": "string",
            "StageName": "picklist",
            "Amount": "currency",
            "CloseDate": "date",
            "Type": "picklist",
            "IsClosed": "boolean",
            "IsWon": "boolean",
            "OwnerId": "reference",
            "ContractId": "reference",
            "CurrencyIsoCode": "picklist",
            "SBQQ__PrimaryQuote__c": "reference",
            "SBQQ__Renewal__c": "boolean",
            "SBQQ__AmendedContract__c": "reference",
            "SBQQ__RenewedContract__c": "reference",
        },
    ),
    SObject(
        "OpportunityLineItem",
        {
            "OpportunityId": "reference",
            "PricebookEntryId": "reference",
            "Product2Id": "reference",
            "Quantity": "double",
            "UnitPrice": "currency",
            "ListPrice": "currency",
            "TotalPrice": "currency",
            "ServiceDate": "date",
            "SBQQ__QuoteLine__c": "reference",
            "CurrencyIsoCode": "picklist",
        },
    ),
    # One row for each save that changed a tracked field.
    SObject(
        "OpportunityHistory",
        {
            "OpportunityId": "reference",
            "StageName": "picklist",
            "Amount": "currency",
            "ExpectedRevenue": "currency",
            "CloseDate": "date",
            "Probability": "percent",
            "ForecastCategory": "picklist",
            "CreatedById": "reference",
            "CurrencyIsoCode": "picklist",
        },
        lacks=frozenset({"LastModifiedDate"}),
        optional=True,
    ),
    SObject(
        "Product2",
        {
            "Name": "string",
            "ProductCode": "string",
            "Family": "picklist",
            "IsActive": "boolean",
            "SBQQ__SubscriptionPricing__c": "picklist",
            "SBQQ__SubscriptionPercent__c": "percent",
            "SBQQ__SubscriptionTerm__c": "double",
            "SBQQ__SubscriptionType__c": "picklist",
            "SBQQ__ChargeType__c": "picklist",
            "SBQQ__BillingFrequency__c": "picklist",
        },
    ),
    SObject(
        "Pricebook2",
        {
            "Name": "string",
            "IsActive": "boolean",
            "IsStandard": "boolean",
        },
    ),
    SObject(
        "PricebookEntry",
        {
            "Pricebook2Id": "reference",
            "Product2Id": "reference",
            "UnitPrice": "currency",
            "IsActive": "boolean",
            "CurrencyIsoCode": "picklist",
        },
    ),
    SObject(
        "Contract",
        {
            "AccountId": "reference",
            "ContractNumber": "string",
            "Status": "picklist",
            "StartDate": "date",
            "EndDate": "date",
            "ContractTerm": "int",
            "ActivatedDate": "datetime",
            "SBQQ__Opportunity__c": "reference",
            "SBQQ__Order__c": "reference",
            "SBQQ__RenewalOpportunity__c": "reference",
            "CurrencyIsoCode": "picklist",
        },
    ),
    SObject(
        "Order",
        {
            "AccountId": "reference",
            "ContractId": "reference",
            "OpportunityId": "reference",
            "SBQQ__Quote__c": "reference",
            "Pricebook2Id": "reference",
            "EffectiveDate": "date",
            "EndDate": "date",
            "Status": "picklist",
            "StatusCode": "picklist",
            "Type": "picklist",
            "TotalAmount": "currency",
            "OrderNumber": "string",
            "OriginalOrderId": "reference",
            "IsReductionOrder": "boolean",
            "ActivatedDate": "datetime",
            "CurrencyIsoCode": "picklist",
        },
    ),
    SObject(
        "OrderItem",
        {
            "OrderId": "reference",
            "OrderItemNumber": "string",
            "Product2Id": "reference",
            "PricebookEntryId": "reference",
            "Quantity": "double",
            "UnitPrice": "currency",
            "ListPrice": "currency",
            "TotalPrice": "currency",
            "ServiceDate": "date",
            "EndDate": "date",
            "SBQQ__QuoteLine__c": "reference",
            "SBQQ__Subscription__c": "reference",
            "SBQQ__Contract__c": "reference",
            "SBQQ__RevisedOrderProduct__c": "reference",
            "SBQQ__ContractAction__c": "picklist",
            "SBQQ__SegmentIndex__c": "double",
            "SBQQ__SegmentKey__c": "string",
            # Custom fields of amounts that vary: an org without such deals has none of them.
            "Monthly_Minimum__c": "currency",
            "Expected_Rebate_Percent__c": "percent",
            "Final_Rebate_Percent__c": "percent",
            "Rebate_Settled_On__c": "date",
            "CurrencyIsoCode": "picklist",
        },
        optional_fields=frozenset(
            {
                "Monthly_Minimum__c",
                "Expected_Rebate_Percent__c",
                "Final_Rebate_Percent__c",
                "Rebate_Settled_On__c",
            }
        ),
    ),
    SObject(
        "CurrencyType",
        {
            "IsoCode": "string",
            "ConversionRate": "double",
            "DecimalPlaces": "int",
            "IsActive": "boolean",
            "IsCorporate": "boolean",
        },
        optional=True,
    ),
    SObject(
        "DatedConversionRate",
        {
            "IsoCode": "string",
            "StartDate": "date",
            "NextStartDate": "date",
            "ConversionRate": "double",
        },
        optional=True,
    ),
    SObject(
        "SBQQ__Quote__c",
        {
            "SBQQ__Account__c": "reference",
            "SBQQ__Opportunity2__c": "reference",
            "SBQQ__Primary__c": "boolean",
            "SBQQ__Type__c": "picklist",
            "SBQQ__Status__c": "picklist",
            "SBQQ__StartDate__c": "date",
            "SBQQ__EndDate__c": "date",
            "SBQQ__SubscriptionTerm__c": "double",
            "SBQQ__Ordered__c": "boolean",
            "SBQQ__BillingFrequency__c": "picklist",
            "SBQQ__PaymentTerms__c": "picklist",
            "SBQQ__MasterContract__c": "reference",
            "CurrencyIsoCode": "picklist",
        },
    ),
    SObject(
        "SBQQ__QuoteLine__c",
        {
            "SBQQ__Quote__c": "reference",
            "SBQQ__Product__c": "reference",
            "SBQQ__Quantity__c": "double",
            "SBQQ__PriorQuantity__c": "double",
            "SBQQ__UpgradedQuantity__c": "double",
            "SBQQ__Existing__c": "boolean",
            "SBQQ__Renewal__c": "boolean",
            "SBQQ__CarryoverLine__c": "boolean",
            "SBQQ__Optional__c": "boolean",
            "SBQQ__Bundled__c": "boolean",
            "SBQQ__ListPrice__c": "currency",
            "SBQQ__NetPrice__c": "currency",
            "SBQQ__UnproratedNetPrice__c": "currency",
            "SBQQ__ProrateMultiplier__c": "double",
            "SBQQ__StartDate__c": "date",
            "SBQQ__EndDate__c": "date",
            "SBQQ__SubscriptionPricing__c": "picklist",
            "SBQQ__SubscriptionType__c": "picklist",
            "SBQQ__PricingMethod__c": "picklist",
            "SBQQ__DiscountScheduleType__c": "picklist",
            "SBQQ__AllowAssetRefund__c": "boolean",
            "SBQQ__SegmentIndex__c": "double",
            "SBQQ__SegmentKey__c": "string",
            "SBQQ__SegmentLabel__c": "string",
            "SBQQ__ChargeType__c": "picklist",
            "SBQQ__BillingFrequency__c": "picklist",
            "SBQQ__UpgradedSubscription__c": "reference",
            "SBQQ__RenewedSubscription__c": "reference",
            "CurrencyIsoCode": "picklist",
        },
    ),
    SObject(
        "SBQQ__Subscription__c",
        {
            "SBQQ__Contract__c": "reference",
            "SBQQ__Account__c": "reference",
            "SBQQ__Product__c": "reference",
            "SBQQ__QuoteLine__c": "reference",
            "SBQQ__RevisedSubscription__c": "reference",
            "SBQQ__RootId__c": "string",
            "SBQQ__Quantity__c": "double",
            "SBQQ__ListPrice__c": "currency",
            "SBQQ__NetPrice__c": "currency",
            "SBQQ__SubscriptionStartDate__c": "date",
            "SBQQ__SubscriptionEndDate__c": "date",
            "SBQQ__SegmentIndex__c": "double",
            "SBQQ__SegmentKey__c": "string",
            "SBQQ__TerminatedDate__c": "date",
            "SBQQ__RenewedDate__c": "date",
            "SBQQ__BillingFrequency__c": "picklist",
            "CurrencyIsoCode": "picklist",
        },
        optional=True,
    ),
    SObject(
        "Asset",
        {
            "AccountId": "reference",
            "Name": "string",
            "Product2Id": "reference",
            "Quantity": "double",
            "Price": "currency",
            "Status": "picklist",
            "PurchaseDate": "date",
            "InstallDate": "date",
            "UsageEndDate": "date",
            "LifecycleStartDate": "datetime",
            "LifecycleEndDate": "datetime",
            "CurrencyIsoCode": "picklist",
        },
        optional=True,
        feature="Revenue Cloud",
    ),
    SObject(
        "AssetAction",
        {
            "AssetId": "reference",
            "AssetActionNumber": "string",
            "ActionDate": "datetime",
            "Category": "picklist",
            "Amount": "currency",
            "MrrChange": "currency",
            "QuantityChange": "double",
            "CurrencyIsoCode": "picklist",
        },
        optional=True,
        feature="Revenue Cloud",
    ),
    # Its Amount is not read: Revenue Cloud does not set it.
    SObject(
        "AssetStatePeriod",
        {
            "AssetId": "reference",
            "AssetStatePeriodNumber": "string",
            "StartDate": "datetime",
            "EndDate": "datetime",
            "Quantity": "double",
            "Mrr": "currency",
            "CurrencyIsoCode": "picklist",
        },
        optional=True,
        feature="Revenue Cloud",
    ),
)
