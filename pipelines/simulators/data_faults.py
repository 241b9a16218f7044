"""Faults of data: the same records, shown in the ways that a reader may stumble over."""

import json
import re
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from typing import Any, Final

from starlette.responses import Response

from pipelines.simulators.kinds import PAGES, QUERY, SUITEQL, Kind
from pipelines.simulators.salesforce_wire import refusal
from pipelines.simulators.web import Api, Call, Handler

_NULL: Final = re.compile(rb'(?<=":)null\b')
_QUOTED: Final = re.compile(rb'"([^"]+)"')
# As describe shows a formula and a compound field; neither can be told from others by its name.
_COMPUTED: Final[tuple[dict[str, Any], ...]] = (
    {
        "name": "Margin__c",
        "type": "currency",
        "calculated": True,
        "calculatedFormula": "Amount * 0.2",
    },
    {"name": "BillingAddress", "type": "address", "compoundFieldName": None},
)


def _with_body(response: Response, body: bytes) -> Response:
    headers = {k: v for k, v in response.headers.items() if k.lower() != "content-length"}
    return Response(body, response.status_code, headers)


def _add_null_bytes(_api: Api, call: Call, handler: Handler, _value: int) -> Response:
    """A NUL at the end of each value of a result file; the header stays as it is."""
    response = handler(call)
    header, line_end, rows = bytes(response.body).partition(b"\n")
    marked = _QUOTED.sub(lambda value: b'"' + value[1] + b'\x00"', rows)
    return _with_body(response, header + line_end + marked)


def _blank_nulls(_api: Api, call: Call, handler: Handler, _value: int) -> Response:
    """Null as the empty text."""
    response = handler(call)
    return _with_body(response, _NULL.sub(b'""', bytes(response.body)))


def _drop_header(_api: Api, call: Call, handler: Handler, _value: int) -> Response:
    """A result file without rows has not even a header."""
    response = handler(call)
    if response.headers.get("Sforce-NumberOfRecords") == "0":
        return _with_body(response, b"")
    return response


def _hide_field(api: Api, call: Call, handler: Handler, _value: int) -> Response:
    """The object's last field, by field-level security: gone from describe, refused in a query."""
    hidden = _last_field(api, call)
    if "sobject" in call.path:
        response = handler(call)
        content = json.loads(bytes(response.body))
        content["fields"] = [each for each in content["fields"] if each["name"] != hidden]
        return _with_body(response, json.dumps(content).encode())
    asked = call.query.get("q") or call.body.decode("utf-8", "replace")
    if re.search(rf"\b{hidden}\b", asked):
        name = api.object_of(call)
        raise refusal(
            HTTPStatus.BAD_REQUEST,
            "INVALID_FIELD",
            f"\nSELECT {hidden} FROM {name}\n^\nERROR at Row:1:Column:8\n"
            f"No such column '{hidden}' on entity '{name}'.",
        )
    return handler(call)


def _last_field(api: Api, call: Call) -> str:
    tables: dict[str, dict[str, str]] = api.org.tables  # type: ignore[attr-defined]
    return list(tables[api.object_of(call)])[-1]


def _describe_more(_api: Api, call: Call, handler: Handler, _value: int) -> Response:
    """A formula and a compound field, which no load should read."""
    response = handler(call)
    content = json.loads(bytes(response.body))
    content["fields"] = [*content["fields"], *({**content["fields"][-1], **f} for f in _COMPUTED)]
    return _with_body(response, json.dumps(content).encode())


def _purge_log(_api: Api, _call: Call, _handler: Handler, value: int) -> Response:
    """The log of deletions does not reach back to the day asked for."""
    raise refusal(
        HTTPStatus.BAD_REQUEST,
        "INVALID_REPLICATION_DATE",
        f"start must be before end and within the last {value} days",
    )


def _cap_rows(_api: Api, call: Call, handler: Handler, value: int) -> Response:
    """The pages of a query end after `value` rows, and no sign tells it from the end."""
    return handler(replace(call, bends={**call.bends, "most_rows": value}))


_salesforce: Final = partial(Kind, "salesforce")

# After the function: its number, whether it lasts, whether a seed may draw it.
DATA: Final = (
    _salesforce("null_bytes", ("results",), _add_null_bytes, 0, True),
    _salesforce("empty_text", PAGES, _blank_nulls, 0, True),
    _salesforce("empty_result_file", ("results",), _drop_header, 0, True),
    _salesforce("field_hidden", ("describe", *QUERY, "create"), _hide_field, 0, True, False),
    _salesforce("computed_fields", ("describe",), _describe_more, 0, True),
    _salesforce("deleted_log_purged", ("deleted",), _purge_log, 15, True),
    Kind("netsuite", "row_cap", SUITEQL, _cap_rows, 1_000, True),
)
