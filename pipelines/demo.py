"""The embedded company's two servers, as one process that lives as long as the load needs it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from pipelines.config import PROJECT_ROOT, Paths
from pipelines.errors import SourceError
from pipelines.origin import Demo

# Fields of the connection card, and so the names of dlt's settings below SOURCES__<SYSTEM>__.
CARD: Final = {
    "salesforce": ("instance_url", "client_id", "client_secret", "api_version"),
    "netsuite": ("base_url", "account_id", "client_id", "certificate_id", "private_key"),
}
# A person's own settings that would not fit the embedded company: emptied while it is served.
EMPTIED: Final = {
    "salesforce": {"username": "", "private_key": "", "objects": "{}"},
    "netsuite": {
        "consumer_key": "",
        "consumer_secret": "",
        "token_id": "",
        "token_secret": "",
        "algorithm": "",
        "tables": "{}",
    },
}
STOP_SECONDS: Final = 10
LOG_LINES: Final = 15


def server_command(demo: Demo, answer_key: Path) -> list[str]:
    """The command that serves the company until the process that started it ends."""
    return [
        sys.executable,
        "-m",
        "pipelines.simulators",
        "--customers",
        str(demo.customers),
        "--seed",
        str(demo.seed),
        "--answer-key",
        str(answer_key),
        "--stop-with-parent",
    ]


class Servers:
    """A running server process. Start it early, ask for its settings when they are needed."""

    def __init__(self, demo: Demo, paths: Paths) -> None:
        logs = paths.data / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        self._log = logs / "servers.log"
        with self._log.open("w", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                server_command(demo, paths.answer_key),
                cwd=PROJECT_ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def settings(self) -> dict[str, str]:
        """Wait until the servers listen; their connection card in dlt's spelling.

        Raises:
            SourceError: they ended before they listened.
        """
        assert self._process.stdout is not None  # noqa: S101 - opened as a pipe above
        line = self._process.stdout.readline()
        try:
            return settings_of_card(json.loads(line))
        except (ValueError, KeyError, TypeError) as error:
            tail = self._log.read_text(encoding="utf-8", errors="replace").splitlines()
            raise SourceError(
                "The servers of the embedded company did not start: "
                + (" / ".join(tail[-LOG_LINES:]) or f"they said {line!r}"),
                fix=f"See {self._log}; `tieout serve-demo` starts them alone.",
                source="demo",
            ) from error

    def stop(self) -> None:
        """End the process, politely at first."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def settings_of_card(card: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Turn a connection card into the environment variables that dlt reads."""
    return {
        f"SOURCES__{system}__{name}".upper(): value
        for system, names in CARD.items()
        for name, value in {
            **EMPTIED[system],
            **{name: str(card[system][name]) for name in names},
        }.items()
    }


@contextmanager
def demo_servers(demo: Demo, paths: Paths) -> Iterator[Servers]:
    """Run the servers for the length of a block."""
    servers = Servers(demo, paths)
    try:
        yield servers
    finally:
        servers.stop()


@contextmanager
def environment(settings: Mapping[str, str]) -> Iterator[None]:
    """Set environment variables for the length of a block."""
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
