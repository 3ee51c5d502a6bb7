"""The `harmhex` command and its tasks."""

from __future__ import annotations

import typer

from harmhex.audit import audit
from harmhex.backtest import backtest
from harmhex.browser import app as open_app
from harmhex.daily import daily
from harmhex.evaluate import evaluate
from harmhex.fairness import fairness
from harmhex.fetch import fetch
from harmhex.hotspots import hotspots
from harmhex.load import load
from harmhex.locations import locations
from harmhex.partner import partner
from harmhex.print import print_targets
from harmhex.refresh import refresh
from harmhex.register import register
from harmhex.report import report
from harmhex.risk_terrain import risk_terrain
from harmhex.sample import sample
from harmhex.schedule import schedule
from harmhex.targets import targets
from harmhex.undo import undo

cli = typer.Typer(
    name="harmhex",
    help="Harm-weighted hot spots of serious violence, and the places to patrol.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
cli.command("sample")(sample)
cli.command("load")(load)
cli.command("undo")(undo)
cli.command("partner")(partner)
cli.command("locations")(locations)
cli.add_typer(fetch, name="fetch")
cli.command("hotspots")(hotspots)
cli.command("targets")(targets)
cli.command("schedule")(schedule)
cli.command("print")(print_targets)
cli.command("refresh")(refresh)
cli.command("report")(report)
cli.command("daily")(daily)
cli.command("risk-terrain")(risk_terrain)
cli.command("evaluate")(evaluate)
cli.command("backtest")(backtest)
cli.command("fairness")(fairness)
cli.add_typer(register, name="register")
cli.add_typer(audit, name="audit")
cli.command("app")(open_app)


def main() -> None:
    """Run the command line."""
    cli()


if __name__ == "__main__":
    main()
