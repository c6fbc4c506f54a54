"""``wealthnexus audit``: is the sealed chain whole?"""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Check the audit chain.")


@app.callback()
def _group() -> None:
    """Check the audit chain."""


@app.command()
def verify(
    firm: Annotated[
        str | None, typer.Option("--firm", help="One firm's slug; without it, every firm.")
    ] = None,
) -> None:
    """Recompute every hash of the audit chain and compare.

    Exit status 0: whole. 1: broken, with the first row that does not fit. Rows that are not sealed
    yet are counted and their content hashes checked as well.

    [bold]Examples[/bold]

      wealthnexus audit verify

      wealthnexus audit verify --firm summit
    """
