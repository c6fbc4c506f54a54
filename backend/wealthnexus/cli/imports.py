"""``wealthnexus import``: a bundle of books into a firm."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wealthnexus.cli.console import progress_bar, say
from wealthnexus.cli.ground import OPERATOR, by_command_line, on_platform

if TYPE_CHECKING:
    from wealthnexus.domain.feeds.importer import ImportReport
    from wealthnexus.runtime import Platform


def import_bundle(
    bundle: Annotated[Path, typer.Argument(help="A bundle or an export: a folder or a zip.")],
    firm: Annotated[str, typer.Option("--firm", help="The firm's slug, as in `wealthnexus firm list`.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Validate and count, write nothing.")] = False,
) -> None:
    """Import households, clients, accounts, owners, securities, prices and transactions.

    Every row is validated before any is written; what is refused is reported by file, line, column,
    value and expectation. All of it is one transaction. The same bundle again changes nothing.

    [bold]Examples[/bold]

      wealthnexus import books/2021-03 --firm summit --dry-run

      wealthnexus import books.zip --firm summit
    """

    async def work(platform: Platform) -> ImportReport:
        return await import_with_progress(platform, firm, bundle, dry_run=dry_run)

    report = on_platform(work)
    for line in report.lines():
        say(line)
    if not report.ok:
        raise typer.Exit(1)


async def import_with_progress(
    platform: Platform, slug: str, bundle: Path, *, dry_run: bool = False
) -> ImportReport:
    """Import as the operator, telling how far it is on standard error."""
    from wealthnexus.domain.feeds.importer import import_books as import_into

    info = await platform.firms.by_slug(slug)
    with progress_bar(f"Importing into {slug}") as bar:

        async def progress(stage: str, done: int, total: int | None) -> None:
            bar.report(done, total, stage)

        return await import_into(
            platform,
            info,
            bundle,
            actor=OPERATOR,
            request=by_command_line(),
            dry_run=dry_run,
            progress=progress,
        )
