import json
from datetime import datetime

import jwt
import pytest
from connector_wire import Answer, Wire, form, query
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from requests import PreparedRequest

from pipelines.errors import ConfigurationError, SourceError
from pipelines.netsuite.client import NetSuiteClient, NetSuiteSettings, RecordMissingError
from pipelines.netsuite.source import account_clock, raw_table, read
from pipelines.netsuite.suiteql import last_key, select
from pipelines.netsuite.tables import Table

HOST = "1234567-sb1.suitetalk.api.netsuite.com"
NOW = datetime(2025, 12, 31, 21)
SINCE = datetime(2025, 12, 31, 20, 30)
BILL = Table("bill", {"id": "id", "amount": "decimal", "lastmodifieddate": "datetime"})
PAIR = Table("pair", {"a": "id", "b": "id", "day": "date"}, ("a", "b"), ("a", "b"), cursor=None)
PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
KEY = ec.generate_private_key(ec.SECP256R1())


def pem(key: PrivateKey) -> str:
    encoded = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return encoded.decode()


def client(key: str | None = None) -> NetSuiteClient:
    settings = NetSuiteSettings()
    settings.account_id, settings.client_id = "1234567_SB1", "client"
    settings.certificate_id, settings.private_key = "cert", key or pem(KEY)
    return NetSuiteClient(settings)


class Account:
    """Answers tokens itself and queries from `answers`, in order."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.tokens = 0

    def __call__(self, request: PreparedRequest) -> Answer:
        if request.url.endswith("/token"):
            self.tokens += 1
            return Answer({"access_token": f"token-{self.tokens}", "expires_in": "3600"})
        return self.answers.pop(0)


def connected(monkeypatch: pytest.MonkeyPatch, *answers: Answer) -> tuple[NetSuiteClient, Wire]:
    return client(), Wire(Account(*answers)).install(monkeypatch)


def page(rows: list[dict[str, str]], more: bool = False) -> Answer:
    return Answer({"items": rows, "hasMore": more, "count": len(rows)})


def error(detail: str, status: int = 400, code: str = "INVALID_PARAMETER") -> Answer:
    return Answer({"o:errorDetails": [{"detail": detail, "o:errorCode": code}]}, status)


def sql(request: PreparedRequest) -> str:
    return json.loads(request.body)["q"]


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        (KEY, "ES256"),
        (ec.generate_private_key(ec.SECP384R1()), "ES384"),
        (rsa.generate_private_key(65537, 2048), "PS256"),
    ],
)
def test_assertion_is_signed_as_the_key_demands(
    monkeypatch: pytest.MonkeyPatch, key: PrivateKey, algorithm: str
) -> None:
    wire = Wire(Account()).install(monkeypatch)
    client(pem(key)).connect()
    assertion = form(wire.requests[0])["client_assertion"]
    address = f"https://{HOST}/services/rest/auth/oauth2/v1/token"
    claims = jwt.decode(assertion, key.public_key(), [algorithm], audience=address)
    assert jwt.get_unverified_header(assertion) == {
        "alg": algorithm,
        "typ": "JWT",
        "kid": "cert",
    }
    assert (claims["iss"], claims["scope"]) == ("client", ["rest_webservices"])
    assert 0 < claims["exp"] - claims["iat"] < 3600


def test_key_from_one_line_of_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    wire = Wire(Account()).install(monkeypatch)
    client(pem(KEY).replace("\n", "\\n")).connect()
    assert wire.requests


def test_text_that_is_no_key_is_a_configuration_error() -> None:
    with pytest.raises(ConfigurationError, match="private_key"):
        client("not a key")


def test_refused_credentials_name_host_and_fix(monkeypatch: pytest.MonkeyPatch) -> None:
    Wire(lambda _: Answer({"error": "invalid_grant"}, 400)).install(monkeypatch)
    with pytest.raises(SourceError, match=rf"{HOST} refused .*invalid_grant.*certificate_id"):
        client().connect()


def test_token_is_renewed_once_on_401(monkeypatch: pytest.MonkeyPatch) -> None:
    account, wire = connected(monkeypatch, error("gone", 401, "INVALID_LOGIN"), page([{"id": "1"}]))
    assert account.page("SELECT id FROM bill").rows == [{"id": "1"}]
    assert wire.requests[-1].headers["Authorization"] == "Bearer token-2"
    refused, _ = connected(monkeypatch, *[error("gone", 401, "INVALID_LOGIN")] * 2)
    with pytest.raises(SourceError, match="REST Web Services"):
        refused.page("SELECT id FROM bill")


def test_token_is_renewed_before_it_expires(monkeypatch: pytest.MonkeyPatch) -> None:
    account, wire = connected(monkeypatch, page([]), page([]))
    account.page("SELECT 1")
    account._expires = 0.0
    account.page("SELECT 1")
    assert [request.url.endswith("/token") for request in wire.requests] == [
        True,
        False,
        True,
        False,
    ]


@pytest.mark.parametrize("status", [400, 429])
def test_governance_is_waited_out(monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    busy = error("Concurrent request limit exceeded.", status, "CONCURRENCY_LIMIT_EXCEEDED")
    account, _ = connected(monkeypatch, busy, page([{"id": "1"}]))
    assert account.page("SELECT id FROM bill").rows == [{"id": "1"}]


def test_pages_are_cut_by_key_and_never_by_offset(monkeypatch: pytest.MonkeyPatch) -> None:
    full = [[{"id": str(n)} for n in range(start, start + 1000)] for start in (1, 1001)]
    # The second page sits at an account's row limit: full, yet nothing is said to follow.
    account, wire = connected(
        monkeypatch, page(full[0], True), page(full[1], False), page([{"id": "2001"}])
    )
    tables = list(read(account, NOW, BILL, SINCE))
    assert sum(table.num_rows for table in tables) == 2001
    queries = [request for request in wire.requests if request.url.endswith("offset=0")]
    assert [query(request) for request in queries] == [{"limit": "1000", "offset": "0"}] * 3
    assert queries[0].headers["Prefer"] == "transient"
    assert "id >" not in sql(queries[0])
    assert "AND id > 1000 ORDER BY id" in sql(queries[1])
    assert "AND id > 2000 ORDER BY id" in sql(queries[2])


def test_short_page_with_more_to_come_is_not_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    account, _ = connected(monkeypatch, page([{"id": "1"}], True), page([{"id": "2"}]))
    assert sum(table.num_rows for table in read(account, NOW, BILL, None)) == 2


def test_null_columns_that_are_omitted_come_back_as_null(monkeypatch: pytest.MonkeyPatch) -> None:
    account, _ = connected(monkeypatch, page([{"id": "1", "links": []}]))
    [table] = read(account, NOW, BILL, None)
    assert table.to_pylist() == [{"id": "1", "amount": None, "lastmodifieddate": None}]


def test_dates_go_through_to_char_and_the_window_is_closed() -> None:
    assert select(BILL, SINCE, NOW, None) == (
        "SELECT id, amount, TO_CHAR(lastmodifieddate,'YYYY-MM-DD HH24:MI:SS') AS lastmodifieddate"
        " FROM bill WHERE lastmodifieddate >="
        " TO_DATE('2025-12-31 20:30:00','YYYY-MM-DD HH24:MI:SS') AND lastmodifieddate <="
        " TO_DATE('2025-12-31 21:00:00','YYYY-MM-DD HH24:MI:SS') ORDER BY id"
    )


def test_first_load_takes_rows_without_a_stamp() -> None:
    assert "<= TO_DATE" in select(BILL, None, NOW, None)
    assert "OR lastmodifieddate IS NULL)" in select(BILL, None, NOW, None)


def test_composite_key_is_compared_column_by_column() -> None:
    text = select(PAIR, None, NOW, ("7", "2"))
    assert "TO_CHAR(day,'YYYY-MM-DD') AS day" in text
    assert text.endswith("WHERE ((a > 7) OR (a = 7 AND b > 2)) ORDER BY a, b")


@pytest.mark.parametrize("row", [{"a": "7", "b": "2"}, {"a": "6", "b": "9"}, {"a": "8"}])
def test_page_that_does_not_advance_is_an_error(row: dict[str, str]) -> None:
    with pytest.raises(SourceError, match="Correct the key"):
        last_key(PAIR, row, ("7", "2"))


def test_keys_compare_as_numbers() -> None:
    assert last_key(PAIR, {"a": "10", "b": "-5"}, ("9", "99")) == ("10", "-5")


def unknown(column: str) -> Answer:
    return error(f"Search error occurred: Unknown identifier '{column}'. Available are: {{}}.")


def test_missing_columns_are_all_named_even_on_an_optional_table(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    account, _ = connected(monkeypatch, unknown("amount"), unknown("memo"), page([]))
    optional = Table("bill", {**BILL.columns, "memo": "text"}, optional=True)
    with pytest.raises(SourceError, match=r"object bill field amount, memo.*optional_columns"):
        raw_table(account, NOW, optional)


def test_optional_column_that_is_missing_is_null_and_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    account, wire = connected(monkeypatch, unknown("amount"), page([]), page([{"id": "1"}]))
    table = raw_table(
        account, NOW, Table("bill", BILL.columns, optional_columns=frozenset({"amount"}))
    )
    [rows] = table.read(None)
    assert rows.to_pylist() == [{"id": "1", "amount": None, "lastmodifieddate": None}]
    assert "amount" not in sql(wire.requests[-1])
    assert "is not read: unknown to the account" in table.notes["amount"]


def test_missing_cursor_is_an_error_even_where_it_is_called_optional(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    account, _ = connected(monkeypatch, unknown("lastmodifieddate"))
    with pytest.raises(SourceError, match="field lastmodifieddate"):
        raw_table(account, NOW, Table("bill", BILL.columns, optional=True))


@pytest.mark.parametrize(
    ("detail", "status", "code"),
    [
        ("Record 'bill' was not found.", 400, "INVALID_PARAMETER"),
        ("Invalid search type: bill.", 400, "INVALID_PARAMETER"),
        ("You may not.", 403, "INSUFFICIENT_PERMISSION"),
    ],
)
def test_missing_table_is_skipped_if_optional_and_an_error_if_not(
    monkeypatch: pytest.MonkeyPatch, detail: str, status: int, code: str
) -> None:
    account, _ = connected(monkeypatch, *[error(detail, status, code)] * 2)
    optional = Table("bill", BILL.columns, optional=True)
    assert "no such table" in raw_table(account, NOW, optional).skipped
    required = raw_table(account, NOW, BILL)
    with pytest.raises(RecordMissingError, match="object bill"):
        list(required.read(None))


def test_clock_is_the_accounts_own(monkeypatch: pytest.MonkeyPatch) -> None:
    account, wire = connected(monkeypatch, page([{"now": "2025-12-31 21:00:00"}]))
    assert account_clock(account) == NOW
    assert "CURRENT_DATE" in sql(wire.requests[-1])
    silent, _ = connected(monkeypatch, page([]))
    with pytest.raises(SourceError, match="clock"):
        account_clock(silent)
