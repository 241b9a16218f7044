"""`tieout sources check` and `tieout load` with its options, against the simulated orgs."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from simulator_fixtures import CREATED, SmallCompany, account
from test_load_servers import ask, connect
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.config import paths
from pipelines.demo import environment, settings_of_card
from pipelines.errors import ConfigurationError
from pipelines.load import load
from pipelines.load.checks import Check, check_sources
from pipelines.load.configured import LOGIN_SETTINGS, environment_variable
from pipelines.load.dry_run import dry_run
from pipelines.simulators.server import RunningServers, running_servers

pytestmark = pytest.mark.integration


@pytest.fixture
def servers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningServers]:
    with running_servers(SmallCompany()) as running:
        connect(running, tmp_path, monkeypatch)
        yield running


def failures() -> list[Check]:
    return [check for check in check_sources() if check.outcome == "failed"]


def log_in_by(
    monkeypatch: pytest.MonkeyPatch, servers: RunningServers, source: str, card: str
) -> None:
    for setting in LOGIN_SETTINGS[source]:
        if source == "netsuite" or setting != "client_id":
            monkeypatch.delenv(environment_variable(source, setting), raising=False)
    for setting, value in servers.card[card].items():
        monkeypatch.setenv(environment_variable(source, setting), value)


def test_simulated_orgs_pass(servers: RunningServers) -> None:
    checks = list(check_sources())
    assert {check.outcome for check in checks} == {"ok", "note"}
    assert [(check.source, check.name) for check in checks if check.outcome == "ok"] == [
        ("salesforce", "settings"),
        ("salesforce", "clock"),
        ("salesforce", "log-in"),
        ("salesforce", "objects"),
        ("salesforce", "API requests"),
        ("netsuite", "settings"),
        ("netsuite", "clock"),
        ("netsuite", "log-in"),
        ("netsuite", "SuiteQL"),
        ("netsuite", "tables"),
    ]
    assert not paths().warehouse.exists()


def test_other_ways_to_log_in_pass_and_load(
    servers: RunningServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    log_in_by(monkeypatch, servers, "salesforce", "salesforce_jwt")
    log_in_by(monkeypatch, servers, "netsuite", "netsuite_tba")
    assert failures() == []
    assert load("run-1", only=["Account", "account"]).rows_loaded == 33


def test_embedded_company_is_not_asked_for_a_persons_own_objects_or_log_in(
    servers: RunningServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCES__SALESFORCE__USERNAME", "me@acme.example")
    monkeypatch.setenv("SOURCES__NETSUITE__TOKEN_ID", "mine")
    monkeypatch.setenv("SOURCES__SALESFORCE__OBJECTS", '{"Mine__c": {"fields": ["A__c"]}}')
    assert [check.name for check in failures()] == ["settings", "settings"]
    with environment(settings_of_card(servers.card)):
        assert failures() == []


@pytest.mark.parametrize(
    ("variable", "value", "name", "message", "fix"),
    [
        (
            "SOURCES__SALESFORCE__CLIENT_SECRET",
            "wrong",
            "log-in",
            "{salesforce} refused the credentials: invalid client credentials.",
            "Check sources.salesforce.client_id and client_secret, and that the app allows the "
            "client-credentials flow with a run-as user.",
        ),
        (
            "SOURCES__SALESFORCE__INSTANCE_URL",
            "https://login.salesforce.com",
            "settings",
            "login.salesforce.com refuses the client-credentials flow and holds no data.",
            "Set sources.salesforce.instance_url to the org's My Domain host (Setup, My Domain).",
        ),
        (
            "SOURCES__SALESFORCE__API_RESERVE_PERCENT",
            "101",
            "API requests",
            "1 of the org's 100,000 API requests are used; the reserve of 101 % is left to others.",
            "Load again when the rolling 24-hour window frees requests (what is loaded is kept), "
            "raise the quota, or lower sources.salesforce.api_reserve_percent.",
        ),
        (
            "SOURCES__NETSUITE__ALGORITHM",
            "RS256",
            "settings",
            "NetSuite refuses RS256; this private key can sign with ES256.",
            "Remove sources.netsuite.algorithm, and map the certificate of an RSA key or of an "
            "elliptic-curve key (P-256, P-384, P-521) in OAuth 2.0 Client Credentials Setup.",
        ),
        (
            "SOURCES__NETSUITE__CERTIFICATE_ID",
            "wiped",
            "log-in",
            "{netsuite} refused the credentials: unknown certificate.",
            "Check sources.netsuite.client_id, certificate_id and private_key, that the "
            "certificate is still mapped (a sandbox refresh wipes the mapping), and this machine's "
            "clock.",
        ),
    ],
    ids=["wrong secret", "login host", "budget", "algorithm", "wiped certificate"],
)
def test_wrong_setting_gets_its_message(  # noqa: PLR0913, PLR0917 - fixtures
    servers: RunningServers,
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
    value: str,
    name: str,
    message: str,
    fix: str,
) -> None:
    monkeypatch.setenv(variable, value)
    first = failures()[0]
    hosts = {
        "salesforce": servers.card["salesforce"]["instance_url"].removeprefix("http://"),
        "netsuite": servers.card["netsuite"]["base_url"].removeprefix("http://"),
    }
    assert (first.name, first.detail, first.fix) == (name, message.format(**hosts), fix)


def test_wrong_realm_gets_its_message(
    servers: RunningServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    log_in_by(monkeypatch, servers, "netsuite", "netsuite_tba")
    monkeypatch.setenv("SOURCES__NETSUITE__ACCOUNT_ID", "1234567-sb1")
    [failed] = failures()
    assert failed.name == "SuiteQL"
    assert "refused the query: INVALID_LOGIN: Invalid login attempt." in failed.detail
    assert failed.fix == (
        "Check sources.netsuite.account_id (it makes the realm 1234567_SB1), consumer_key, "
        "consumer_secret, token_id and token_secret, that the token is not revoked, and this "
        "machine's clock (a signature is good for five minutes)."
    )


def test_clock_that_is_off_gets_its_message(servers: RunningServers) -> None:
    servers.salesforce.seconds_ahead, servers.netsuite.seconds_ahead = 400, -400
    behind, ahead = failures()
    assert (behind.name, ahead.name) == ("clock", "clock")
    assert "seconds behind 127.0.0.1" in behind.detail
    assert "seconds ahead of 127.0.0.1" in ahead.detail
    assert behind.fix == (
        "Set it by a time server (timedatectl set-ntp true): log-ins signed by a clock that is off "
        "are refused."
    )


def test_hidden_field_and_missing_permission_get_their_messages(servers: RunningServers) -> None:
    del servers.salesforce.org.tables["Account"]["Industry"]
    del servers.netsuite.org.tables["item"]
    del servers.netsuite.org.tables["customer"]["externalid"]
    field, column, table = failures()
    assert (field.source, field.name, field.detail, field.fix) == (
        "salesforce",
        "Account",
        "1 configured field(s) missing, or hidden from the integration user by field-level "
        "security: Industry.",
        "Grant the integration user read access to the field (permission set, field permissions), "
        "or list it under optional_fields in [sources.salesforce.objects.Account].",
    )
    assert (table.name, column.name) == ("item", "customer")
    assert "Record 'item' was not found." in table.detail
    assert table.fix == (
        "Enable the feature or grant the role view permission on the record, or set optional = true"
        " in [sources.netsuite.tables.item]."
    )
    assert column.detail == "1 configured column(s) unknown to the account: externalid."
    assert column.fix == (
        "Enable the feature that owns the column or grant the role access to it, or list it under "
        "optional_columns in [sources.netsuite.tables.customer]."
    )


def test_missing_settings_of_one_source_do_not_keep_the_other_from_being_checked(
    servers: RunningServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SOURCES__SALESFORCE__INSTANCE_URL")
    checks = list(check_sources())
    assert [check.name for check in checks if check.source == "salesforce"] == ["settings"]
    assert checks[-1].name == "tables"


def test_command_shows_a_table_and_exits_with_1_when_something_fails(
    servers: RunningServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed = CliRunner().invoke(app, ["sources", "check"])
    assert passed.exit_code == 0, passed.output
    assert "16 of 19 can be read" in passed.output
    monkeypatch.setenv("SOURCES__SALESFORCE__CLIENT_SECRET", "wrong")
    failed = CliRunner().invoke(app, ["sources", "check"])
    assert failed.exit_code == 1
    assert "salesforce / log-in" in failed.output
    assert "Fix: Check sources.salesforce.client_id" in failed.output


@pytest.fixture
def configured(servers: RunningServers, monkeypatch: pytest.MonkeyPatch) -> RunningServers:
    """An org with a field and an object of its own, a NetSuite column and custom record."""
    org, erp = servers.salesforce.org, servers.netsuite.org
    for store, table, column, kind in (
        (org, "Account", "Region__c", "picklist"),
        (org, "Account", "Score__c", "double"),
        (erp, "transaction", "custbody_region", "text"),
    ):
        store._execute(f'ALTER TABLE "{table}" ADD COLUMN "{column}" '
                       f"{store._sql_types[kind]}", [])  # fmt: skip
        store.tables[table][column] = kind
    for store, table, columns in (
        (org, "Usage__c", {**org.tables["Account"], "Quantity__c": "double"}),
        (erp, "customrecord_use", {"id": "id", "qty": "decimal", "changed": "datetime"}),
    ):
        listed = ", ".join(f'"{c}" {store._sql_types[k]}' for c, k in columns.items())
        store._execute(f'CREATE TABLE "{table}" ({listed})', [])
        store.tables[table] = columns
    org.update("Account", account(1)["Id"], {"Region__c": "EMEA", "Score__c": Decimal("0.10")})
    org.load("Usage__c", [{**account(9), "Quantity__c": Decimal("3.5")}])
    erp.load("customrecord_use", [{"id": 1, "qty": Decimal("0.1"), "changed": CREATED}])
    erp._execute("UPDATE \"transaction\" SET custbody_region = 'EMEA' WHERE id = 9", [])
    monkeypatch.setenv("SOURCES__SALESFORCE__OBJECTS", json.dumps({
        "Account": {"fields": ["Region__c", "Score__c"], "optional_fields": ["Gone__c"]},
        "Usage__c": {"fields": ["Quantity__c"]},
    }))  # fmt: skip
    monkeypatch.setenv("SOURCES__NETSUITE__TABLES", json.dumps({
        "transaction": {"columns": {"custbody_region": "text", "custbody_gone": "text"},
                        "optional_columns": ["custbody_gone"]},
        "customrecord_use": {"columns": {"qty": "decimal", "changed": "datetime"},
                             "cursor": "changed"},
    }))  # fmt: skip
    return servers


def test_configured_fields_and_objects_are_loaded_with_exact_types(
    configured: RunningServers,
) -> None:
    report = load("run-1", only=["Account", "Usage__c", "transaction", "customrecord_use"])
    assert report.notices == (
        "salesforce Account Gone__c: is not read: missing, or hidden from the integration user by "
        "field-level security",
        "netsuite transaction custbody_gone: is not read: unknown to the account (feature off, or "
        "no permission)",
    )
    assert ask("select region_c, score_c from raw_salesforce.account where region_c = 'EMEA'") == [
        ("EMEA", Decimal("0.1"))
    ]
    assert ask("select id, quantity_c, is_deleted from raw_salesforce.usage_c") == [
        (account(9)["Id"], Decimal("3.5"), False)
    ]
    assert ask("select id, qty, changed from raw_netsuite.customrecord_use") == [
        ("1", Decimal("0.1"), datetime(2025, 3, 1, 4))
    ]
    assert ask("select id from raw_netsuite.transaction where custbody_region = 'EMEA'") == [("9",)]
    assert ask("select object_name, subject from raw_tieout.notices order by all") == [
        ("Account", "Gone__c"),
        ("transaction", "custbody_gone"),
    ]


def test_field_that_is_new_is_said_to_be_null_in_older_rows(
    configured: RunningServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCES__SALESFORCE__OBJECTS", "{}")
    load("run-1", only=["Account"])
    monkeypatch.setenv(
        "SOURCES__SALESFORCE__OBJECTS", json.dumps({"Account": {"fields": ["Region__c"]}})
    )
    report = load("run-2", only=["Account"])
    assert report.notices == (
        "salesforce Account Region__c: is new: rows loaded before lack it until they change, or "
        "until `tieout load --object Account --full`",
    )
    assert load("run-3", only=["Account"], full=True).notices == ()
    assert ask("select count(region_c) from raw_salesforce.account") == [(1,)]


def test_since_reads_again_what_was_loaded_and_keeps_the_cursor(servers: RunningServers) -> None:
    def rows(**options: Any) -> dict[str, int]:
        found = load("run", only=["Account", "transaction", "Opportunity"], **options).objects
        return {item.object_name: item.rows_loaded for item in found}

    # Nothing was loaded yet: all of it is read, whatever the date.
    assert rows(since=datetime(2025, 5, 1)) == {"Account": 3, "Opportunity": 400, "transaction": 3}
    assert rows() == {"Account": 1, "Opportunity": 400, "transaction": 1}
    assert rows(since=datetime(2025, 3, 1)) == {"Account": 3, "Opportunity": 400, "transaction": 3}
    assert rows(since=datetime(2025, 3, 2))["Opportunity"] == 0
    assert rows() == {"Account": 1, "Opportunity": 400, "transaction": 1}
    assert ask("select count(*), count(distinct id) from raw_salesforce.account") == [(3, 3)]


def test_dry_run_tells_query_window_rows_and_calls_and_writes_nothing(
    servers: RunningServers,
) -> None:
    only = ["Opportunity", "transaction", "usage"]
    plans = dry_run(paths().warehouse, full=False, only=only, since=None)
    assert not paths().data.joinpath("warehouse.duckdb").exists()
    deal, journal, usage = plans
    assert (deal.method, deal.since, deal.rows, deal.calls) == ("REST", None, 400, 3)
    assert deal.query.endswith("FROM Opportunity WHERE SystemModstamp <= 2026-01-01T05:00:00Z")
    assert (journal.method, journal.rows, journal.calls) == ("SuiteQL", 3, 2)
    assert "no such table (SuiteBilling)" in str(usage.skipped)
    load("run-1", only=only)
    servers.clock.advance(timedelta(hours=1))
    before = paths().warehouse.read_bytes()
    deal, journal, _ = dry_run(paths().warehouse, full=False, only=only, since=None)
    assert deal.since == CREATED - timedelta(seconds=600)
    assert journal.since == datetime(2025, 12, 30, 23, 59, 59) - timedelta(seconds=4200)
    assert journal.rows == 1
    since = datetime(2025, 3, 2)
    deal, *_ = dry_run(paths().warehouse, full=False, only=only, since=since)
    assert (deal.since, deal.rows) == (since.replace(tzinfo=UTC), 0)
    deal, *_ = dry_run(paths().warehouse, full=True, only=only, since=since)
    assert (deal.since, deal.rows) == (None, 400)
    assert paths().warehouse.read_bytes() == before


def test_load_command_takes_objects_and_shows_a_dry_run(servers: RunningServers) -> None:
    run = CliRunner().invoke
    shown = run(app, ["load", "--object", "Account", "--object", "item", "--dry-run"])
    assert shown.exit_code == 0, shown.output
    assert "salesforce Account  REST, from the first record to 2026-01-01" in shown.output
    assert "salesforce: 3 rows of 1 objects, about 3 API calls." in shown.output
    assert not list(paths().data.iterdir())
    loaded = run(app, ["load", "--object", "Account", "--since", "2025-05-01"])
    assert "3 rows of 1 objects" in loaded.output
    unknown = run(app, ["load", "--object", "Acount"])
    assert unknown.exit_code == 1
    both = run(app, ["load", "--full", "--since", "2025-05-01"])
    assert both.exit_code != 0


def test_unknown_object_is_a_configuration_error(servers: RunningServers) -> None:
    with pytest.raises(ConfigurationError, match="No such object or table: Acount"):
        dry_run(paths().warehouse, full=False, only=["Acount"], since=None)
