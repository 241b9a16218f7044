"""Objects and fields by configuration, REST or Bulk by size, and the budget of API requests."""

import json
from typing import Any

import pytest
from connector_wire import Answer, query
from test_connectors_salesforce import DEAL, FIELDS, ISSUED, connected, csv_page, job, page

from pipelines.errors import ConfigurationError, SourceError
from pipelines.netsuite.configured import configured_tables
from pipelines.salesforce import bulk
from pipelines.salesforce.budget import Budget, BudgetError, Quota, read_quotas
from pipelines.salesforce.configured import configured_objects
from pipelines.salesforce.objects import SObject
from pipelines.salesforce.source import raw_table


def described(**kinds: str) -> Answer:
    fields = [{"name": name, "type": kind, "calculated": name == "Formula__c"}
              for name, kind in kinds.items()]  # fmt: skip
    return Answer({"fields": fields})


def deal(**changes: Any) -> SObject:
    [found] = [
        each
        for each in configured_objects({"Deal__c": {"fields": ["Note__c"], **changes}})
        if each.name == "Deal__c"
    ]
    return found


SYSTEM = {name: "datetime" for name in FIELDS if name not in ("Amount__c", "Note__c")}


def test_object_of_ones_own_is_typed_by_describe(monkeypatch: pytest.MonkeyPatch) -> None:
    own = deal(fields=["Note__c", "Rate__c", "Count__c", "Formula__c"])
    kinds = {"Note__c": "textarea", "Rate__c": "double", "Count__c": "int"}
    org, _ = connected(monkeypatch, described(**SYSTEM, **kinds, Formula__c="currency"))
    table = raw_table(org, own)
    types = [str(table.types[name]) for name in (*kinds, "Formula__c")]
    assert types == ["string", "decimal128(28, 10)", "int64", "decimal128(28, 10)"]
    assert list(table.notes) == ["Formula__c"]
    assert "only a full load refreshes it" in table.notes["Formula__c"]


def test_optional_field_is_skipped_by_name_and_another_is_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known = described(**SYSTEM, Note__c="string")
    org, wire = connected(monkeypatch, known, page(["1"]), known)
    table = raw_table(org, deal(optional_fields=["Region__c"], api="rest"))
    [rows] = table.read(None)
    assert "hidden from the integration user" in table.notes["Region__c"]
    assert "Region__c" not in rows.column_names
    assert "Region__c" not in query(wire.requests[-1])["q"]
    with pytest.raises(
        SourceError,
        match=r"object Deal__c field Region__c.*field-level security: Region__c\..*"
        r"optional_fields in \[sources\.salesforce\.objects\.Deal__c\]",
    ):
        raw_table(org, deal(fields=["Note__c", "Region__c"]))


def test_optional_field_of_the_spec_stays_a_column(monkeypatch: pytest.MonkeyPatch) -> None:
    org, _ = connected(monkeypatch, described(**SYSTEM, Amount__c="currency"), page(["1"]))
    optional = SObject("Deal__c", DEAL.fields, api="rest", optional_fields=frozenset({"Note__c"}))
    [rows] = raw_table(org, optional).read(None)
    assert rows["Note__c"].to_pylist() == [None]


def test_compound_field_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    org, _ = connected(monkeypatch, described(**SYSTEM, Note__c="address"))
    with pytest.raises(SourceError, match=r"field Note__c.*type address.*Name its parts"):
        raw_table(org, deal())


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"Accunt": {"api": "rest"}}, "Accunt is not among the objects.*no fields"),
        ({"Account": {"field": ["x"]}}, "knows no setting field"),
        ({"Account": {"fields": "Region__c"}}, "fields of .* must be a list of names"),
        ({"Account": {"fields": [1]}}, "must be a list of names"),
        ({"Account": {"api": "soap"}}, "api is 'soap'.*auto, bulk, rest"),
        ({"Account": {"cursor": "Changed__c"}}, "cursor Changed__c is not among the fields"),
        ({"Account": "rest"}, "is no table of settings"),
    ],
)
def test_wrong_object_settings_are_named(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        configured_objects(given)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"custmer": {"cursor": ""}}, "custmer is not among the tables.*no columns"),
        ({"customer": {"columns": {"x": "money"}}}, "unknown type money.*decimal"),
        ({"customer": {"columns": ["x"]}}, "must be a table of names and types"),
        ({"customer": {"cursor": "changed"}}, "changed is not among the columns"),
        ({"customer": {"optional_columns": ["nmae"]}}, "nmae is not among the columns"),
        ({"customer": {"optional_columns": ["id"]}}, "id identifies or dates a row"),
    ],
)
def test_wrong_table_settings_are_named(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        configured_tables(given)


def test_table_of_ones_own_is_read_whole_by_its_key() -> None:
    own = configured_tables({
        "customrecord_usage": {"columns": {"custrecord_qty": "decimal"}},
        "transaction": {"columns": {"custbody_region": "text"}, "optional": True},
    })  # fmt: skip
    tables = {table.name: table for table in own}
    usage = tables["customrecord_usage"]
    assert usage.columns == {"id": "id", "custrecord_qty": "decimal"}
    assert (usage.key, usage.primary_key, usage.cursor) == (("id",), ("id",), None)
    assert list(tables["transaction"].columns)[-1] == "custbody_region"
    assert tables["transaction"].cursor == "lastmodifieddate"


def counted(rows: int) -> Answer:
    return Answer({"totalSize": rows, "done": True, "records": []})


AUTO = SObject("Deal__c", {})
KNOWN = described(**SYSTEM)


def test_few_rows_are_read_by_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    org, wire = connected(monkeypatch, KNOWN, counted(9_999), page(["1"]))
    list(raw_table(org, AUTO).read(ISSUED))
    assert wire.paths()[2:] == ["/services/data/v60.0/queryAll"] * 2
    assert query(wire.requests[2])["q"].startswith("SELECT COUNT() FROM Deal__c WHERE System")


@pytest.mark.parametrize(
    "answer",
    [counted(10_000), Answer([{"errorCode": "QUERY_TIMEOUT", "message": "long"}], 400)],
    ids=["counted", "too many to count"],
)
def test_many_rows_are_read_by_bulk(monkeypatch: pytest.MonkeyPatch, answer: Answer) -> None:
    monkeypatch.setattr(bulk, "FIRST_WAIT_SECONDS", 0.001)
    columns = ",".join(f'"{name}"' for name in AUTO.all_fields).encode()
    org, wire = connected(
        monkeypatch, KNOWN, answer, job("UploadComplete"), job("JobComplete"),
        csv_page(columns + b"\n", "null"),
    )  # fmt: skip
    list(raw_table(org, AUTO).read(None))
    assert json.loads(wire.requests[3].body)["operation"] == "queryAll"


@pytest.mark.parametrize(
    ("header", "quotas"),
    [
        ("api-usage=18/5000", (Quota("org", 18, 5000),)),
        (
            "api-usage=25/5000; per-app-api-usage=17/250(appName=sample-connected-app)",
            (Quota("org", 25, 5000), Quota("app", 17, 250)),
        ),
        ("per-app-api-usage=17/250(appName=x)", (Quota("app", 17, 250),)),
        ("", ()),
        ("api-usage=0/0", ()),
    ],
)
def test_both_forms_of_the_limits_header_are_read(header: str, quotas: Any) -> None:
    assert read_quotas(header) == quotas


@pytest.mark.parametrize(
    ("header", "owner"),
    [("api-usage=4501/5000", "org"), ("api-usage=1/5000; per-app-api-usage=226/250(a)", "app")],
)
def test_load_stops_before_the_reserve_is_touched(
    monkeypatch: pytest.MonkeyPatch, header: str, owner: str
) -> None:
    first = page(["1"], "/more/x-1")
    answer = Answer(first.body, headers={"Sforce-Limit-Info": header})
    org, wire = connected(monkeypatch, answer, page(["2"]))
    message = rf"object Deal__c.*the {owner}'s .* requests are used; the reserve of 10 %"
    with pytest.raises(BudgetError, match=message):
        list(org.query("SELECT Id FROM Deal__c", "Deal__c"))
    assert len(wire.requests) == 2  # the log-in and the first page


def test_reserve_is_a_setting_and_the_last_answer_counts() -> None:
    budget = Budget(50)
    budget.note("api-usage=51/100")
    budget.note("")
    with pytest.raises(BudgetError, match="51 of the org's 100"):
        budget.check(None)
    budget.note("api-usage=50/100")
    budget.check(None)
