"""Scenarios: which faults the servers play, and on which requests.

A scenario is a file (YAML or JSON) with a list of faults, or is drawn from a seed:

    seed: 7
    faults:
      - {name: shrinking_pages, object: Account, value: 2}
      - {name: token_expired, object: Account, nth: 2}
      - {name: connection_dropped, system: netsuite, every: 5, times: 3}

What each fault does is in `fault_kinds`.
"""

import random
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from starlette.responses import Response

from pipelines.simulators.fault_kinds import KINDS
from pipelines.simulators.kinds import Kind
from pipelines.simulators.web import Api, Call, Handler

RANDOM_FAULTS: Final = 12
LATEST_RANDOM_REQUEST: Final = 6
_KEYS: Final = {"object": "object_name"}


@dataclass(frozen=True)
class Fault:
    """One fault and the requests it befalls; by default the first, or all if it is a lasting one.

    Attributes:
        name: a name of `fault_kinds.KINDS`.
        system: `salesforce` or `netsuite`; needed where both know the fault.
        object_name: object or table whose requests count; empty counts all.
        nth: only the nth matching request, from 1.
        every: every k-th matching request.
        probability: each matching request with this probability, from the scenario's seed.
        times: how often at most.
        value: what the kind says it means; None takes the kind's own.
    """

    name: str
    system: str = ""
    object_name: str = ""
    nth: int | None = None
    every: int | None = None
    probability: float | None = None
    times: int | None = None
    value: int | None = None

    def __post_init__(self) -> None:
        if sum(when is not None for when in (self.nth, self.every, self.probability)) > 1:
            raise ValueError(f"{self.name}: give one of nth, every and probability")
        if any(number is not None and number < 1 for number in (self.nth, self.every, self.times)):
            raise ValueError(f"{self.name}: nth, every and times start at 1")
        object.__setattr__(self, "system", self.kind.system)

    @property
    def kind(self) -> Kind:
        """What happens.

        Raises:
            ValueError: no such fault, or one that both systems know.
        """
        found = [k for k in KINDS if k.name == self.name and self.system in ("", k.system)]
        if len(found) != 1:
            known = ", ".join(sorted({f"{kind.system} {kind.name}" for kind in KINDS}))
            raise ValueError(
                f"{self.system} {self.name} is not one fault; known are: {known}".strip()
            )
        return found[0]

    def befalls(self, number: int, chance: random.Random) -> bool:
        """Whether the fault steps in at the request with this number."""
        if self.probability is not None:
            return chance.random() < self.probability
        if self.every is not None:
            return number % self.every == 0
        if self.nth is None and self.kind.lasting:
            return True
        return number == (self.nth or 1)


class Scenario:
    """An ordered list of faults, shared by both servers and their threads.

    Attributes:
        faults: the first is the outermost, where several befall one request.
        played: fault name -> how often it stepped in.
    """

    def __init__(self, faults: Sequence[Fault], seed: int = 0) -> None:
        self.faults = tuple(faults)
        self.played: Counter[str] = Counter()
        self._chances = [random.Random(f"{seed}/{n}") for n in range(len(self.faults))]  # noqa: S311 - to be repeated
        self._seen: Counter[int] = Counter()
        self._hits: Counter[int] = Counter()
        self._lock = threading.Lock()

    @classmethod
    def read(cls, path: Path) -> "Scenario":
        """Read a scenario file.

        Raises:
            OSError: it cannot be read.
            ValueError: it is not a scenario; the text names the entry.
        """
        import yaml  # noqa: PLC0415 - few servers have a scenario

        try:
            content = yaml.safe_load(path.read_text(encoding="utf-8"))
        except yaml.YAMLError as error:
            raise ValueError(f"{path} is neither YAML nor JSON: {error}") from error
        if isinstance(content, list):
            content = {"faults": content}
        if not isinstance(content, dict) or not isinstance(content.get("faults"), list):
            raise ValueError(f"{path}: expected a list of faults, or 'faults' and 'seed'")
        return cls([_fault(entry) for entry in content["faults"]], int(content.get("seed", 0)))

    @classmethod
    def draw(cls, seed: int) -> "Scenario":
        """Different faults that a load survives, each once, on requests drawn from a seed."""
        chance = random.Random(seed)  # noqa: S311 - the same seed must give the same faults
        kinds = chance.sample([kind for kind in KINDS if kind.drawn], RANDOM_FAULTS)
        return cls(
            [
                Fault(
                    kind.name,
                    kind.system,
                    nth=None if kind.lasting else chance.randint(1, LATEST_RANDOM_REQUEST),
                )
                for kind in kinds
            ],
            seed,
        )

    def play(self, api: Api, call: Call, handler: Handler) -> Response:
        """Answer a request with every fault that befalls it."""
        object_name = api.object_of(call)
        for fault in reversed(self._due(api.system, handler.__name__, object_name)):
            handler = partial(_bent, fault, api, handler)
        return handler(call)

    def _due(self, system: str, resource: str, object_name: str) -> list[Fault]:
        due = []
        with self._lock:
            for number, fault in enumerate(self.faults):
                kind = fault.kind
                if (
                    kind.system != system
                    or resource not in kind.resources
                    or fault.object_name.lower() not in ("", object_name.lower())
                    or (kind.objects and object_name not in kind.objects)
                ):
                    continue
                self._seen[number] += 1
                if fault.times is not None and self._hits[number] >= fault.times:
                    continue
                if fault.befalls(self._seen[number], self._chances[number]):
                    self._hits[number] += 1
                    self.played[fault.name] += 1
                    due.append(fault)
        return due


def _bent(fault: Fault, api: Api, handler: Handler, call: Call) -> Response:
    value = fault.kind.value if fault.value is None else fault.value
    return fault.kind.play(api, call, handler, value)


def _fault(entry: Any) -> Fault:
    if not isinstance(entry, Mapping):
        raise ValueError(f"{entry!r} is not a fault: expected name, and when it happens")
    try:
        return Fault(**{_KEYS.get(str(key), str(key)): value for key, value in entry.items()})
    except TypeError as error:
        raise ValueError(f"{dict(entry)}: {error}") from error
