"""The NetSuite server: OAuth 2.0 with a signed assertion or token-based signatures, SuiteQL.

Wire facts are those of the SuiteTalk REST guides. Recalled, not checked against a live account:
the texts of token errors and of the missing Prefer header.
"""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

import duckdb
import jwt
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pipelines.simulators.org import NetSuiteOrg
from pipelines.simulators.suiteql import SuiteQlError, Translated, translate
from pipelines.simulators.tba import TbaDoor
from pipelines.simulators.web import Api, Call, Tokens, WireError

TOKEN_PATH: Final = "/services/rest/auth/oauth2/v1/token"  # noqa: S105 - a path
SUITEQL_PATH: Final = "/services/rest/query/v1/suiteql"
ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
# RS256 is not among them: NetSuite refuses it.
ALGORITHMS: Final = ("PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
LONGEST_ASSERTION_SECONDS: Final = 3_600
CLOCK_LEEWAY_SECONDS: Final = 30
LARGEST_PAGE: Final = 1_000
# Without SuiteAnalytics Connect the pages of a query simply end here.
MOST_ROWS: Final = 100_000
_FROM: Final = re.compile(r"\bFROM\s+(\w+)", re.IGNORECASE)


class NetSuiteApi(Api):
    """One account with its integration record and certificate mappings.

    Attributes:
        org: the account's records.
        account_id: account id as NetSuite shows it.
        client_id: client id of the integration record.
        certificates: certificate id -> public key that assertions are checked with.
        tba: door for requests signed with tokens (OAuth 1.0a).
    """

    system = "netsuite"

    def __init__(
        self,
        org: NetSuiteOrg,
        account_id: str,
        client_id: str,
        certificates: Mapping[str, Any],
        token_lifetime: float,
    ) -> None:
        super().__init__(org.clock, Tokens("eyJraWQiOiJjLnRpZW91dCJ9.", token_lifetime))
        self.org = org
        self.account_id = account_id
        self.client_id = client_id
        self.certificates = dict(certificates)
        self.tba = TbaDoor()

    def routes(self) -> list[Route]:
        """The two resources."""
        return [
            self.login_route(TOKEN_PATH, self.log_in),
            self.route(SUITEQL_PATH, self.suiteql, "POST"),
        ]

    def authorized(self, call: Call) -> bool:
        """A bearer token, or a signature of one of the integrations."""
        if call.headers.get("authorization", "").lower().startswith("oauth "):
            return self.tba.accepts(call, self.login_time)
        return super().authorized(call)

    def refused_token(self) -> WireError:
        """Unknown or expired token."""
        return refusal(
            HTTPStatus.UNAUTHORIZED,
            "INVALID_LOGIN",
            "Invalid login attempt. For more details, see the Login Audit Trail in the NetSuite "
            "UI at Setup > Users/Roles > User Management > View Login Audit Trail.",
        )

    def not_found(self, request: Request, error: Exception) -> Response:
        """Unknown path or method."""
        return refusal(HTTPStatus.NOT_FOUND, "NONEXISTENT_ID", "Resource not found.").response

    def object_of(self, call: Call) -> str:
        """The first table of the query."""
        found = _FROM.search(call.body.decode("utf-8", "replace"))
        return found[1] if found else ""

    def log_in(self, call: Call) -> Response:
        """Exchange a signed assertion for a token."""
        form = call.form()
        if (
            form.get("grant_type") != "client_credentials"
            or form.get("client_assertion_type") != ASSERTION_TYPE
        ):
            raise WireError(HTTPStatus.BAD_REQUEST, {"error": "invalid_request"})
        try:
            self._check_assertion(form.get("client_assertion", ""), call.url)
        except (jwt.InvalidTokenError, jwt.InvalidKeyError, TypeError) as error:
            raise WireError(
                HTTPStatus.UNAUTHORIZED,
                {"error": "invalid_client", "error_description": str(error)},
            ) from error
        return JSONResponse(
            {
                "access_token": self.tokens.issue(),
                "expires_in": str(int(self.tokens.lifetime)),
                "token_type": "bearer",
            }
        )

    def _check_assertion(self, assertion: str, audience: str) -> None:
        """Verify signature, algorithm, audience, issuer and life of an assertion."""
        header = jwt.get_unverified_header(assertion)
        key = self.certificates.get(header.get("kid", ""))
        if key is None:
            raise jwt.InvalidTokenError("unknown certificate")
        claims = jwt.decode(
            assertion,
            key,
            algorithms=ALGORITHMS,
            audience=audience,
            issuer=self.client_id,
            # Life is judged by the server's own clock.
            options={
                "require": ["exp", "iat", "aud", "iss"],
                "verify_exp": False,
                "verify_iat": False,
            },
        )
        if not claims["iat"] - CLOCK_LEEWAY_SECONDS <= self.login_time < claims["exp"]:
            raise jwt.ExpiredSignatureError("the assertion is expired or not yet valid")
        if claims["exp"] - claims["iat"] > LONGEST_ASSERTION_SECONDS or not claims.get("scope"):
            raise jwt.InvalidTokenError("the assertion lives too long or names no scope")

    def suiteql(self, call: Call) -> Response:
        """One page of a query; every page runs the query again, as unstable as its order."""
        if "transient" not in call.headers.get("prefer", ""):
            raise refusal(
                HTTPStatus.BAD_REQUEST,
                "INVALID_HEADER",
                "The required request header 'Prefer' is missing or is not 'transient'.",
            )
        limit, offset = _page(call)
        try:
            body = call.json_object()
            params = body.get("params") or []
            if not isinstance(params, list):
                raise ValueError("params must be a list")
        except ValueError as error:
            raise refusal(
                HTTPStatus.BAD_REQUEST, "INVALID_CONTENT", f"Invalid request body: {error}."
            ) from error
        try:
            query = translate(str(body.get("q", "")), params, self.org)
            most = call.bends.get("most_rows", MOST_ROWS)
            total, rows = self._run(query, limit, offset, most)
        except SuiteQlError as error:
            raise _refused_query(str(error)) from error
        items = [_item(query.names, row) for row in rows]
        more = offset + len(items) < min(total, most)
        return JSONResponse(
            {
                "links": _links(call.url, limit, offset, total, more=more),
                "count": len(items),
                "hasMore": more,
                "items": items,
                "offset": offset,
                "totalResults": total,
            }
        )

    def _run(
        self, query: Translated, limit: int, offset: int, most: int
    ) -> tuple[int, list[tuple[str | None, ...]]]:
        granted = max(0, min(limit, most - offset))
        try:
            rows = self.org.rows(f"{query.rows} LIMIT {granted} OFFSET {offset}")
            if 0 < len(rows) < granted:  # the last page tells the total by itself
                return offset + len(rows), rows
            return int(self.org.rows(query.count)[0][0] or 0), rows
        except duckdb.Error as error:
            kind = "Unparseable date" if "Could not parse string" in str(error) else "Error"
            raise SuiteQlError(f"{kind}: {error}") from error


def refusal(status: HTTPStatus, code: str, detail: str, **where: str) -> WireError:
    """An error reply, as every resource but the token's gives it."""
    section = {
        HTTPStatus.BAD_REQUEST: "15.5.1",
        HTTPStatus.UNAUTHORIZED: "15.5.2",
        HTTPStatus.NOT_FOUND: "15.5.5",
        HTTPStatus.INTERNAL_SERVER_ERROR: "15.6.1",
    }.get(status, "15.5")
    return WireError(
        status,
        {
            "type": f"https://www.rfc-editor.org/rfc/rfc9110.html#section-{section}",
            "title": status.phrase,
            "status": int(status),
            "o:errorDetails": [{"detail": detail, **where, "o:errorCode": code}],
        },
    )


def _refused_query(reason: str) -> WireError:
    return refusal(
        HTTPStatus.BAD_REQUEST,
        "INVALID_PARAMETER",
        "Invalid search query. Detailed unprocessed description follows. "
        f"Search error occurred: {reason}",
        **{"o:errorQueryParam": "q"},
    )


def _page(call: Call) -> tuple[int, int]:
    """Limit and offset; the offset must be a multiple of the limit."""
    limit = call.query.get("limit", str(LARGEST_PAGE))
    offset = call.query.get("offset", "0")
    for name, value in (("limit", limit), ("offset", offset)):
        if not value.isdigit():
            raise _refused_page(name, f"'{value}' is not a whole number.")
    if not 1 <= int(limit) <= LARGEST_PAGE:
        raise _refused_page("limit", f"The limit must be from 1 to {LARGEST_PAGE}.")
    if int(offset) % int(limit):
        raise _refused_page("offset", f"The offset must be divisible by the limit of {limit}.")
    return int(limit), int(offset)


def _refused_page(parameter: str, reason: str) -> WireError:
    return refusal(
        HTTPStatus.BAD_REQUEST,
        "INVALID_PARAMETER",
        f"Invalid query parameter: {reason}",
        **{"o:errorQueryParam": parameter},
    )


def _item(names: tuple[str, ...], row: tuple[str | None, ...]) -> dict[str, object]:
    """Null columns are left out, and so is empty text: Oracle keeps none."""
    return {"links": [], **{name: text for name, text in zip(names, row, strict=True) if text}}


def _links(url: str, limit: int, offset: int, total: int, *, more: bool) -> list[dict[str, str]]:
    last = (min(total, MOST_ROWS) - 1) // limit * limit if total else 0
    offsets = {"previous": offset - limit} if offset else {}
    offsets |= {"first": 0, "self": offset, "last": last}
    offsets |= {"next": offset + limit} if more else {}
    return [{"rel": rel, "href": f"{url}?limit={limit}&offset={at}"} for rel, at in offsets.items()]
