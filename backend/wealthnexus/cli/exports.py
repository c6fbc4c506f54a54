"""``wealthnexus export``: a firm's books as bundles."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wealthnexus.cli.console import progress_bar, say
from wealthnexus.cli.ground import on_platform

if TYPE_CHECKING:
    from wealthnexus.domain.feeds.exporter import ExportReport
    from wealthnexus.runtime import Platform


def export_books(
    out: Annotated[Path, typer.Argument(help="A new folder, or a zip when the name ends in .zip.")],
    firm: Annotated[str, typer.Option("--firm", help="The firm's slug, as in `wealthnexus firm list`.")],
) -> None:
    """Export the books of a firm, as `wealthnexus import` reads them.

    Everything is of one state of the books. Account numbers, tax ids and birth dates are written in the
    clear: keep the files as the firm keeps its own. What is there already is not overwritten.

    [bold]Examples[/bold]

      wealthnexus export books/summit --firm summit

      wealthnexus export summit.zip --firm summit
    """

    async def work(platform: Platform) -> ExportReport:
        from wealthnexus.domain.feeds.exporter import export_books as export_from

        info = await platform.firms.by_slug(firm)
        with progress_bar(f"Exporting {firm}") as bar:

            async def progress(stage: str, done: int, total: int | None) -> None:
                bar.report(done, total, stage)

            return await export_from(platform, info, out, progress=progress)

    for line in on_platform(work).lines():
        say(line)
