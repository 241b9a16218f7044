"""What is read from NetSuite: one spec line per SuiteQL table.

Adding a table means adding one `Table` below. Names and columns are those of production SuiteQL
(NetSuite Records Catalog). Every value of SuiteQL over REST is a string and a null column is
omitted, so each column's type is declared here and applied by the connector.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

TYPES: Final = ("id", "text", "boolean", "integer", "decimal", "date", "datetime")


@dataclass(frozen=True)
class Table:
    """One SuiteQL table to load.

    Attributes:
        name: table name in SuiteQL.
        columns: column name -> type (id, text, boolean, integer, decimal, date, datetime).
            `id` is text made of digits; booleans arrive as T and F; dates and datetimes are
            asked for through TO_CHAR, in the account's time zone.
        primary_key: the columns that identify a row.
        key: the numeric columns, unique together, that pages are cut by (keyset paging).
        cursor: the column moved by every change, or None: the table is then read whole.
        optional: the table may be absent (feature off, no permission): skipped by name.
        feature: the feature that brings the table, where not every account has it.
        optional_columns: columns that may be absent: skipped by name, not an error.
        shared_key: rows may share the numeric `key`; a page then ends before the last of them.
    """

    name: str
    columns: Mapping[str, str] = field(hash=False)
    primary_key: tuple[str, ...] = ("id",)
    key: tuple[str, ...] = ("id",)
    cursor: str | None = "lastmodifieddate"
    optional: bool = False
    feature: str = ""
    optional_columns: frozenset[str] = frozenset()
    shared_key: bool = False

    def __post_init__(self) -> None:
        for name in (*self.primary_key, *self.key, *([self.cursor] if self.cursor else [])):
            if name not in self.columns:
                raise ValueError(f"{self.name}: {name} is not among the columns")


SUITE_BILLING: Final = "SuiteBilling"

TABLES: Final[tuple[Table, ...]] = (
    Table(
        "subsidiary",
        {
            "id": "id",
            "name": "text",
            "fullname": "text",
            "currency": "id",
            "parent": "id",
            "country": "text",
            "iselimination": "boolean",
            "isinactive": "boolean",
            "lastmodifieddate": "datetime",
        },
    ),
    Table(
        "accountingbook",
        {
            "id": "id",
            "name": "text",
            "isprimary": "boolean",
        },
        cursor=None,
        optional=True,
    ),
    Table(
        "currency",
        {
            "id": "id",
            "name": "text",
            "symbol": "text",
            "isbasecurrency": "boolean",
            "isinactive": "boolean",
            "lastmodifieddate": "datetime",
        },
    ),
    Table(
        "currencyrate",
        {
            "id": "id",
            "basecurrency": "id",
            "transactioncurrency": "id",
            "effectivedate": "date",
            "exchangerate": "decimal",
        },
        cursor=None,
        optional=True,
    ),
    Table(
        "consolidatedexchangerate",
        {
            "id": "id",
            "postingperiod": "id",
            "fromsubsidiary": "id",
            "tosubsidiary": "id",
            "fromcurrency": "id",
            "tocurrency": "id",
            "currentrate": "decimal",
            "averagerate": "decimal",
            "historicalrate": "decimal",
            "accountingbook": "id",
        },
        cursor=None,
        optional=True,
    ),
    Table(
        "accountingperiod",
        {
            "id": "id",
            "periodname": "text",
            "startdate": "date",
            "enddate": "date",
            "isposting": "boolean",
            "isadjust": "boolean",
            "isquarter": "boolean",
            "isyear": "boolean",
            "closed": "boolean",
            "closedondate": "date",
            "alllocked": "boolean",
            "parent": "id",
            "lastmodifieddate": "datetime",
        },
    ),
    Table(
        "account",
        {
            "id": "id",
            "acctnumber": "text",
            "accttype": "text",
            "fullname": "text",
            "generalrate": "text",
            "isinactive": "boolean",
            "parent": "id",
            "lastmodifieddate": "datetime",
        },
    ),
    Table(
        "department",
        {
            "id": "id",
            "name": "text",
            "fullname": "text",
            "parent": "id",
            "isinactive": "boolean",
        },
        cursor=None,
        optional=True,
        feature="Departments",
    ),
    Table(
        "classification",
        {
            "id": "id",
            "name": "text",
            "fullname": "text",
            "parent": "id",
            "isinactive": "boolean",
        },
        cursor=None,
        optional=True,
        feature="Classes",
    ),
    Table(
        "location",
        {
            "id": "id",
            "name": "text",
            "fullname": "text",
            "parent": "id",
            "isinactive": "boolean",
        },
        cursor=None,
        optional=True,
        feature="Locations",
    ),
    Table(
        "customer",
        {
            "id": "id",
            "entityid": "text",
            "companyname": "text",
            "externalid": "text",
            "parent": "id",
            "currency": "id",
            "isinactive": "boolean",
            "datecreated": "datetime",
            "lastmodifieddate": "datetime",
        },
    ),
    Table(
        "item",
        {
            "id": "id",
            "itemid": "text",
            "displayname": "text",
            "itemtype": "text",
            "externalid": "text",
            "incomeaccount": "id",
            "deferredrevenueaccount": "id",
            "revenuerecognitionrule": "text",
            "createrevenueplanson": "text",
            "isinactive": "boolean",
            "lastmodifieddate": "datetime",
        },
    ),
    Table(
        "transaction",
        {
            "id": "id",
            "type": "text",
            "tranid": "text",
            "trandate": "date",
            "postingperiod": "id",
            "posting": "boolean",
            "status": "text",
            "approvalstatus": "text",
            "entity": "id",
            "currency": "id",
            "exchangerate": "decimal",
            "foreigntotal": "decimal",
            "createddate": "datetime",
            "startdate": "date",
            "enddate": "date",
            "memo": "text",
            "otherrefnum": "text",
            "externalid": "text",
            "voided": "boolean",
            "isreversal": "boolean",
            "custbody_sf_order_id": "text",
            "custbody_sf_opportunity_id": "text",
            "lastmodifieddate": "datetime",
        },
    ),
    Table(
        "transactionline",
        {
            "uniquekey": "id",
            "transaction": "id",
            "id": "id",
            "linesequencenumber": "integer",
            "mainline": "boolean",
            "taxline": "boolean",
            "item": "id",
            "itemtype": "text",
            "quantity": "decimal",
            "quantitybilled": "decimal",
            "rate": "decimal",
            "foreignamount": "decimal",
            "netamount": "decimal",
            "createdfrom": "id",
            "revenueelement": "id",
            "isclosed": "boolean",
            "subscription": "id",
            "subscriptionline": "id",
            "subsidiary": "id",
            "department": "id",
            "class": "id",
            "location": "id",
            "entity": "id",
            "memo": "text",
            "isrevrectransaction": "boolean",
            "custcol_sf_order_item_id": "text",
            "custcol_service_start_date": "date",
            "custcol_service_end_date": "date",
            "custcol_monthly_minimum": "decimal",
            "linelastmodifieddate": "datetime",
        },
        primary_key=("transaction", "id"),
        key=("uniquekey",),
        cursor="linelastmodifieddate",
        optional_columns=frozenset(
            {
                "department",
                "class",
                "location",
                "subscription",
                "subscriptionline",
                "custcol_monthly_minimum",
                "isrevrectransaction",
            }
        ),
    ),
    # Order to invoice, invoice to payment: several kinds of link may join the same two lines.
    Table(
        "nexttransactionlinelink",
        {
            "previousdoc": "id",
            "previousline": "id",
            "nextdoc": "id",
            "nextline": "id",
            "linktype": "text",
            "previoustype": "text",
            "nexttype": "text",
            "foreignamount": "decimal",
            "lastmodifieddate": "datetime",
        },
        primary_key=("previousdoc", "previousline", "nextdoc", "nextline", "linktype"),
        key=("previousdoc", "previousline", "nextdoc", "nextline"),
        optional=True,
        shared_key=True,
    ),
    # All lines, non-posting ones too: one that stops posting must be seen to stop.
    Table(
        "transactionaccountingline",
        {
            "transaction": "id",
            "transactionline": "id",
            "accountingbook": "id",
            "account": "id",
            "amount": "decimal",
            "debit": "decimal",
            "credit": "decimal",
            "posting": "boolean",
            "exchangerate": "decimal",
            "lastmodifieddate": "datetime",
        },
        primary_key=("transaction", "transactionline", "accountingbook"),
        key=("transaction", "transactionline", "accountingbook"),
    ),
    Table(
        "revenueelement",
        {
            "id": "id",
            "recordnumber": "text",
            "revenuearrangement": "id",
            "source": "text",
            "sourcerecordtype": "text",
            "referenceid": "text",
            "item": "id",
            "entity": "id",
            "quantity": "decimal",
            "salesamount": "decimal",
            "discountedsalesamount": "decimal",
            "allocationamount": "decimal",
            "fairvalue": "decimal",
            "currency": "id",
            "exchangerate": "decimal",
            "revrecstartdate": "date",
            "revrecenddate": "date",
            "forecaststartdate": "date",
            "forecastenddate": "date",
            "revenuerecognitionrule": "text",
            "deferralaccount": "id",
            "recognitionaccount": "id",
            "revrecforecastrule": "text",
            "createrevenueplanson": "text",
            "revenueplanstatus": "text",
            "requiresrevenueplanupdate": "boolean",
            "lastmergedfromarrangement": "id",
            "lastmergetype": "text",
            "returnofelement": "id",
            "subscriptionline": "id",
            "elementdate": "date",
            "subsidiary": "id",
            "accountingbook": "id",
            "externalid": "text",
            "lastmodifieddate": "datetime",
        },
        optional=True,
        optional_columns=frozenset({"subscriptionline"}),
    ),
    Table(
        "revenueplan",
        {
            "id": "id",
            "recordnumber": "text",
            "createdfrom": "id",
            "revenueplantype": "text",
            "amount": "decimal",
            "revenueplancurrency": "text",
            "exchangerate": "decimal",
            "item": "id",
            "recognitionmethod": "text",
            "revenuerecognitionrule": "text",
            "revrecstartdate": "date",
            "revrecenddate": "date",
            "remainingdeferredbalance": "decimal",
            "totalrecognized": "decimal",
            "holdrevenuerecognition": "boolean",
            "catchupperiod": "id",
            "statusfordisplay": "text",
            "accountingbook": "id",
            "lastmodifieddate": "datetime",
        },
        optional=True,
    ),
    # No cursor of its own: a planned row can change while nothing else does, so it is read whole.
    Table(
        "revenueplanplannedrevenue",
        {
            "id": "id",
            "revenueplan": "id",
            "amount": "decimal",
            "plannedperiod": "id",
            "postingperiod": "id",
            "journal": "id",
            "dateexecuted": "date",
            "isrecognized": "boolean",
            "plannedrevenuetype": "text",
            "deferredrevenueaccount": "id",
            "recognitionaccount": "id",
            "exchangerate": "decimal",
        },
        cursor=None,
        optional=True,
    ),
    Table(
        "fairvalueprice",
        {
            "id": "id",
            "item": "id",
            "fairvalue": "decimal",
            "currency": "id",
            "startdate": "date",
            "enddate": "date",
            "isinactive": "boolean",
        },
        cursor=None,
        optional=True,
        feature="Advanced Revenue Management (Revenue Allocation)",
    ),
    Table(
        "subscription",
        {
            "id": "id",
            "name": "text",
            "customer": "id",
            "billingaccount": "id",
            "billingsubscriptionstatus": "text",
            "startdate": "date",
            "enddate": "date",
            "initialterm": "id",
            "renewalnumber": "integer",
            "rootsubscription": "id",
            "salesorder": "id",
            "subscriptionrevision": "integer",
            "currency": "id",
            "externalid": "text",
            "lastmodifieddate": "datetime",
        },
        optional=True,
        feature=SUITE_BILLING,
    ),
    Table(
        "subscriptionline",
        {
            "id": "id",
            "subscription": "id",
            "linenumber": "integer",
            "item": "id",
            "quantity": "decimal",
            "startdate": "date",
            "enddate": "date",
            "recurrencestartdate": "date",
            "revrecoption": "text",
            "salesorder": "id",
            "subscriptionlinestatus": "text",
            "terminationdate": "date",
            "total": "decimal",
            "lastmodifieddate": "datetime",
        },
        optional=True,
        feature=SUITE_BILLING,
    ),
    Table(
        "charge",
        {
            "id": "id",
            "amount": "decimal",
            "billdate": "date",
            "chargedate": "date",
            "chargetype": "text",
            "stage": "text",
            "use": "text",
            "invoice": "id",
            "invoiceline": "id",
            "creditmemo": "id",
            "currency": "id",
            "quantity": "decimal",
            "rate": "decimal",
            "servicestartdate": "date",
            "serviceenddate": "date",
            "subscriptionline": "id",
            "billingaccount": "id",
            "subsidiary": "id",
            "lastmodifieddate": "datetime",
        },
        optional=True,
        feature=SUITE_BILLING,
    ),
    Table(
        "usage",
        {
            "id": "id",
            "customer": "id",
            "item": "id",
            "usagedate": "date",
            "usagequantity": "decimal",
            "subscriptionline": "id",
            "lastmodifieddate": "datetime",
        },
        optional=True,
        feature=SUITE_BILLING,
    ),
    Table(
        "deletedrecord",
        {
            "recordtypeid": "id",
            "recordid": "id",
            "type": "text",
            "name": "text",
            "deleteddate": "datetime",
        },
        primary_key=("recordtypeid", "recordid"),
        key=("recordtypeid", "recordid"),
        cursor="deleteddate",
        optional=True,
    ),
)
