"""What a kind of fault is, and the requests that kinds of either system befall."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from pipelines.simulators.web import Api, Call, Handler

Play = Callable[[Api, Call, Handler, int], Response]

QUERY: Final = ("query", "query_all")
PAGES: Final = (*QUERY, "more")
RESULTS: Final = (*PAGES, "results")
ANY: Final = (*RESULTS, "create", "state", "describe")
SUITEQL: Final = ("suiteql",)


@dataclass(frozen=True)
class Kind:
    """One kind of fault.

    Attributes:
        system: `salesforce` or `netsuite`.
        name: what scenarios call it.
        resources: names of the handlers whose requests it befalls.
        play: answers the request.
        value: the number a scenario may change.
        lasting: befalls every request, unless the scenario says when.
        drawn: a load survives it, so a seed may draw it.
        objects: only requests for these count; empty counts all.
    """

    system: str
    name: str
    resources: tuple[str, ...]
    play: Play
    value: int = 0
    lasting: bool = False
    drawn: bool = True
    objects: tuple[str, ...] = ()
