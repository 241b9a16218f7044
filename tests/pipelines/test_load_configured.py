from collections.abc import Iterator
from pathlib import Path

import pytest
from dlt.common.configuration.specs import BaseConfiguration
from dlt.common.runtime.run_context import switch_context

from pipelines.config import PROJECT_ROOT
from pipelines.errors import ConfigurationError
from pipelines.load import is_configured
from pipelines.load.configured import LOGIN_SETTINGS, REQUIRED_SETTINGS, environment_variable
from pipelines.load.settings import resolve
from pipelines.netsuite.client import NetSuiteSettings
from pipelines.salesforce.client import SalesforceSettings


@pytest.fixture
def empty_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A project folder without settings, for us and for dlt."""
    for source, settings in REQUIRED_SETTINGS.items():
        for setting in (*settings, *LOGIN_SETTINGS[source]):
            monkeypatch.delenv(environment_variable(source, setting), raising=False)
    monkeypatch.setenv("DLT_PROJECT_DIR", str(tmp_path))
    (tmp_path / ".dlt").mkdir()
    switch_context(str(tmp_path))
    yield tmp_path
    monkeypatch.setenv("DLT_PROJECT_DIR", str(PROJECT_ROOT))
    switch_context(str(PROJECT_ROOT))


def test_nothing_given_is_not_configured(empty_project: Path) -> None:
    assert not is_configured()
    (empty_project / ".dlt" / "secrets.toml").write_text('[sources.netsuite]\nclient_id = ""\n')
    assert not is_configured()


def test_one_environment_variable_is_enough_to_mean_real_sources(
    empty_project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCES__NETSUITE__TOKEN_SECRET", "x")
    assert is_configured()


@pytest.mark.parametrize("name", ["secrets.toml", "config.toml"])
def test_settings_in_a_file_count(empty_project: Path, name: str) -> None:
    (empty_project / ".dlt" / name).write_text('[sources.salesforce]\ninstance_url = "x"\n')
    assert is_configured()


def test_the_committed_settings_alone_do_not_count(empty_project: Path) -> None:
    committed = PROJECT_ROOT / ".dlt"
    for name, origin in (("config.toml", "config.toml"), ("secrets.toml", "secrets.toml.example")):
        (empty_project / ".dlt" / name).write_text((committed / origin).read_text())
    assert not is_configured()


@pytest.mark.parametrize(
    ("spec", "source"), [(SalesforceSettings, "salesforce"), (NetSuiteSettings, "netsuite")]
)
def test_all_missing_settings_are_named_with_section_and_variable(
    empty_project: Path, spec: type[BaseConfiguration], source: str
) -> None:
    with pytest.raises(ConfigurationError) as raised:
        resolve(spec(), source)
    text = str(raised.value)
    assert f"[sources.{source}] in .dlt/secrets.toml" in text
    for setting in REQUIRED_SETTINGS[source]:
        assert f"SOURCES__{source}__{setting}".upper() in text


def test_given_settings_are_not_called_missing(
    empty_project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCES__SALESFORCE__INSTANCE_URL", "https://acme.my.salesforce.com")
    with pytest.raises(ConfigurationError) as raised:
        resolve(SalesforceSettings(), "salesforce")
    assert raised.value.field == "client_id"


def test_setting_of_the_wrong_kind_is_a_configuration_error(
    empty_project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in REQUIRED_SETTINGS["salesforce"]:
        monkeypatch.setenv(environment_variable("salesforce", name), "x")
    monkeypatch.setenv("SOURCES__SALESFORCE__LAG_SECONDS", "soon")
    with pytest.raises(ConfigurationError, match="lag_seconds"):
        resolve(SalesforceSettings(), "salesforce")
