"""The policy memo: which recognition policies are in force, who owns them, and for how much.

Every figure and every sentence comes from the published snapshot; here they are only laid out, as
Markdown that the terminal shows too.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.markdown import Markdown
from rich.text import Text

from pipelines.config import Paths
from pipelines.errors import TieoutError
from pipelines.money import format_money
from pipelines.publication import Publication, open_published, read_publication, rows_of

Row = dict[str, Any]

POLICIES: Final = """
    select
        policies.*,
        count(distinct lines.contract_line_id) as lines,
        count(distinct lines.contract_id) as contracts,
        coalesce(sum(lines.allocated_rpt), 0) as allocated
    from dim_revenue_policy as policies
    left join fct_line_policies as lines on policies.policy_id = lines.policy_id
    group by all
    order by policies.is_default desc, policies.policy_id
"""
SETTINGS: Final = """
    select settings.*, policies.is_default
    from dim_policy_setting as settings
    inner join dim_revenue_policy as policies on settings.policy_id = policies.policy_id
    order by settings.choice_no, settings.setting_level, settings.setting, settings.policy_id
"""
# What a policy in use sets otherwise than the default, with the lines that it concerns.
DEVIATIONS: Final = """
    select
        settings.choice_no,
        settings.setting,
        settings.setting_value,
        settings.meaning,
        settings.policy_id,
        count(distinct lines.contract_line_id) as lines,
        sum(lines.allocated_rpt) as allocated
    from dim_policy_setting as settings
    inner join (
        select settings.setting, settings.setting_value
        from dim_policy_setting as settings
        inner join dim_revenue_policy as policies on settings.policy_id = policies.policy_id
        where policies.is_default
    ) as standard
        on settings.setting = standard.setting
        and settings.setting_value != standard.setting_value
    inner join fct_line_policies as lines
        on settings.policy_id = case settings.setting_level
            when 'line' then lines.policy_id else lines.contract_policy_id
        end
    group by all
    order by settings.choice_no, settings.setting, settings.policy_id
"""
ASSIGNMENTS: Final = """
    select
        assignments.*,
        coalesce(
            any_value(products.product_name),
            any_value(contracts.contract_number),
            any_value(line_contracts.contract_number || ', ' || line_products.product_name)
        ) as record_name,
        count(distinct lines.contract_line_id) as lines,
        coalesce(sum(lines.allocated_rpt), 0) as allocated
    from dim_policy_assignment as assignments
    left join dim_product as products
        on assignments.scope = 'product' and assignments.record_key = products.product_id
    left join dim_contract as contracts
        on assignments.scope = 'contract' and assignments.record_key = contracts.contract_id
    left join fct_line_policies as lines
        on assignments.assignment_no = lines.assignment_no
    left join (
        select distinct contract_line_id, contract_id, product_id from dim_contract_line
    ) as named
        on assignments.scope = 'line' and assignments.record_key = named.contract_line_id
        and lines.contract_line_version_id is null
    left join dim_contract as line_contracts
        on assignments.scope = 'line'
        and coalesce(lines.contract_id, named.contract_id) = line_contracts.contract_id
    left join dim_product as line_products
        on assignments.scope = 'line'
        and coalesce(lines.product_id, named.product_id) = line_products.product_id
    group by all
    order by assignments.assignment_no
"""
PATTERNS: Final = "select * from dim_recognition_policy order by product_group"


def show_policy(console: Console, paths: Paths, out: Path | None = None) -> None:
    """Print the memo, and write it to a file if one is named.

    Args:
        console: where to print.
        paths: the installation's files.
        out: Markdown file to write; one that exists is replaced.

    Raises:
        TieoutError: nothing is published, the snapshot is of an older version, or the file cannot
            be written.
    """
    memo = policy_memo(paths)
    if out is not None:
        try:
            out.write_text(memo, encoding="utf-8")
        except OSError as error:
            raise TieoutError(
                f"The memo cannot be written to {out}: {error.strerror}.",
                fix="Name a file in a folder that exists and can be written to.",
                source="tieout",
            ) from error
    console.print(Markdown(memo))
    if out is not None:
        console.print(Text(f"Written to {out}"))


def policy_memo(paths: Paths) -> str:
    """The memo of the published snapshot, as Markdown.

    Raises:
        TieoutError: nothing is published, or the snapshot is of an older version.
    """
    import duckdb  # noqa: PLC0415 - a quarter of a second that --help need not pay

    with open_published(paths) as connection:
        publication = read_publication(connection)
        try:
            policies, settings, deviations, assignments, patterns = (
                rows_of(connection, query)
                for query in (POLICIES, SETTINGS, DEVIATIONS, ASSIGNMENTS, PATTERNS)
            )
        except duckdb.CatalogException as error:
            raise TieoutError(
                "The published snapshot holds no policies: an older version wrote it.",
                fix="Run `tieout run` to publish it again.",
                source="tieout",
                object_name="fct_line_policies",
            ) from error
    parts = (
        _opening(publication),
        _choices(settings, deviations, publication.reporting_currency),
        _policies(policies, publication.reporting_currency),
        _assignments(assignments, publication.reporting_currency),
        _patterns(patterns),
    )
    return "\n\n".join(parts) + "\n"


def _opening(publication: Publication) -> str:
    return "\n\n".join(
        (
            "# Revenue policies in force",
            f"Snapshot `{publication.run_id}` of {publication.published_at}, books read at "
            f"{publication.as_of}, from {publication.origin}. Amounts are what is allocated to "
            f"contract lines, in {publication.reporting_currency}, without charges for use.",
        )
    )


def _choices(settings: Sequence[Row], deviations: Sequence[Row], currency: str) -> str:
    """One table per choice: the default's settings, then what deviates from each."""
    parts = ["## Choices"]
    standard = [row for row in settings if row["is_default"]]
    for (number, choice), rows in groupby(standard, key=itemgetter("choice_no", "choice")):
        parts.append(f"### {number}. {choice}")
        parts.append(
            _table(
                ("setting", "level", "in force", "meaning", "paragraph"),
                (
                    (
                        f"`{row['setting']}`",
                        row["setting_level"],
                        f"`{row['setting_value']}`",
                        row["meaning"],
                        row["paragraph"],
                    )
                    for row in rows
                ),
            )
        )
        parts += [
            f"Under `{row['policy_id']}` {row['setting']} is `{row['setting_value']}`: "
            f"{row['meaning']} {_lines(row['lines'])}, "
            f"{format_money(row['allocated'], currency)} {currency}."
            for row in deviations
            if row["choice_no"] == number
        ]
    return "\n\n".join(parts)


def _policies(policies: Sequence[Row], currency: str) -> str:
    used = [row for row in policies if row["lines"] or row["is_default"]]
    unused = [row for row in policies if row not in used]
    parts = [
        "## Policies",
        "A line takes its line settings from its own policy, the rest from that of its contract.",
        _table(
            ("policy", "owner", "since", "lines", "contracts", f"allocated {currency}"),
            (
                (
                    f"`{row['policy_id']}`{' (default)' if row['is_default'] else ''}",
                    row["owner"],
                    row["effective_from"],
                    f"{row['lines']:,}",
                    f"{row['contracts']:,}",
                    format_money(row["allocated"], currency),
                )
                for row in used
            ),
            numbers=3,
        ),
        "Why:",
        _list(f"`{row['policy_id']}`: {row['rationale']}." for row in used),
    ]
    if unused:
        parts.append("Not in use: " + ", ".join(f"`{row['policy_id']}`" for row in unused) + ".")
    return "\n\n".join(parts)


def _assignments(assignments: Sequence[Row], currency: str) -> str:
    title = "## Products, contracts and lines that deviate"
    if not assignments:
        return f"{title}\n\nNone: everything is under the default."
    table = _table(
        ("no.", "level", "record", "policy", "lines", f"allocated {currency}"),
        (
            (
                row["assignment_no"],
                row["scope"],
                _record(row),
                f"`{row['policy_id']}`",
                f"{row['lines']:,}",
                format_money(row["allocated"], currency),
            )
            for row in assignments
        ),
        numbers=2,
    )
    reasons = _list(
        f"No. {row['assignment_no']}, {row['owner']}, for contracts signed from "
        f"{row['effective_from']} {_until(row)}: {row['rationale']}."
        for row in assignments
    )
    note = "A line counts where it was decided: line, then contract, then product."
    return "\n\n".join((title, note, table, "Who and why:", reasons))


def _record(row: Row) -> str:
    name, record = row["record_name"], row["record_id"]
    return record if name in (None, record) else f"{name} ({record})"


def _until(row: Row) -> str:
    return f"to {row['effective_to']}" if row["effective_to"] else "until further notice"


def _patterns(patterns: Sequence[Row]) -> str:
    table = _table(
        ("family or charge type", "pattern", "spread", "allocation", "owner"),
        (
            (
                row["product_group"],
                f"`{row['recognition_pattern']}`",
                f"`{row['proration']}`",
                f"`{row['allocation']}`",
                row["owner"],
            )
            for row in patterns
        ),
    )
    reasons = _list(f"{row['product_group']}: {row['rationale']}." for row in patterns)
    return "\n\n".join(("## How products are recognized", table, "Why:", reasons))


def _list(items: Iterable[str]) -> str:
    return "\n".join(f"- {item}" for item in items)


def _lines(count: int) -> str:
    return f"{count:,} line" if count == 1 else f"{count:,} lines"


def _table(names: Sequence[str], rows: Iterable[Sequence[object]], numbers: int = 0) -> str:
    """A Markdown table; the last `numbers` columns are aligned to the right."""
    texts = len(names) - numbers
    lines = [names, ["---"] * texts + ["--:"] * numbers, *rows]
    return "\n".join(f"| {' | '.join(_cell(value) for value in line)} |" for line in lines)


def _cell(value: object) -> str:
    return " ".join(str(value).split()).replace("|", "\\|")
