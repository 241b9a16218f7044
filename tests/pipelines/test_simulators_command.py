"""`python -m pipelines.simulators`: one line of JSON, light to start, gone when told."""

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest
import requests

# Only the company is replaced: building a real one belongs to the generator's own tests. pandas is
# not among the names: pyarrow itself imports it, where it is installed, to make an array of a list.
PROGRAM = """
import sys
import pipelines.company
from tests.pipelines.simulator_fixtures import SmallCompany
pipelines.company.build_company = lambda customers, seed: SmallCompany()
from pipelines.simulators.__main__ import main
main()
print(*sorted({"dlt", "dbt", "great_expectations"} & set(sys.modules)), file=sys.stderr)
"""


@pytest.fixture
def process() -> Iterator[subprocess.Popen[str]]:
    started = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "--stop-with-parent"],
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with started:
        yield started
        started.kill()


def read_card(process: subprocess.Popen[str]) -> dict[str, dict[str, str]]:
    assert process.stdout is not None
    card: dict[str, dict[str, str]] = json.loads(process.stdout.readline())
    return card


def test_card_is_printed_when_both_listen_and_the_parents_end_stops_them(
    process: subprocess.Popen[str],
) -> None:
    card = read_card(process)
    assert set(card["salesforce"]) == {"instance_url", "client_id", "client_secret", "api_version"}
    assert set(card["netsuite"]) == {
        "base_url",
        "account_id",
        "client_id",
        "certificate_id",
        "private_key",
    }
    assert card["netsuite"]["private_key"].startswith("-----BEGIN PRIVATE KEY-----\n")
    versions = requests.get(f"{card['salesforce']['instance_url']}/services/data", timeout=10)
    assert versions.status_code == 200
    netsuite = requests.post(
        f"{card['netsuite']['base_url']}/services/rest/query/v1/suiteql", timeout=10
    )
    assert netsuite.status_code == 401
    rest, errors = process.communicate(timeout=30)  # closes standard input
    assert (process.returncode, rest, errors) == (0, "", "\n")


def test_sigterm_stops_them(process: subprocess.Popen[str]) -> None:
    read_card(process)
    process.terminate()
    assert process.wait(timeout=30) == 0
