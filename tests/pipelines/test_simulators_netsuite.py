"""The NetSuite server speaks SuiteQL over REST, faults of meaning included."""

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from pipelines.simulators.server import RunningServers, running_servers
from tests.pipelines.simulator_fixtures import Erp, SmallCompany

STAMP = "TO_CHAR(lastmodifieddate,'YYYY-MM-DD HH24:MI:SS')"


@pytest.fixture
def servers() -> Iterator[RunningServers]:
    with running_servers(SmallCompany(), without=("revenueplan",)) as running:
        yield running


@pytest.fixture
def erp(servers: RunningServers) -> Erp:
    return Erp(servers)


def test_assertions_are_verified(servers: RunningServers, erp: Erp) -> None:
    now = int(time.time())
    refused = [
        erp.assertion(iss="stranger"),
        erp.assertion(aud=erp.url),
        erp.assertion(exp=now + 3700),
        erp.assertion(iat=now - 600, exp=now - 300),
        erp.assertion(kid="unknown"),
        erp.assertion(key=ec.generate_private_key(ec.SECP256R1())),
        erp.assertion(scope=[]),
        "nonsense",
    ]
    for assertion in refused:
        reply = erp.ask_token(assertion)
        assert (reply.status_code, reply.json()["error"]) == (401, "invalid_client")
    assert erp.ask_token(erp.assertion()).json()["token_type"] == "bearer"


def test_rsa_keys_must_sign_with_pss(servers: RunningServers, erp: Erp) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    servers.netsuite.certificates["rsa"] = key.public_key()
    assert erp.ask_token(erp.assertion("PS256", key, "rsa")).status_code == 200
    assert erp.ask_token(erp.assertion("RS256", key, "rsa")).status_code == 401


def test_bad_or_expired_tokens_are_refused(servers: RunningServers, erp: Erp) -> None:
    servers.netsuite.tokens.expire_all()
    reply = erp.run("SELECT id FROM transaction")
    body = reply.json()
    assert (reply.status_code, body["status"], body["title"]) == (401, 401, "Unauthorized")
    assert body["o:errorDetails"][0]["o:errorCode"] == "INVALID_LOGIN"


def test_values_are_strings_and_nulls_are_omitted(erp: Erp) -> None:
    reply = erp.run(
        "SELECT id, TranID, posting, exchangerate, memo, trandate, lastmodifieddate "
        "FROM Transaction WHERE id < ? ORDER BY id",
        "11",
    )
    first, second = reply.json()["items"]
    assert first == {
        "links": [],
        "id": "9",
        "tranid": "SO9",
        "posting": "F",
        "exchangerate": "1.0825",
        "trandate": "1/31/2024",
        "lastmodifieddate": "6/30/2025",
    }
    assert set(second) == {"links", "id", "posting", "trandate", "lastmodifieddate"}
    counted = erp.items("SELECT COUNT(*), SUM(foreignamount) AS total FROM transactionline")
    assert counted == [{"expr1": "3", "total": "-3600"}]


def test_datetimes_are_shown_and_compared_in_the_accounts_time_zone(erp: Erp) -> None:
    shown = erp.items(f"SELECT {STAMP} AS lm FROM transaction ORDER BY id")
    assert [item["lm"] for item in shown] == [
        "2025-06-30 19:30:00",
        "2025-06-30 19:30:00",
        "2025-12-30 23:59:59",
    ]
    moment = "TO_DATE('2025-06-30 19:30:00','YYYY-MM-DD HH24:MI:SS')"
    assert len(erp.items(f"SELECT id FROM transaction WHERE lastmodifieddate >= {moment}")) == 3
    assert len(erp.items(f"SELECT id FROM transaction WHERE lastmodifieddate > {moment}")) == 1


def test_the_clock_is_the_orgs_in_account_time(servers: RunningServers, erp: Erp) -> None:
    sql = """SELECT TO_CHAR(CURRENT_DATE,'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS now,
             TO_CHAR(SYSDATE,'YYYY-MM-DD') AS today FROM DUAL"""
    assert erp.items(sql) == [{"now": "2025-12-31T21:00:00Z", "today": "2025-12-31"}]
    servers.clock.advance(timedelta(hours=4))
    assert erp.items(sql) == [{"now": "2026-01-01T01:00:00Z", "today": "2026-01-01"}]


@pytest.mark.parametrize(
    ("condition", "params"),
    [
        ("id > 9", []),
        ("id > ?", ["9"]),
        ("id > ?", [9]),
        ("id > '9'", []),
        ("id IN (?, ?)", ["10", "100"]),
        ("NVL(tranid, 'none') <> ?", ["SO9"]),
    ],
)
def test_ids_compare_as_numbers(erp: Erp, condition: str, params: list[object]) -> None:
    found = erp.items(f"SELECT id FROM transaction WHERE {condition} ORDER BY id", *params)
    assert [item["id"] for item in found] == ["10", "100"]


def test_a_question_mark_in_text_is_no_parameter(erp: Erp) -> None:
    assert erp.items("SELECT 'a?' || ? AS x FROM DUAL", "it's") == [{"x": "a?it's"}]
    assert "1 parameters expected, 0 given" in erp.refusal("SELECT ? AS x FROM DUAL")


def test_functions_nest(erp: Erp) -> None:
    found = erp.items(
        "SELECT TO_CHAR(NVL(closedondate, TO_DATE('31-12-2025','DD-MM-YYYY')),'MM/DD/YY') AS d, "
        "TO_NUMBER('12.50') + 1 AS n, DECODE(TO_CHAR(MAX(id)), '1', 'one', 'more') AS m "
        "FROM (SELECT 1 AS id, CAST(NULL AS DATE) AS closedondate FROM DUAL) GROUP BY closedondate"
    )
    assert found == [{"d": "12/31/25", "n": "13.5", "m": "one"}]


def test_joins_groups_and_cases(erp: Erp) -> None:
    found = erp.items(
        "SELECT t.tranid, COUNT(*) AS lines, CASE WHEN MAX(tl.mainline) = 'T' THEN 'y' END AS main "
        "FROM transaction t JOIN transactionline tl ON tl.transaction = t.id GROUP BY t.tranid"
    )
    assert found == [{"tranid": "SO9", "lines": "3", "main": "y"}]


def test_rownum_counts_before_order_by_and_fetch_first_after(erp: Erp) -> None:
    by_rownum = erp.items("SELECT id FROM account WHERE id > 5 AND ROWNUM <= 3 ORDER BY id DESC")
    assert [item["id"] for item in by_rownum] == ["8", "7", "6"]
    fetched = erp.items("SELECT id FROM account ORDER BY id DESC FETCH FIRST 3 ROWS ONLY")
    assert [item["id"] for item in fetched] == ["30", "29", "28"]


def test_pages_follow_limit_and_offset(erp: Erp) -> None:
    sql = "SELECT id FROM account ORDER BY id DESC"
    pages = [erp.run(sql, page=f"?limit=10&offset={offset}").json() for offset in (0, 10, 20, 30)]
    found = [item["id"] for page in pages for item in page["items"]]
    assert found == [str(number) for number in range(30, 0, -1)]
    assert [page["hasMore"] for page in pages] == [True, True, False, False]
    assert [page["count"] for page in pages] == [10, 10, 10, 0]
    assert {page["totalResults"] for page in pages} == {30}
    links = {link["rel"]: link["href"] for link in pages[1]["links"]}
    assert set(links) == {"next", "last", "first", "previous", "self"}
    assert links["next"].endswith("/suiteql?limit=10&offset=20")


@pytest.mark.parametrize(
    ("page", "parameter"),
    [
        ("?limit=10&offset=5", "offset"),
        ("?limit=1001", "limit"),
        ("?limit=0", "limit"),
        ("?limit=ten", "limit"),
        ("?offset=-1000", "offset"),
    ],
)
def test_bad_pages_are_refused(erp: Erp, page: str, parameter: str) -> None:
    reply = erp.run("SELECT id FROM account", page=page)
    assert reply.status_code == 400
    assert reply.json()["o:errorDetails"][0]["o:errorQueryParam"] == parameter


def test_pages_end_at_a_hundred_thousand_rows(servers: RunningServers, erp: Erp) -> None:
    rows = [{"id": number} for number in range(100, 100_101)]
    servers.netsuite.org.load("account", rows)
    last = erp.run("SELECT id FROM account ORDER BY id", page="?limit=1000&offset=99000").json()
    assert (last["totalResults"], last["count"], last["hasMore"]) == (100_031, 1000, False)


def test_prefer_transient_is_mandatory(erp: Erp) -> None:
    assert erp.run("SELECT id FROM account", Prefer="none").status_code == 400


@pytest.mark.parametrize(
    ("sql", "detail"),
    [
        (
            "SELECT subsidiary FROM transaction",
            "Unknown identifier 'subsidiary'. "
            "Available identifiers are: {transaction=transaction}.",
        ),
        ("SELECT t.mainline FROM transaction t", "Unknown identifier 'mainline'"),
        ("SELECT id FROM transaction WHERE nope = 1", "Unknown identifier 'nope'"),
        ("SELECT id FROM revenueplan", "Record 'revenueplan' was not found."),
        ("SELECT * FROM read_csv('x')", "was not found"),
        ("WITH x AS (SELECT id FROM account) SELECT id FROM x", "WITH"),
        ("SELECT id FROM account LIMIT 5", "LIMIT"),
        ("SELECT id FROM transaction WHERE trandate > DATE '2024-01-01'", "use TO_DATE"),
        ("SELECT id FROM transaction WHERE trandate > TIMESTAMP '2024-01-01'", "use TO_DATE"),
        (f"SELECT id FROM account WHERE id IN ({','.join(map(str, range(1001)))})", "1000 items"),
        (
            "SELECT id FROM transaction WHERE trandate = TO_DATE('nope','YYYY-MM-DD')",
            "Unparseable date",
        ),
        ("SELECT COUNT(*) FROM account WHERE ROWNUM <= 3", "not simulated"),
        ("SELEC id FROM account", "Search error"),
        ("DELETE FROM account", "Only a SELECT"),
    ],
)
def test_bad_queries_are_refused(erp: Erp, sql: str, detail: str) -> None:
    assert detail in erp.refusal(sql)
    assert len(erp.items("SELECT id FROM account")) == 30


def test_a_deleted_record_leaves_a_header_and_a_removed_line_nothing(
    servers: RunningServers, erp: Erp
) -> None:
    org = servers.netsuite.org
    org.delete("transactionline", (9, 2))
    assert erp.items("SELECT id FROM transactionline ORDER BY id") == [{"id": "0"}, {"id": "1"}]
    assert erp.items("SELECT recordid FROM deletedrecord") == []
    org.delete("transaction", 9, datetime(2025, 12, 31, 10, tzinfo=UTC))
    assert erp.items("SELECT id FROM transactionline") == []
    assert erp.items(
        "SELECT recordid, name, TO_CHAR(deleteddate,'YYYY-MM-DD HH24:MI:SS') AS at "
        "FROM deletedrecord"
    ) == [{"recordid": "9", "name": "SO9", "at": "2025-12-31 02:00:00"}]


def test_changes_move_the_tables_own_cursor_unless_silent(
    servers: RunningServers, erp: Erp
) -> None:
    org = servers.netsuite.org
    org.insert("transaction", 11, {"trandate": date(2025, 12, 31)})
    org.update("transaction", 9, {"memo": "silent"}, stamp=False)
    org.update("transactionline", (9, 1), {"memo": "moved"})
    now = "2025-12-31 21:00:00"
    shown = erp.items(
        f"SELECT id, {STAMP} AS lm, memo FROM transaction WHERE id IN (9, 11) ORDER BY id"
    )
    assert shown == [
        {"id": "9", "lm": "2025-06-30 19:30:00", "memo": "silent"},
        {"id": "11", "lm": now},
    ]
    moved = (
        "SELECT memo FROM transactionline WHERE linelastmodifieddate = "
        f"TO_TIMESTAMP('{now}','YYYY-MM-DD HH24:MI:SS')"
    )
    assert erp.items(moved) == [{"memo": "moved"}]
