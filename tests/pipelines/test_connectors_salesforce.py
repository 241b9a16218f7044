import json
from base64 import b64decode
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from urllib.parse import urlsplit

import pytest
from connector_wire import Answer, Wire, form, query
from requests import PreparedRequest
from requests.exceptions import ChunkedEncodingError

from pipelines.errors import ConfigurationError, SourceError
from pipelines.salesforce import bulk, results
from pipelines.salesforce.bulk import bulk_query
from pipelines.salesforce.client import SalesforceClient, SalesforceSettings
from pipelines.salesforce.objects import SObject
from pipelines.salesforce.results import read_csv
from pipelines.salesforce.source import raw_table, read
from pipelines.salesforce.window import soql

HOST = "acme.my.salesforce.com"
ISSUED = datetime(2026, 1, 1, 5, tzinfo=UTC)
DEAL = SObject("Deal__c", {"Amount__c": "currency", "Note__c": "string"}, api="rest")
FIELDS = list(DEAL.all_fields)


def client(address: str = f"https://{HOST}") -> SalesforceClient:
    settings = SalesforceSettings()
    settings.instance_url, settings.client_id, settings.client_secret = address, "id", "secret"
    return SalesforceClient(settings)


def token(number: int = 1) -> Answer:
    return Answer({"access_token": f"token-{number}", "issued_at": f"{ISSUED.timestamp():.0f}000"})


class Org:
    """Answers tokens itself and everything else from `answers`, in order."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.tokens = 0

    def __call__(self, request: PreparedRequest) -> Answer:
        if request.url.endswith("/oauth2/token"):
            self.tokens += 1
            return token(self.tokens)
        return self.answers.pop(0)


def connected(monkeypatch: pytest.MonkeyPatch, *answers: Answer) -> tuple[SalesforceClient, Wire]:
    wire = Wire(Org(*answers)).install(monkeypatch)
    org = client()
    org.connect()
    return org, wire


def error(code: str, status: int, message: str = "no") -> Answer:
    return Answer([{"errorCode": code, "message": message}], status)


def page(ids: list[str], more: str | None = None) -> Answer:
    records = [{"Id": i, "attributes": {"type": "Deal__c"}} for i in ids]
    return Answer({"done": more is None, "nextRecordsUrl": more, "records": records})


def test_login_sends_client_credentials_and_reads_the_orgs_clock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    org, wire = connected(monkeypatch)
    request = wire.requests[0]
    assert form(request) == {"grant_type": "client_credentials"}
    assert b64decode(request.headers["Authorization"].split()[1]) == b"id:secret"
    assert org.clock == ISSUED


def test_refused_credentials_name_host_and_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    refusal = {"error": "invalid_client", "error_description": "invalid client credentials"}
    Wire(lambda _: Answer(refusal, 400)).install(monkeypatch)
    with pytest.raises(SourceError, match=rf"{HOST} refused .*client credentials.*client_secret"):
        client().connect()


def test_shared_login_host_is_refused_before_anything_is_sent() -> None:
    with pytest.raises(ConfigurationError, match="My Domain"):
        client("login.salesforce.com")


def test_unreachable_host_is_named() -> None:
    with pytest.raises(SourceError, match=r"127\.0\.0\.1:9 cannot be reached.*instance_url"):
        client("http://127.0.0.1:9").connect()


def test_maintenance_page_is_not_taken_for_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    Wire(lambda _: Answer(b"<html>down</html>")).install(monkeypatch)
    with pytest.raises(SourceError, match="not JSON"):
        client().connect()


def test_paging_follows_the_server_whatever_the_page_length(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    org, wire = connected(
        monkeypatch, page(["1", "2", "3"], "/more/x-3"), page([], "/more/x-4"), page(["4"])
    )
    rows = [row["Id"] for part in org.query("SELECT Id FROM Deal__c", "Deal__c") for row in part]
    assert rows == ["1", "2", "3", "4"]
    assert wire.paths()[1:] == ["/services/data/v60.0/queryAll", "/more/x-3", "/more/x-4"]
    assert query(wire.requests[1]) == {"q": "SELECT Id FROM Deal__c"}


def test_expired_token_is_renewed_once_and_the_same_page_repeated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    org, wire = connected(
        monkeypatch, page(["1"], "/more/x-1"), error("INVALID_SESSION_ID", 401), page(["2"])
    )
    rows = [row["Id"] for part in org.query("SELECT Id FROM Deal__c", "Deal__c") for row in part]
    assert rows == ["1", "2"]
    assert wire.paths()[2:] == ["/more/x-1", "/services/oauth2/token", "/more/x-1"]
    assert wire.requests[-1].headers["Authorization"] == "Bearer token-2"


def test_token_refused_twice_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    org, _ = connected(monkeypatch, *[error("INVALID_SESSION_ID", 401)] * 2)
    with pytest.raises(SourceError, match="INVALID_SESSION_ID"):
        list(org.query("SELECT Id FROM Deal__c", "Deal__c"))


def test_request_limit_is_reported_and_not_retried(monkeypatch: pytest.MonkeyPatch) -> None:
    org, wire = connected(monkeypatch, error("REQUEST_LIMIT_EXCEEDED", 403))
    with pytest.raises(SourceError, match=r"object Deal__c.*24-hour window"):
        list(org.query("SELECT Id FROM Deal__c", "Deal__c"))
    assert len(wire.requests) == 2


def test_outage_is_retried(monkeypatch: pytest.MonkeyPatch) -> None:
    org, _ = connected(monkeypatch, error("SERVER_UNAVAILABLE", 503), page(["1"]))
    assert list(org.query("SELECT Id FROM Deal__c", "Deal__c")) != []


def test_amounts_stay_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    body = b'{"done":true,"records":[{"Id":"1","Amount__c":1234567890123456.07,"Note__c":""}]}'
    org, _ = connected(monkeypatch, Answer(body))
    [table] = read(org, DEAL, FIELDS, None)
    assert Decimal(table["Amount__c"][0].as_py()) == Decimal("1234567890123456.07")
    assert table["Note__c"].to_pylist() == [None]
    assert table["CreatedDate"].to_pylist() == [None]


def described(*names: str) -> Answer:
    return Answer({"fields": [{"name": name, "type": "string"} for name in names]})


def test_field_that_is_missing_or_hidden_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    org, _ = connected(monkeypatch, described(*[f for f in FIELDS if f != "Amount__c"]))
    with pytest.raises(SourceError, match=r"object Deal__c field Amount__c.*field-level security"):
        raw_table(org, DEAL)


def test_missing_object_is_an_error_and_optional_one_is_skipped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    org, _ = connected(monkeypatch, *[error("NOT_FOUND", 404)] * 2)
    with pytest.raises(SourceError, match="object Deal__c"):
        raw_table(org, DEAL)
    optional = SObject("Deal__c", DEAL.fields, optional=True)
    assert "no such object" in raw_table(org, optional).skipped


def test_object_that_cannot_be_deleted_gets_a_false_flag(monkeypatch: pytest.MonkeyPatch) -> None:
    known = described(*[f for f in FIELDS if f != "IsDeleted"])
    org, wire = connected(monkeypatch, known, page(["1"]))
    [table] = raw_table(org, DEAL).read(None)
    assert table.column_names == FIELDS
    assert table["IsDeleted"].to_pylist() == ["false"]
    assert "IsDeleted" not in query(wire.requests[-1])["q"]


def test_window_is_closed_at_both_ends() -> None:
    since, until = datetime(2025, 12, 31, 23, tzinfo=UTC), ISSUED
    assert soql(DEAL, ["Id"], since, until) == (
        "SELECT Id FROM Deal__c WHERE SystemModstamp >= 2025-12-31T23:00:00Z"
        " AND SystemModstamp <= 2026-01-01T05:00:00Z"
    )
    assert soql(DEAL, ["Id"], None, until).endswith("WHERE SystemModstamp <= 2026-01-01T05:00:00Z")


def job(state: str, **more: object) -> Answer:
    return Answer({"id": "750x", "state": state, **more})


def csv_page(text: bytes, locator: str) -> Answer:
    return Answer(text, headers={"Sforce-Locator": locator})


def test_bulk_job_is_polled_and_all_pages_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "FIRST_WAIT_SECONDS", 0.001)
    org, wire = connected(
        monkeypatch,
        job("UploadComplete"),
        job("InProgress"),
        job("JobComplete"),
        csv_page(b'"Id"\n"1"\n"2"\n', "MTAw"),
        csv_page(b'"Id"\n"3"\n', "null"),
    )
    pages = list(bulk_query(org, "SELECT Id FROM Deal__c", "Deal__c", ["Id"]))
    assert [value for part in pages for value in part["Id"].to_pylist()] == ["1", "2", "3"]
    created = json.loads(wire.requests[1].body)
    assert (created["operation"], created["contentType"]) == ("queryAll", "CSV")
    results = [query(r).get("locator") for r in wire.requests if "/results" in r.url]
    assert results == [None, "MTAw"]
    assert {urlsplit(request.url).netloc for request in wire.requests} == {HOST}


@pytest.mark.parametrize("state", ["Failed", "Aborted"])
def test_bulk_job_that_ends_badly_twice_is_an_error(
    monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    ended = (job("UploadComplete"), job(state, errorMessage="too big"))
    org, _ = connected(monkeypatch, *ended, *ended)
    with pytest.raises(SourceError, match=f"object Deal__c.*{state}: too big"):
        list(bulk_query(org, "SELECT Id FROM Deal__c", "Deal__c", ["Id"]))


def test_bulk_job_is_not_waited_for_beyond_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    org, _ = connected(monkeypatch, job("UploadComplete"), job("InProgress"))
    org.settings.bulk_timeout_seconds = -1
    with pytest.raises(SourceError, match="bulk_timeout_seconds"):
        list(bulk_query(org, "SELECT Id FROM Deal__c", "Deal__c", ["Id"]))


def test_csv_keeps_line_breaks_long_text_and_order_of_columns() -> None:
    long = "x" * 200_000
    content = (
        f'"Note","Id","Extra"\n"two\nlines, ""quoted""","1","x"\n"","2","x"\n"{long}","3",""\n'
    )
    [table] = read_csv(BytesIO(content.encode()), ["Id", "Note"], "Deal__c")
    assert table.to_pylist() == [
        {"Id": "1", "Note": 'two\nlines, "quoted"'},
        {"Id": "2", "Note": None},
        {"Id": "3", "Note": long},
    ]


def test_csv_is_read_in_blocks_whatever_falls_on_their_edges(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(results, "BLOCK_BYTES", 64)
    notes = [f"line\nbreak {number}" for number in range(50)]
    content = '"Id","Note"\n' + "".join(f'"{n}","{note}"\n' for n, note in enumerate(notes))
    blocks = list(read_csv(BytesIO(content.encode()), ["Id", "Note"], "Deal__c"))
    assert len(blocks) > 10
    assert [value for block in blocks for value in block["Note"].to_pylist()] == notes


@pytest.mark.parametrize("content", [b"", b"\n", b'"Id","Note"\n', b'"Id","Note"'])
def test_csv_without_rows_is_no_rows(content: bytes) -> None:
    assert list(read_csv(BytesIO(content), ["Id", "Note"], "Deal__c")) == []


def test_csv_without_a_column_is_an_error() -> None:
    with pytest.raises(SourceError, match="lacks Note"):
        list(read_csv(BytesIO(b'"Id"\n"1"\n'), ["Id", "Note"], "Deal__c"))


def test_csv_that_is_none_is_an_error() -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        list(read_csv(BytesIO(b'"Id","Note"\n"1"\n'), ["Id", "Note"], "Deal__c"))


def test_nul_bytes_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = job("UploadComplete"), job("JobComplete"), csv_page(b'"Id"\n"1\x00"\n', "null")
    org, _ = connected(monkeypatch, *answers)
    [table] = bulk_query(org, "SELECT Id FROM Deal__c", "Deal__c", ["Id"])
    assert table["Id"].to_pylist() == ["1"]


class BrokenOff(BytesIO):
    """A body whose connection breaks after the first bytes."""

    def read(self, size: int | None = -1) -> bytes:
        if not self.tell():
            return super().read(8)
        raise ChunkedEncodingError("Connection broken")


def test_transfer_that_breaks_off_is_repeated_from_its_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(results, "FIRST_WAIT_SECONDS", 0.0)
    content = b'"Id"\n"1"\n"2"\n'
    broken = Answer(BrokenOff(content), headers={"Sforce-Locator": "null"})
    start = job("UploadComplete"), job("JobComplete")
    org, wire = connected(monkeypatch, *start, broken, csv_page(content, "null"))
    [table] = bulk_query(org, "SELECT Id FROM Deal__c", "Deal__c", ["Id"])
    assert table["Id"].to_pylist() == ["1", "2"]
    assert len([path for path in wire.paths() if path.endswith("/results")]) == 2
    broken_always = [
        Answer(BrokenOff(content), headers={"Sforce-Locator": "null"})
        for _ in range(results.DOWNLOAD_ATTEMPTS)
    ]
    org, _ = connected(monkeypatch, *start, *broken_always)
    with pytest.raises(SourceError, match="broke off 5 times"):
        list(bulk_query(org, "SELECT Id FROM Deal__c", "Deal__c", ["Id"]))
