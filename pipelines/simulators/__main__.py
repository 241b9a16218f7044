"""Serve the embedded company until stopped: `python -m pipelines.simulators`.

Standard output is one line, the connection card as JSON, written when both servers listen.
"""

import argparse
import json
import os
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.simulators.faults import Scenario


def main() -> None:
    """Build the company, serve it, and wait for a signal or the end of the parent."""
    options = _options()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if options.stop_with_parent:
        threading.Thread(target=_watch_parent, args=(stop,), daemon=True).start()

    # Imported late: a stop that comes meanwhile is heard, and --help is instant.
    from pipelines.company import build_company  # noqa: PLC0415
    from pipelines.simulators.server import running_servers  # noqa: PLC0415

    scenario = _scenario(options)
    company = build_company(options.customers, options.seed)
    if options.answer_key:
        company.answer_key.write(options.answer_key)
    with running_servers(
        company,
        host=options.host,
        salesforce_port=options.salesforce_port,
        netsuite_port=options.netsuite_port,
        scenario=scenario,
    ) as servers:
        sys.stdout.write(json.dumps(servers.card) + "\n")
        sys.stdout.flush()
        stop.wait()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m pipelines.simulators", description=__doc__)
    parser.add_argument("--customers", type=int, default=300, help="size of the company")
    parser.add_argument("--seed", type=int, default=42, help="same seed, same company")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--salesforce-port", type=int, default=0, help="0 takes a free port")
    parser.add_argument("--netsuite-port", type=int, default=0, help="0 takes a free port")
    parser.add_argument("--answer-key", type=Path, help="folder to write the answer key to")
    faults = parser.add_mutually_exclusive_group()
    faults.add_argument("--scenario", type=Path, help="file of faults to play (YAML or JSON)")
    faults.add_argument("--random-faults", type=int, metavar="SEED", help="play faults at random")
    parser.add_argument(
        "--stop-with-parent", action="store_true", help="stop when standard input closes"
    )
    return parser.parse_args()


def _scenario(options: argparse.Namespace) -> "Scenario | None":
    if options.scenario is None and options.random_faults is None:
        return None
    from pipelines.simulators.faults import Scenario  # noqa: PLC0415 - as late as the servers

    if options.scenario is None:
        return Scenario.draw(options.random_faults)
    try:
        return Scenario.read(options.scenario)
    except (OSError, ValueError) as error:
        sys.exit(f"The scenario cannot be played: {error}")


def _watch_parent(stop: threading.Event) -> None:
    # Not sys.stdin: its lock, held by a blocked read, makes the interpreter abort at its end.
    while os.read(0, 4096):
        pass
    stop.set()


if __name__ == "__main__":
    main()
