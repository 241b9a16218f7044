"""How the connectors log in, each way judged by the servers, and signatures by a known vector."""

import asyncio
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import jwt
import netsuite as netsuite_package
import pytest
import requests
from connector_wire import Answer, Wire
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from oauthlib.oauth1 import Client as OauthClient
from simulator_fixtures import SmallCompany

from pipelines.errors import ConfigurationError, SourceError
from pipelines.netsuite.client import NetSuiteClient
from pipelines.netsuite.settings import NetSuiteSettings
from pipelines.netsuite.source import account_clock
from pipelines.netsuite.tba import TbaKeys, TbaSignature, authorization
from pipelines.salesforce.client import SalesforceClient
from pipelines.salesforce.settings import SalesforceSettings
from pipelines.simulators.server import RunningServers, running_servers

SUITEQL = "https://1234567-sb1.suitetalk.api.netsuite.com/services/rest/query/v1/suiteql"
KEYS = TbaKeys("1234567_SB1", "ck", "tk", "cs", "ts")


def pem(key: Any) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


RSA_KEY = pem(rsa.generate_private_key(65537, 2048))
CURVE_KEY = pem(ec.generate_private_key(ec.SECP256R1()))


@pytest.fixture(scope="module")
def servers() -> Iterator[RunningServers]:
    with running_servers(SmallCompany()) as running:
        yield running


@pytest.fixture(autouse=True)
def real_time(servers: RunningServers) -> Iterator[None]:
    yield
    servers.salesforce.seconds_ahead = servers.netsuite.seconds_ahead = 0


def salesforce(**values: Any) -> SalesforceSettings:
    settings = SalesforceSettings()
    settings.instance_url, settings.client_id = "https://acme.my.salesforce.com", "id"
    for name, value in values.items():
        setattr(settings, name, value)
    return settings


def netsuite(**values: Any) -> NetSuiteSettings:
    settings = NetSuiteSettings()
    settings.account_id = "1234567"
    for name, value in values.items():
        setattr(settings, name, value)
    return settings


def jwt_user(servers: RunningServers, **values: Any) -> SalesforceClient:
    card = servers.card["salesforce"]
    own = {"instance_url": card["instance_url"], "client_id": card["client_id"]}
    return SalesforceClient(salesforce(**own | servers.card["salesforce_jwt"] | values))


def tba(servers: RunningServers, **values: Any) -> NetSuiteClient:
    own = {"base_url": servers.card["netsuite"]["base_url"]}
    return NetSuiteClient(netsuite(**own | servers.card["netsuite_tba"] | values))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({}, "neither client_secret nor username and private_key"),
        ({"username": "u"}, "by half: private_key is missing"),
        ({"private_key": RSA_KEY}, "by half: username is missing"),
        (
            {"client_secret": "s", "username": "u"},
            r"Two ways .* client_secret .* and username \(JWT bearer\)",
        ),
        ({"username": "u", "private_key": CURVE_KEY}, "RS256 only"),
        ({"username": "u", "private_key": "text"}, "not the PEM text"),
        (
            {"client_secret": "s", "instance_url": "https://login.salesforce.com"},
            "login.salesforce.com refuses the client-credentials flow.*My Domain",
        ),
    ],
)
def test_salesforce_needs_exactly_one_way_to_log_in(values: dict[str, str], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        SalesforceClient(salesforce(**values))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({}, "No way to log in is configured: client_id, certificate_id, private_key missing"),
        ({"client_id": "c"}, "OAuth 2.0 is configured by half: certificate_id, private_key"),
        ({"token_id": "t"}, "TBA is configured by half: consumer_key, consumer_secret, token_sec"),
        ({"client_id": "c", "token_id": "t"}, "Two ways .* client_id .* and token_id"),
        (
            {"algorithm": "RS256", "private_key": RSA_KEY},
            "NetSuite refuses RS256; this private key can sign with PS256, PS384, PS512",
        ),
        ({"algorithm": "PS256", "private_key": CURVE_KEY}, "can sign with ES256"),
        (
            {"private_key": pem(ec.generate_private_key(ec.SECP256K1()))},
            "refuses this kind of key; .* none of its algorithms",
        ),
    ],
)
def test_netsuite_needs_exactly_one_way_to_log_in(values: dict[str, str], message: str) -> None:
    if "private_key" in values:
        values = {"client_id": "c", "certificate_id": "x", **values}
    with pytest.raises(ConfigurationError, match=message):
        NetSuiteClient(netsuite(**values))


def test_jwt_bearer_is_let_in_and_renewed_on_401(servers: RunningServers) -> None:
    org = jwt_user(servers)
    org.connect()
    servers.salesforce.tokens.expire_all()
    assert org.count("SELECT COUNT() FROM Account", "Account") == 3


def test_audience_follows_the_kind_of_org(monkeypatch: pytest.MonkeyPatch) -> None:
    wire = Wire(lambda _: Answer({"access_token": "t", "issued_at": "0"})).install(monkeypatch)
    sandbox = "https://acme--uat.sandbox.my.salesforce.com"
    for url in ("https://acme.my.salesforce.com", sandbox):
        SalesforceClient(salesforce(instance_url=url, username="u", private_key=RSA_KEY)).connect()
    claims = [
        jwt.decode(request.body.partition("assertion=")[2], options={"verify_signature": False})
        for request in wire.requests
    ]
    assert [claim["aud"] for claim in claims] == [
        "https://login.salesforce.com",
        "https://test.salesforce.com",
    ]
    assert (claims[0]["iss"], claims[0]["sub"]) == ("id", "u")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"client_id": "other"}, "client identifier invalid.*consumer key"),
        ({"username": "other"}, "hasn't approved this consumer.*Pre-authorize"),
        ({"audience": "https://test.salesforce.com"}, "audience is invalid.*for a sandbox"),
        ({"private_key": RSA_KEY}, "invalid assertion.*certificate"),
    ],
)
def test_wrong_assertion_is_refused_with_the_fix(
    servers: RunningServers, values: dict[str, str], message: str
) -> None:
    with pytest.raises(SourceError, match=message):
        jwt_user(servers, **values).connect()


@pytest.mark.parametrize("seconds", [-400, 400])
def test_log_ins_of_a_clock_that_is_off_are_refused(servers: RunningServers, seconds: int) -> None:
    servers.salesforce.seconds_ahead = servers.netsuite.seconds_ahead = seconds
    with pytest.raises(SourceError, match=r"expired or lives too long.*this machine's clock"):
        jwt_user(servers).connect()
    with pytest.raises(SourceError, match=r"INVALID_LOGIN.*this machine's clock"):
        account_clock(tba(servers))
    with pytest.raises(SourceError, match=r"expired or not yet valid.*this machine's clock"):
        NetSuiteClient(netsuite(**servers.card["netsuite"])).connect()


def test_rs256_assertion_is_refused_by_the_server(servers: RunningServers) -> None:
    url = servers.card["netsuite"]["base_url"] + "/services/rest/auth/oauth2/v1/token"
    claims = {"iss": "tieout-demo", "aud": url, "iat": 0, "exp": 1, "scope": ["rest_webservices"]}
    key = rsa.generate_private_key(65537, 2048)
    servers.netsuite.certificates["rsa"] = key.public_key()
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": jwt.encode(claims, pem(key), "RS256", {"kid": "rsa"}),
    }
    reply = requests.post(url, data=form, timeout=10)
    assert (reply.status_code, reply.json()["error"]) == (401, "invalid_client")


def test_golden_vector() -> None:
    header = authorization(
        KEYS,
        "POST",
        f"{SUITEQL}?limit=1000&offset=2000",
        nonce="nonce1234567890",
        timestamp=1_700_000_000,
    )
    assert header.startswith('OAuth realm="1234567_SB1", ')
    assert 'oauth_signature="eZrHnx%2FWNJ4wSYbiFvCfnjfZKa8AC7RxtYjJQyM38ZM%3D"' in header


def test_signature_equals_that_of_oauthlib() -> None:
    url = f"{SUITEQL}?limit=5&q=a%20b%2Bc&empty="
    theirs = OauthClient(
        "ck",
        client_secret="cs",
        resource_owner_key="tk",
        resource_owner_secret="ts",
        signature_method="HMAC-SHA256",
        nonce="n",
        timestamp="1",
    )
    _, headers, _ = theirs.sign(url, "GET")
    expected = headers["Authorization"].partition("oauth_signature=")[2].strip('"')
    assert f'oauth_signature="{expected}"' in authorization(
        KEYS, "GET", url, nonce="n", timestamp=1
    )


def test_realm_is_upper_case_with_an_underscore(monkeypatch: pytest.MonkeyPatch) -> None:
    wire = Wire(lambda _: Answer({"items": [{"now": "2025-12-31 21:00:00"}]})).install(monkeypatch)
    settings = netsuite(
        account_id="1234567-sb1", consumer_key="ck", consumer_secret="cs", token_id="t",
        token_secret="ts",
    )  # fmt: skip
    account = NetSuiteClient(settings)
    account.connect()
    assert account_clock(account) == datetime(2025, 12, 31, 21)
    [request] = wire.requests
    assert request.url == f"{SUITEQL}?limit=1000&offset=0"
    assert 'realm="1234567_SB1"' in request.headers["Authorization"]


def test_every_try_is_signed_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    busy = Answer({"o:errorDetails": [{"detail": "", "o:errorCode": "CONCURRENCY_LIMIT_EXCEEDED"}]},
                  429)  # fmt: skip
    refused = Answer({"o:errorDetails": [{"detail": "", "o:errorCode": "INVALID_LOGIN"}]}, 401)
    answers = [busy, busy, refused, Answer({"items": []})]
    headers: list[str] = []

    def answer(request: requests.PreparedRequest) -> Answer:
        headers.append(request.headers["Authorization"])  # a repeated request is the same object
        return answers.pop(0)

    Wire(answer).install(monkeypatch)
    values = dict.fromkeys(("consumer_key", "consumer_secret", "token_id", "token_secret"), "x")
    NetSuiteClient(netsuite(**values)).page("SELECT 1")
    nonces = {header.partition('oauth_nonce="')[2].partition('"')[0] for header in headers}
    assert len(nonces) == len(headers) == 4


def test_tba_is_let_in(servers: RunningServers) -> None:
    rows = tba(servers).page("SELECT id FROM transaction ORDER BY id").rows
    assert [row["id"] for row in rows] == ["9", "10", "100"]


@pytest.mark.parametrize(
    "values",
    [
        {"account_id": "7654321"},
        {"consumer_key": "other"},
        {"consumer_secret": "other"},
        {"token_id": "other"},
        {"token_secret": "other"},
    ],
)
def test_wrong_tba_is_refused_with_the_fix(servers: RunningServers, values: dict[str, str]) -> None:
    realm = values.get("account_id", "1234567")
    with pytest.raises(SourceError, match=rf"INVALID_LOGIN.*realm {realm}\), consumer_key"):
        tba(servers, **values).page("SELECT 1 FROM DUAL")


def test_signature_is_good_once_and_for_one_address(servers: RunningServers) -> None:
    url = servers.card["netsuite"]["base_url"] + "/services/rest/query/v1/suiteql"
    card = servers.card["netsuite_tba"]
    keys = TbaKeys("1234567", **card)
    request = requests.Request(
        "POST", f"{url}?limit=5", json={"q": "SELECT 1 FROM DUAL"}, headers={"Prefer": "transient"},
        auth=TbaSignature(keys),
    ).prepare()  # fmt: skip
    session = requests.Session()
    assert session.send(request, timeout=10).status_code == 200
    assert session.send(request, timeout=10).status_code == 401  # the nonce again
    other = TbaSignature(keys)(request.copy())
    other.url = f"{url}?limit=6"
    assert session.send(other, timeout=10).status_code == 401


@pytest.mark.filterwarnings("ignore:.*httpx")
def test_netsuite_package_is_let_in(
    servers: RunningServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = servers.card["netsuite"]["base_url"] + "/services/rest"
    theirs = netsuite_package.NetSuiteRestApi(
        netsuite_package.Config(
            account="1234567", auth=netsuite_package.TokenAuth(**servers.card["netsuite_tba"])
        )
    )
    monkeypatch.setattr(type(theirs), "_make_url", lambda _, path: address + path)
    answer = asyncio.run(theirs.suiteql("SELECT id FROM transaction ORDER BY id", limit=2))
    assert [item["id"] for item in answer["items"]] == ["9", "10"]
    assert answer["hasMore"]
