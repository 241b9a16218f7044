"""Both servers in one process: each in its thread, each on a port of its own."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Final

import uvicorn
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from starlette.applications import Starlette

from pipelines.netsuite.tba import TbaKeys
from pipelines.simulators.netsuite import NetSuiteApi
from pipelines.simulators.org import CompanyData, NetSuiteOrg, SalesforceOrg
from pipelines.simulators.salesforce import SalesforceApi
from pipelines.simulators.store import Clock
from pipelines.simulators.web import Script

API_VERSION: Final = "60.0"
ACCOUNT_ID: Final = "1234567"
CLIENT_ID: Final = "tieout-demo"
CERTIFICATE_ID: Final = "tieout-demo-certificate"
# Opens nothing but this process, which anyone on the machine may read.
CLIENT_SECRET: Final = "tieout-demo-secret"  # noqa: S105 - public on purpose, see above
USERNAME: Final = "integration@tieout.example"
TBA_KEYS: Final = TbaKeys(
    ACCOUNT_ID, "tieout-demo-consumer", "tieout-demo-token", "tieout-demo-cs", "tieout-demo-ts"
)
START_SECONDS: Final = 30
Card = dict[str, dict[str, str]]


@dataclass(frozen=True)
class RunningServers:
    """Both servers while they listen.

    Attributes:
        card: what a client needs to connect, as the command prints it.
        clock: the time both orgs believe it is.
        salesforce: server whose `org` holds the CRM's records.
        netsuite: server whose `org` holds the ERP's records.
    """

    card: Card
    clock: Clock
    salesforce: SalesforceApi
    netsuite: NetSuiteApi


@contextmanager
def running_servers(  # noqa: PLR0913 - one keyword per property of the servers
    company: CompanyData,
    *,
    host: str = "127.0.0.1",
    salesforce_port: int = 0,
    netsuite_port: int = 0,
    token_lifetime: float = 3_600.0,
    without: tuple[str, ...] = (),
    scenario: Script | None = None,
) -> Iterator[RunningServers]:
    """Serve a company for the length of a block.

    Args:
        company: rows of both orgs, and their clock.
        host: address to listen on.
        salesforce_port: port of the Salesforce server, 0 for a free one.
        netsuite_port: port of the NetSuite server, 0 for a free one.
        token_lifetime: seconds a token is good for.
        without: objects and tables the orgs lack (feature off, no permission).
        scenario: faults that both servers play.

    Raises:
        OSError: a port is taken.
        RuntimeError: a server did not start.
    """
    clock = Clock(company.now)
    key = ec.generate_private_key(ec.SECP256R1())
    crm, erp = SalesforceOrg(company, clock, without), NetSuiteOrg(company, clock, without)
    salesforce = SalesforceApi(crm, CLIENT_ID, CLIENT_SECRET, token_lifetime)
    certificates = {CERTIFICATE_ID: key.public_key()}
    netsuite = NetSuiteApi(erp, ACCOUNT_ID, CLIENT_ID, certificates, token_lifetime)
    salesforce.users[USERNAME] = user_key().public_key()
    netsuite.tba.add(TBA_KEYS)
    salesforce.scenario = netsuite.scenario = scenario
    with ExitStack() as stack:
        stack.callback(crm.close)
        stack.callback(erp.close)
        instance_url = stack.enter_context(_listening(salesforce.app(), host, salesforce_port))
        base_url = stack.enter_context(_listening(netsuite.app(), host, netsuite_port))
        card = {
            "salesforce": {
                "instance_url": instance_url,
                "client_id": CLIENT_ID,
                "client_secret": CLIENT_SECRET,
                "api_version": API_VERSION,
            },
            "netsuite": {
                "base_url": base_url,
                "account_id": ACCOUNT_ID,
                "client_id": CLIENT_ID,
                "certificate_id": CERTIFICATE_ID,
                "private_key": _pem(key),
            },
            # The other way to log in to each, in place of the settings above.
            "salesforce_jwt": {"username": USERNAME, "private_key": _pem(user_key())},
            "netsuite_tba": {
                "consumer_key": TBA_KEYS.consumer_key,
                "consumer_secret": TBA_KEYS.consumer_secret,
                "token_id": TBA_KEYS.token_id,
                "token_secret": TBA_KEYS.token_secret,
            },
        }
        yield RunningServers(card, clock, salesforce, netsuite)


@cache
def user_key() -> rsa.RSAPrivateKey:
    """The key that signs for the demo's user; made once, for it takes a while."""
    return rsa.generate_private_key(65537, 2048)


def _pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@contextmanager
def _listening(app: Starlette, host: str, port: int) -> Iterator[str]:
    """Serve an application from a thread; yields its address once it answers."""
    # Each reply carries the org's own date, not this machine's.
    config = uvicorn.Config(app, log_level="warning", access_log=False, date_header=False)
    server = uvicorn.Server(config)
    with socket.create_server((host, port)) as listener:
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        _wait_until_started(server, thread)
        try:
            yield f"http://{host}:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def _wait_until_started(server: uvicorn.Server, thread: threading.Thread) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not server.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            server.should_exit = True
            raise RuntimeError("A server of the embedded company did not start.")
        time.sleep(0.01)
