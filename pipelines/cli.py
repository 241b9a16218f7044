"""The `tieout` command. Imports nothing heavy: help and explain answer at once."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, cast

import typer
from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from pipelines.config import paths
from pipelines.console import make_console
from pipelines.errors import TieoutError
from pipelines.origin import DEFAULT_CUSTOMERS, DEFAULT_SEED, Demo, Origin
from pipelines.stages import Outcome, RunSummary


class _Tieout(typer.Typer):
    """The program. Its exit code 2 is kept for a publication that a gate held."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run a command; a mistyped one exits with 1 where typer would say 2."""
        signal.signal(signal.SIGTERM, _leave_in_order)
        try:
            sys.exit(super().__call__(*args, **kwargs, standalone_mode=False))
        except typer.TyperException as mistake:
            from typer import rich_utils  # noqa: PLC0415

            rich_utils.rich_format_error(cast(Any, mistake))
            sys.exit(Outcome.FAILED.exit_code)
        except typer.Abort:
            sys.exit(Outcome.FAILED.exit_code)


def _leave_in_order(number: int, _frame: object) -> None:
    """Asked to end, go through the clean-up of every block: no process or lock stays behind."""
    sys.exit(128 + number)


app = _Tieout(
    help="Why is what Sales booked not what Finance recognized, contract by contract, to the cent?",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

sources = typer.Typer(help="Look at both source systems.", no_args_is_help=True)
app.add_typer(sources, name="sources")
cases_app = typer.Typer(
    help="Worked revenue cases: contracts in a JSON file through the engine's own models.",
    no_args_is_help=True,
)
app.add_typer(cases_app, name="cases")
exceptions_app = typer.Typer(help="The exception queue, and decisions about it.")
app.add_typer(exceptions_app, name="exceptions")

DebugOption = Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the summary as JSON on stdout.")]
FullOption = Annotated[bool, typer.Option("--full", help="Everything again, not only changes.")]
DemoOption = Annotated[
    bool, typer.Option("--demo", help="Use the embedded company although sources are configured.")
]
CustomersOption = Annotated[int, typer.Option(help="Size of the embedded company.", min=1)]
SeedOption = Annotated[int, typer.Option(help="Seed of the embedded company.")]
ObjectOption = Annotated[
    list[str] | None,
    typer.Option("--object", metavar="NAME", help="Only this object or table; repeatable."),
]
SinceOption = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"],
        help="What changed since then (UTC in Salesforce, account time in NetSuite), again.",
    ),
]
DryRunOption = Annotated[
    bool, typer.Option("--dry-run", help="Show queries, rows and API calls; write nothing.")
]
PeriodArgument = Annotated[
    str, typer.Argument(help="An accounting period, such as 'Jan 2026' or 2026-01.")
]
ScenarioOption = Annotated[
    Path | None, typer.Option(help="File of faults to play.", exists=True, dir_okay=False)
]


@contextmanager
def readable_errors(*, debug: bool = False) -> Iterator[None]:
    """Turn an error that a person can act on into one panel and exit code 1."""
    try:
        yield
    except TieoutError as error:
        if debug:
            raise
        place = " / ".join(
            part for part in (error.source, error.object_name, error.field, error.record) if part
        )
        body = Text.assemble(error.message, "\n", ("Fix: ", "bold"), error.fix)
        make_console(stderr=True).print(
            Panel(body, title=place or None, title_align="left", border_style="red")
        )
        raise typer.Exit(Outcome.FAILED.exit_code) from error


def chosen_origin(*, demo: bool, customers: int, seed: int) -> Origin:
    """The embedded company when asked for or when nothing is configured."""
    from pipelines.load import is_configured  # noqa: PLC0415
    from pipelines.origin import Configured  # noqa: PLC0415

    return Demo(customers, seed) if demo or not is_configured() else Configured()


@app.command()
def run(  # noqa: PLR0913, PLR0917 - one parameter per option
    demo: DemoOption = False,
    customers: CustomersOption = DEFAULT_CUSTOMERS,
    seed: SeedOption = DEFAULT_SEED,
    full: FullOption = False,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """The whole run: load, build, check, publish, report (exit 0 published, 1 failed, 2 held)."""
    from pipelines.run import Run, execute  # noqa: PLC0415

    console = make_console(stderr=as_json)
    with readable_errors(debug=debug):
        origin = chosen_origin(demo=demo, customers=customers, seed=seed)
        console.print(Text(f"tieout: {origin}", style="bold"))
        current = Run(paths(), origin, console)
        try:
            execute(current, full=full)
        finally:
            if as_json:
                typer.echo(json.dumps(current.summary.as_json(), indent=2, default=str))
        _finish(current.summary, console)


@app.command()
def load(  # noqa: PLR0913, PLR0917 - one parameter per option
    objects: ObjectOption = None,
    full: FullOption = False,
    since: SinceOption = None,
    dry_run: DryRunOption = False,
    demo: DemoOption = False,
    customers: CustomersOption = DEFAULT_CUSTOMERS,
    seed: SeedOption = DEFAULT_SEED,
    debug: DebugOption = False,
) -> None:
    """Load both sources, or some of their objects, into the raw layer of the warehouse."""
    from pipelines.lock import run_lock  # noqa: PLC0415
    from pipelines.preflight import show_dry_run  # noqa: PLC0415
    from pipelines.run import Run, load_stage  # noqa: PLC0415

    if full and since:
        raise typer.BadParameter("--full reads everything: it goes without --since.")
    console = make_console()
    with readable_errors(debug=debug):
        origin = chosen_origin(demo=demo, customers=customers, seed=seed)
        if dry_run:
            show_dry_run(console, paths(), origin, full=full, only=objects, since=since)
            return
        with run_lock(paths()):
            stage = Run(paths(), origin, console)
            load_stage(stage, full=full, only=objects, since=since)
        for warning in stage.summary.warnings:
            console.print(Text(f"Warning: {warning}", style="yellow"))


@sources.command("check")
def check_sources(
    demo: DemoOption = False,
    customers: CustomersOption = DEFAULT_CUSTOMERS,
    seed: SeedOption = DEFAULT_SEED,
    debug: DebugOption = False,
) -> None:
    """Verify clock, credentials, permissions, objects and fields of both (exit 1 if one fails)."""
    from pipelines.preflight import check_sources as passes  # noqa: PLC0415

    with readable_errors(debug=debug):
        origin = chosen_origin(demo=demo, customers=customers, seed=seed)
        passed = passes(make_console(), origin)
    if not passed:
        raise typer.Exit(Outcome.FAILED.exit_code)


@app.command()
def build(full: FullOption = False, debug: DebugOption = False) -> None:
    """Run dbt: seeds, models and tests (as `dbt build` by hand does)."""
    from pipelines.lock import run_lock  # noqa: PLC0415
    from pipelines.run import Run, build_stage, held_origin  # noqa: PLC0415

    with readable_errors(debug=debug), run_lock(paths()):
        stage = Run(paths(), held_origin(paths()), make_console())
        result = build_stage(stage, full=full)
        _hold_if([str(test) for test in result.failed_tests])


@app.command()
def check(debug: DebugOption = False) -> None:
    """Let Great Expectations judge the marts."""
    from pipelines.lock import run_lock  # noqa: PLC0415
    from pipelines.quality import checker  # noqa: PLC0415
    from pipelines.run import Run, check_stage, held_origin  # noqa: PLC0415

    with readable_errors(debug=debug), run_lock(paths()):
        stage = Run(paths(), held_origin(paths()), make_console())
        with checker(paths()) as checking:
            results = check_stage(stage, checking)
        _hold_if([str(result) for result in results if not result.passed])


@app.command()
def publish(debug: DebugOption = False) -> None:
    """Publish the warehouse's marts, if both gates have passed it as it is now."""
    from pipelines.errors import GateHeldError  # noqa: PLC0415
    from pipelines.lock import run_lock  # noqa: PLC0415
    from pipelines.run import Run, held_origin, publish_stage  # noqa: PLC0415

    with readable_errors(debug=debug), run_lock(paths()):
        try:
            publish_stage(Run(paths(), held_origin(paths()), make_console()))
        except GateHeldError as held:
            _hold_if([str(held)])


@app.command()
def report(as_json: JsonOption = False, debug: DebugOption = False) -> None:
    """Show the published snapshot: booked, recognized, and why they differ."""
    from pipelines.report import read_figures, show_report  # noqa: PLC0415

    with readable_errors(debug=debug):
        if as_json:
            typer.echo(json.dumps(read_figures(paths()), indent=2))
        else:
            show_report(make_console(), paths())


@app.command()
def explain(
    contract: Annotated[
        str, typer.Argument(help="Contract number, Salesforce contract id or NetSuite order.")
    ],
    period: Annotated[
        str | None, typer.Option(help="An accounting period, such as 'Mar 2025' or 2025-03.")
    ] = None,
    known_on: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="What both systems said then: 2026-01-31[T14:00]."),
    ] = None,
    debug: DebugOption = False,
) -> None:
    """One contract's chain: booked, each reason with its evidence, recognized."""
    from pipelines.explain import explain as explain_contract  # noqa: PLC0415

    with readable_errors(debug=debug):
        if known_on is None:
            explain_contract(make_console(), paths(), contract, period)
            return
        from pipelines.close.known import read_known  # noqa: PLC0415
        from pipelines.close.known_view import show_known  # noqa: PLC0415

        for known in read_known(paths(), contract, period, known_on):
            show_known(make_console(), known)


@app.command()
def close(  # noqa: PLR0913, PLR0917 - one parameter per option
    period: PeriodArgument,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who closes the period.")] = "",
    check: Annotated[
        bool, typer.Option("--check", help="Only the checklist; close nothing.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Close in spite of blockers; they are recorded.")
    ] = False,
    reason: Annotated[
        str | None, typer.Option("--reason", metavar="TEXT", help="Why in spite of blockers.")
    ] = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="Hash every file of the period's close again.")
    ] = False,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Close a period: checklist, immutable snapshot (exit 0 closed, 1 failed, 2 blocked)."""
    from pipelines.close import show  # noqa: PLC0415
    from pipelines.close.command import check_period, close_period  # noqa: PLC0415
    from pipelines.close.verify import verify_close  # noqa: PLC0415

    console = make_console(stderr=as_json)
    with readable_errors(debug=debug):
        if verify:
            verification = verify_close(paths(), period)
            show.show_verification(console, verification)
            _print_json(verification.as_json(), wanted=as_json)
            raise typer.Exit(Outcome.FAILED.exit_code if verification.problems else 0)
        if check:
            result = check_period(paths(), period)
        else:
            result = close_period(paths(), period, by, reason=reason, force=force)
        show.show_result(console, result)
        _print_json(result.as_json(), wanted=as_json)
    if result.blocked and not result.close:
        raise typer.Exit(Outcome.HELD.exit_code)


@app.command()
def diff(period: PeriodArgument, as_json: JsonOption = False, debug: DebugOption = False) -> None:
    """What changed in a closed period since its close: by reason, contract and source record."""
    from pipelines.close.diff import read_diff  # noqa: PLC0415
    from pipelines.close.show import show_diff  # noqa: PLC0415

    with readable_errors(debug=debug):
        found = read_diff(paths(), period)
        show_diff(make_console(stderr=as_json), found)
        _print_json(found.as_json(), wanted=as_json)


@app.command()
def replay(
    period: PeriodArgument,
    todays_project: Annotated[
        bool, typer.Option("--todays-project", help="With the models, seeds and vars of today.")
    ] = False,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Build a close again from its own inputs and compare row by row (exit 0 same, 1 differs)."""
    from pipelines.close.replay import replay_close  # noqa: PLC0415
    from pipelines.close.show import show_replay  # noqa: PLC0415
    from pipelines.console import working  # noqa: PLC0415

    console = make_console(stderr=as_json)
    with readable_errors(debug=debug):
        with working(console, "replay") as update:
            replayed = replay_close(paths(), period, update, todays_project=todays_project)
        show_replay(console, replayed)
        _print_json(replayed.as_json(), wanted=as_json)
    if not replayed.equal:
        raise typer.Exit(Outcome.FAILED.exit_code)


@app.command()
def policy(
    out: Annotated[
        Path | None, typer.Option("--out", help="Write the memo to this Markdown file.")
    ] = None,
    debug: DebugOption = False,
) -> None:
    """The revenue policies in force: setting, meaning, owner, rationale, since when, how much."""
    from pipelines.policy_memo import show_policy  # noqa: PLC0415

    with readable_errors(debug=debug):
        show_policy(make_console(), paths(), out)


OwnerFilter = Annotated[str | None, typer.Option("--owner", help="Only of this owner.")]
CodeFilter = Annotated[str | None, typer.Option("--code", help="Only of this reason code.")]
CauseFilter = Annotated[
    str | None, typer.Option("--cause", help="Only of this cause: price, hand-off, ...")
]
ContractFilter = Annotated[str | None, typer.Option("--contract", help="Only of this contract.")]
CustomerFilter = Annotated[str | None, typer.Option("--customer", help="Only of this customer.")]
MaterialFilter = Annotated[bool, typer.Option("--material", help="Only what is material.")]
IdsArgument = Annotated[
    list[str] | None, typer.Argument(metavar="[ID]...", help="Ids, or how they begin.")
]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why, in words.")]
ByOption = Annotated[str, typer.Option("--by", help="Who decided.")]
ShowOnlyOption = Annotated[
    bool, typer.Option("--dry-run", help="Show what it covers; write nothing.")
]


@exceptions_app.callback(invoke_without_command=True)
def exceptions(  # noqa: PLR0913, PLR0917 - one parameter per option
    context: typer.Context,
    owner: OwnerFilter = None,
    code: CodeFilter = None,
    cause: CauseFilter = None,
    contract: ContractFilter = None,
    customer: CustomerFilter = None,
    material: MaterialFilter = False,
    suggested: Annotated[
        bool, typer.Option("--suggested", help="Only what is like a record of the other system.")
    ] = False,
    status: Annotated[str, typer.Option(help="open, explained, expired, cleared or all.")] = "open",
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """The exception queue: what is open, for how much, for how long, and who mends it."""
    from pipelines.exceptions import Selection, show_exceptions  # noqa: PLC0415

    if context.invoked_subcommand is not None:
        return
    selection = Selection(status, owner, code, cause, contract, customer, material, suggested)
    with readable_errors(debug=debug):
        show_exceptions(make_console(), paths(), selection, as_json=as_json)


@exceptions_app.command("explain")
def explain_exceptions(  # noqa: PLR0913, PLR0917 - one parameter per option
    reason: ReasonOption,
    by: ByOption,
    ids: IdsArgument = None,
    code: CodeFilter = None,
    cause: CauseFilter = None,
    contract: ContractFilter = None,
    customer: CustomerFilter = None,
    owner: OwnerFilter = None,
    material: MaterialFilter = False,
    expires: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day it holds.")
    ] = None,
    dry_run: ShowOnlyOption = False,
    debug: DebugOption = False,
) -> None:
    """Accept exceptions at today's amounts, by id or by what they share; a reason is mandatory."""
    from pipelines.exceptions import Selection  # noqa: PLC0415
    from pipelines.exceptions_register import Decision, decide  # noqa: PLC0415

    selection = Selection("open", owner, code, cause, contract, customer, material)
    decision = Decision(reason, by, expires_on=expires.date() if expires else None)
    with readable_errors(debug=debug):
        decide(make_console(), paths(), decision, ids or [], selection, dry_run=dry_run)


@exceptions_app.command("assign")
def assign_exceptions(  # noqa: PLR0913, PLR0917 - one parameter per option
    to: Annotated[str, typer.Option("--to", help="Who mends them from now on.")],
    reason: ReasonOption,
    by: ByOption,
    ids: IdsArgument = None,
    code: CodeFilter = None,
    cause: CauseFilter = None,
    contract: ContractFilter = None,
    customer: CustomerFilter = None,
    owner: OwnerFilter = None,
    material: MaterialFilter = False,
    dry_run: ShowOnlyOption = False,
    debug: DebugOption = False,
) -> None:
    """Give exceptions to another owner, by id or by what they share; they stay open."""
    from pipelines.exceptions import Selection  # noqa: PLC0415
    from pipelines.exceptions_register import Decision, decide  # noqa: PLC0415

    selection = Selection("open", owner, code, cause, contract, customer, material)
    decision = Decision(reason, by, owner=to, accepted=False)
    with readable_errors(debug=debug):
        decide(make_console(), paths(), decision, ids or [], selection, dry_run=dry_run)


@exceptions_app.command("link")
def link_exceptions(  # noqa: PLR0913, PLR0917 - one parameter per option
    reason: ReasonOption,
    by: ByOption,
    expires: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%d"], help="Last day the link holds.")
    ],
    ids: IdsArgument = None,
    code: CodeFilter = None,
    cause: CauseFilter = None,
    contract: ContractFilter = None,
    customer: CustomerFilter = None,
    owner: OwnerFilter = None,
    material: MaterialFilter = False,
    dry_run: ShowOnlyOption = False,
    debug: DebugOption = False,
) -> None:
    """Take what the crosswalk suggests for exceptions: both records are one deal."""
    from pipelines.exceptions import Selection  # noqa: PLC0415
    from pipelines.exceptions_register import Decision, link  # noqa: PLC0415

    selection = Selection("open", owner, code, cause, contract, customer, material)
    decision = Decision(reason, by, expires_on=expires.date())
    with readable_errors(debug=debug):
        link(make_console(), paths(), decision, ids or [], selection, dry_run=dry_run)


@cases_app.command("run")
def cases_run(
    file: Annotated[Path, typer.Argument(help="JSON file of worked cases.")],
    out: Annotated[
        Path | None, typer.Option("--out", help="Write every figure to this JSON file.")
    ] = None,
    debug: DebugOption = False,
) -> None:
    """Run a case file through the engine (exit 0 agrees, 1 failed or differs, 2 some held)."""
    from pipelines.cases.show import show_cases  # noqa: PLC0415

    with readable_errors(debug=debug):
        code = show_cases(make_console(), paths(), file, out)
    raise typer.Exit(code)


@app.command("serve-demo")
def serve_demo(
    customers: CustomersOption = DEFAULT_CUSTOMERS,
    seed: SeedOption = DEFAULT_SEED,
    scenario: ScenarioOption = None,
) -> None:
    """Serve the embedded company's Salesforce and NetSuite APIs alone, for any client."""
    console = make_console(stderr=True)
    console.print("Starting; the connection card follows on stdout. Stop with Ctrl-C.")
    command = [sys.executable, "-m", "pipelines.simulators"]
    options = ["--customers", str(customers), "--seed", str(seed)]
    if scenario:
        options += ["--scenario", str(scenario)]
    try:
        finished = subprocess.run([*command, *options], check=False)
    except KeyboardInterrupt:
        raise typer.Exit(0) from None
    raise typer.Exit(finished.returncode)


def _finish(summary: RunSummary, console: Console) -> None:
    """The report if there is a new one, time per stage, and what held the run if anything."""
    from pipelines.report import show_report, show_times  # noqa: PLC0415

    if summary.outcome is Outcome.PUBLISHED:
        show_report(console, paths())
    for warning in summary.warnings:
        console.print(Text(f"Warning: {warning}", style="yellow"))
    show_times(console, summary)
    if summary.outcome is Outcome.HELD:
        _hold_if(summary.reasons)


def _print_json(content: dict[str, Any], *, wanted: bool) -> None:
    """The machine-readable form on stdout, amounts as exact text."""
    if wanted:
        typer.echo(json.dumps(content, indent=2, default=str))


def _hold_if(reasons: list[str]) -> None:
    """Say what holds the publication and exit with 2; nothing when there is nothing."""
    if not reasons:
        return
    body = Text("\n".join(reasons) + "\nNothing was published; the last snapshot stands.")
    make_console(stderr=True).print(
        Panel(body, title="held by a gate", title_align="left", border_style="yellow")
    )
    raise typer.Exit(Outcome.HELD.exit_code)
