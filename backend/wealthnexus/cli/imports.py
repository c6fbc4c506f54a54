"""``wealthnexus import``: a bundle of books into a firm."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def import_bundle(
    bundle: Annotated[Path, typer.Argument(help="A folder or zip with bundle.json and its CSV files.")],
    firm: Annotated[str, typer.Option("--firm", help="The firm's slug, as in `wealthnexus firm list`.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Validate and count, write nothing.")] = False,
) -> None:
    """Import households, accounts, securities, prices, FX rates and transactions.

    Every row is validated before any is written; what is refused is reported by file, line, column,
    value and expectation. All of it is one transaction. The same bundle again changes nothing.

    [bold]Examples[/bold]

      wealthnexus import books/2021-03 --firm summit --dry-run

      wealthnexus import books.zip --firm summit
    """
