"""A hand-made company and the calls that tests of the simulators make."""

import time
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import jwt
import requests

from pipelines.simulators.server import RunningServers

NOW = datetime(2026, 1, 1, 5, tzinfo=UTC)
CREATED = datetime(2025, 3, 1, 12, tzinfo=UTC)
Rows = dict[str, list[dict[str, Any]]]


def account(number: int, **values: Any) -> dict[str, Any]:
    return {
        "Id": f"001{number:012d}AAA",
        "Name": f"Customer {number}",
        "IsDeleted": False,
        "CreatedDate": CREATED,
        "LastModifiedDate": CREATED,
        "SystemModstamp": CREATED,
        **values,
    }


def crm() -> Rows:
    return {
        "Account": [
            account(1, Name='Ada "A" O\'Neil', Industry="Energy"),
            account(2, Name="line\nbreak", CurrencyIsoCode="EUR"),
            account(3, Name="", SystemModstamp=datetime(2025, 6, 1, tzinfo=UTC)),
        ],
        "Opportunity": [
            {
                "Id": f"006{number:012d}AAA",
                "IsDeleted": False,
                "SystemModstamp": CREATED,
                "Amount": Decimal(number) / 10,
                "CloseDate": date(2025, 1, 31),
                "IsWon": True,
            }
            for number in range(400)
        ],
        "User": [{"Id": "005000000000001AAA", "IsDeleted": False, "Name": "Eve"}],
        "Contract": [
            {
                "Id": "800000000000001AAA",
                "IsDeleted": False,
                "SystemModstamp": CREATED,
                "ContractTerm": 12,
                "StartDate": date(2025, 1, 31),
            }
        ],
        "OrderItem": [
            {
                "Id": f"802{number:012d}AAA",
                "IsDeleted": number == 7,
                "SystemModstamp": CREATED,
                "Quantity": number,
                "TotalPrice": Decimal("0.10") * number,
                "OrderItemNumber": f"line {number}" if number % 2 else None,
            }
            for number in range(25)
        ],
    }


def transaction(number: int, **values: Any) -> dict[str, Any]:
    return {
        "id": number,
        "type": "SalesOrd",
        "tranid": f"SO{number}",
        "trandate": date(2024, 1, 31),
        "posting": False,
        "lastmodifieddate": datetime(2025, 7, 1, 2, 30, tzinfo=UTC),
        **values,
    }


def erp() -> Rows:
    return {
        "transaction": [
            transaction(9, exchangerate=Decimal("1.08250000"), memo=""),
            transaction(10, tranid=None),
            transaction(
                100,
                posting="T",
                type="Journal",
                lastmodifieddate=datetime(2025, 12, 31, 7, 59, 59, tzinfo=UTC),
            ),
        ],
        "transactionline": [
            {
                "uniquekey": 1000 + number,
                "transaction": 9,
                "id": number,
                "mainline": not number,
                "foreignamount": Decimal("-1200.00") * number,
            }
            for number in range(3)
        ],
        "account": [{"id": number, "acctnumber": str(number)} for number in range(1, 31)],
    }


@dataclass(frozen=True)
class SmallCompany:
    now: datetime = NOW
    account_time_zone: str = "America/Los_Angeles"
    salesforce: Rows = field(default_factory=crm)
    netsuite: Rows = field(default_factory=erp)


class Crm:
    """A plain client of the Salesforce server."""

    def __init__(self, servers: RunningServers) -> None:
        self.card = servers.card["salesforce"]
        self.url = self.card["instance_url"]
        self.data = f"/services/data/v{self.card['api_version']}"
        self.session = requests.Session()
        self.log_in()

    def token(self, **options: Any) -> requests.Response:
        return requests.post(f"{self.url}/services/oauth2/token", timeout=10, **options)

    def log_in(self) -> None:
        reply = self.token(
            data={"grant_type": "client_credentials"},
            auth=(self.card["client_id"], self.card["client_secret"]),
        )
        self.session.headers["Authorization"] = f"Bearer {reply.json()['access_token']}"

    def call(self, path: str, method: str = "GET", **options: Any) -> requests.Response:
        path = path if path.startswith("/services") else f"{self.data}/{path}"
        return self.session.request(method, f"{self.url}{path}", timeout=10, **options)

    def query(self, soql: str, resource: str = "query", **headers: str) -> requests.Response:
        return self.call(resource, params={"q": soql}, headers=headers)

    def ids(self, condition: str, sobject: str = "Account") -> list[int]:
        reply = self.query(f"SELECT Id FROM {sobject} WHERE {condition} ORDER BY Id")
        assert reply.status_code == 200, reply.text
        return [int(record["Id"][3:15]) for record in reply.json()["records"]]


class Erp:
    """A plain client of the NetSuite server."""

    def __init__(self, servers: RunningServers) -> None:
        self.card = servers.card["netsuite"]
        self.url = self.card["base_url"]
        self.token_url = f"{self.url}/services/rest/auth/oauth2/v1/token"
        self.token = self.ask_token(self.assertion()).json()["access_token"]

    def assertion(
        self, algorithm: str = "ES256", key: Any = None, kid: str | None = None, **claims: Any
    ) -> str:
        now = int(time.time())
        claims = {
            "iss": self.card["client_id"],
            "aud": self.token_url,
            "iat": now,
            "exp": now + 300,
            "scope": ["rest_webservices"],
            **claims,
        }
        return jwt.encode(
            claims,
            key or self.card["private_key"],
            algorithm,
            {"kid": kid or self.card["certificate_id"]},
        )

    def ask_token(self, assertion: str) -> requests.Response:
        return requests.post(
            self.token_url,
            timeout=10,
            data={
                "grant_type": "client_credentials",
                "client_assertion": assertion,
                "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            },
        )

    def run(self, sql: str, *params: Any, page: str = "", **headers: str) -> requests.Response:
        return requests.post(
            f"{self.url}/services/rest/query/v1/suiteql{page}",
            json={"q": sql, "params": list(params)},
            headers={"Authorization": f"Bearer {self.token}", "Prefer": "transient", **headers},
            timeout=10,
        )

    def items(self, sql: str, *params: Any) -> list[dict[str, Any]]:
        reply = self.run(sql, *params)
        assert reply.status_code == 200, reply.text
        return [
            {name: value for name, value in item.items() if name != "links"}
            for item in reply.json()["items"]
        ]

    def refusal(self, sql: str, *params: Any) -> str:
        reply = self.run(sql, *params)
        assert reply.status_code == 400, reply.text
        return str(reply.json()["o:errorDetails"][0]["detail"])
