"""The Salesforce server: log-in by client credentials or JWT bearer, the daily limit, resources.

Wire facts are those of the REST and Bulk API 2.0 guides. Recalled, not checked against a live org:
message texts, descriptions of token errors, codes of refused replication dates.
"""

import base64
import binascii
import re
import secrets
from http import HTTPStatus
from typing import Any, Final

import jwt
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pipelines.simulators.org import SalesforceOrg
from pipelines.simulators.salesforce_bulk import BulkJobs
from pipelines.simulators.salesforce_objects import Objects
from pipelines.simulators.salesforce_query import Queries
from pipelines.simulators.salesforce_wire import not_found, refusal
from pipelines.simulators.web import Api, Call, Handler, Tokens, WireError

DATA: Final = "/services/data"
JWT_BEARER: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"
# The audience of a production org.
AUDIENCE: Final = "https://login.salesforce.com"
# Three minutes, and a minute for clocks that differ.
LONGEST_ASSERTION_SECONDS: Final = 240
VERSIONS: Final = tuple(f"{number}.0" for number in range(50, 69))
_FROM: Final = re.compile(r"\bFROM\s+(\w+)", re.IGNORECASE)
DAILY_LIMITS: Final = {
    "DailyApiRequests": 100_000,
    "DailyBulkV2QueryJobs": 10_000,
    "DailyBulkV2QueryFileStorageMB": 976_562,
}


class SalesforceApi(Api):
    """One org with its connected app and its sessions.

    Attributes:
        org: the org's records.
        client_id: consumer key of the connected app.
        client_secret: its secret.
        users: username -> public key of the certificate that signs for them (JWT bearer).
        bulk: query jobs of Bulk API 2.0.
        queries: open cursors of REST queries.
        requests: authorized requests so far.
    """

    system = "salesforce"

    def __init__(
        self, org: SalesforceOrg, client_id: str, client_secret: str, token_lifetime: float
    ) -> None:
        super().__init__(org.clock, Tokens("00D5e0000008TIE!", token_lifetime))
        self.org = org
        self.client_id = client_id
        self.client_secret = client_secret
        self.users: dict[str, Any] = {}
        self.bulk = BulkJobs(org)
        self.queries = Queries(org)
        self.requests = 0

    def routes(self) -> list[Route]:
        """All resources; those of replication answer with and without a closing slash."""
        data = f"{DATA}/v{{version}}"
        sobject, job = f"{data}/sobjects/{{sobject}}", f"{data}/jobs/query/{{job}}"
        objects, queries, bulk = Objects(self.org), self.queries, self.bulk
        return [
            self.login_route("/services/oauth2/token", self.log_in),
            self.public_route(DATA, self.versions),
            self.route(f"{data}/limits", self.limits),
            self.route(f"{data}/sobjects", objects.list_all),
            self.route(f"{sobject}/describe", objects.describe),
            self.route(f"{sobject}/deleted", objects.deleted),
            self.route(f"{sobject}/deleted/", objects.deleted),
            self.route(f"{sobject}/updated", objects.updated),
            self.route(f"{sobject}/updated/", objects.updated),
            self.route(f"{data}/query", queries.query),
            self.route(f"{data}/query/", queries.query),
            self.route(f"{data}/queryAll", queries.query_all),
            self.route(f"{data}/queryAll/", queries.query_all),
            self.route(f"{data}/query/{{locator}}", queries.more),
            self.route(f"{data}/queryAll/{{locator}}", queries.more),
            self.route(f"{data}/jobs/query", bulk.create, "POST"),
            self.route(job, bulk.state),
            self.route(job, bulk.abort, "PATCH"),
            self.route(job, bulk.delete, "DELETE"),
            self.route(f"{job}/results", bulk.results),
        ]

    def answer(self, call: Call, handler: Handler) -> Response:
        """Every reply tells how many of the day's requests are used, refusals too."""
        self.requests += 1
        try:
            if call.path["version"] not in VERSIONS:
                raise not_found()
            response = super().answer(call, handler)
        except WireError as error:
            response = error.response
        limit = DAILY_LIMITS["DailyApiRequests"]
        more = response.headers.get("Sforce-Limit-Info", "")  # of a connected app's own quota
        response.headers["Sforce-Limit-Info"] = f"api-usage={self.requests}/{limit}{more}"
        return response

    def object_of(self, call: Call) -> str:
        """By its path, its query, or the query behind its locator or job."""
        path = call.path
        if "job" in path:
            return self.bulk.sobject(path["job"])
        if "locator" in path:
            return self.queries.sobject(path["locator"])
        text = call.query.get("q") or call.body.decode("utf-8", "replace")
        found = _FROM.search(text)
        return path.get("sobject") or (found[1] if found else "")

    def refused_token(self) -> WireError:
        """The only sign of expiry: the token reply says nothing of a token's life."""
        return refusal(HTTPStatus.UNAUTHORIZED, "INVALID_SESSION_ID", "Session expired or invalid")

    def not_found(self, request: Request, error: Exception) -> Response:
        """Unknown path or method."""
        return not_found().response

    def log_in(self, call: Call) -> Response:
        """OAuth 2.0 client credentials (HTTP Basic, or id and secret in the form) or JWT bearer."""
        form = call.form()
        if form.get("grant_type") == JWT_BEARER:
            self._check_assertion(form.get("assertion", ""))
        elif form.get("grant_type") == "client_credentials":
            self._check_secret(form | _basic_credentials(call.headers.get("authorization", "")))
        else:
            raise _token_refusal("unsupported_grant_type", "grant type not supported")
        return JSONResponse(
            {
                "access_token": self.tokens.issue(),
                "signature": base64.b64encode(secrets.token_bytes(32)).decode(),
                "scope": "api",
                "instance_url": call.base_url,
                "id": f"{call.base_url}/id/00D5e0000008TIEEAA/0055e000000TIEOAAA",
                "token_type": "Bearer",
                "issued_at": str(int(self.clock.now.timestamp()) * 1000),
            }
        )

    def _check_secret(self, form: dict[str, str]) -> None:
        if form.get("client_id") != self.client_id:
            raise _token_refusal("invalid_client_id", "client identifier invalid")
        if not secrets.compare_digest(
            form.get("client_secret", "").encode(), self.client_secret.encode()
        ):
            raise _token_refusal("invalid_client", "invalid client credentials")

    def _check_assertion(self, assertion: str) -> None:
        """Verify who signed an assertion, for whom, for which host, and that it is young."""
        try:
            unverified = jwt.decode(assertion, options={"verify_signature": False})
            if unverified.get("iss") != self.client_id:
                raise _token_refusal("invalid_client_id", "client identifier invalid")
            if (key := self.users.get(unverified.get("sub", ""))) is None:
                raise _token_refusal("invalid_grant", "user hasn't approved this consumer")
            # Life is judged below, by the server's own clock.
            claims = jwt.decode(
                assertion,
                key,
                algorithms=["RS256"],
                audience=AUDIENCE,
                options={"verify_exp": False, "verify_iat": False, "require": ["exp"]},
            )
            left = float(claims["exp"]) - self.login_time
        except jwt.InvalidAudienceError as error:
            raise _token_refusal("invalid_grant", "audience is invalid") from error
        except (jwt.InvalidTokenError, jwt.InvalidKeyError, TypeError, ValueError) as error:
            raise _token_refusal("invalid_grant", "invalid assertion") from error
        if not 0 < left <= LONGEST_ASSERTION_SECONDS:
            raise _token_refusal("invalid_grant", "assertion has expired or lives too long")

    def versions(self, _: Call) -> Response:
        """API versions, open to anyone."""
        return JSONResponse(
            [
                {"label": f"v{version}", "url": f"{DATA}/v{version}", "version": version}
                for version in VERSIONS
            ]
        )

    def limits(self, _: Call) -> Response:
        """The day's limits and what is left of each."""
        used = {"DailyApiRequests": self.requests, "DailyBulkV2QueryJobs": self.bulk.created}
        return JSONResponse(
            {
                name: {"Max": most, "Remaining": most - used.get(name, 0)}
                for name, most in DAILY_LIMITS.items()
            }
        )


def _token_refusal(code: str, description: str) -> WireError:
    """Token errors are an object, where those of every other resource are a list."""
    return WireError(HTTPStatus.BAD_REQUEST, {"error": code, "error_description": description})


def _basic_credentials(authorization: str) -> dict[str, str]:
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return {}
    try:
        client_id, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return {"client_id": ""}
    return {"client_id": client_id, "client_secret": secret}
