"""``wealthnexus audit``: is the sealed chain whole?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wealthnexus.cli.console import fail, say
from wealthnexus.cli.ground import chosen_firms, on_platform

if TYPE_CHECKING:
    from wealthnexus.runtime import Platform

app = typer.Typer(no_args_is_help=True, help="Check and export the audit chain.")


@app.callback()
def _group() -> None:
    """Check and export the audit chain."""


@app.command()
def verify(
    firm: Annotated[
        str | None, typer.Option("--firm", help="One firm's slug; without it, every firm.")
    ] = None,
    export: Annotated[
        Path | None,
        typer.Option("--export", help="Also write the log into this folder, one file per firm."),
    ] = None,
) -> None:
    """Recompute every hash of the audit chain and compare.

    Exit status 0: whole. 1: broken, with the first row that does not fit. Rows that are not sealed
    yet are counted and their content hashes checked as well. An exported log can be verified by a
    stranger without this programme: scripts/verify_audit.py needs the standard library alone.

    [bold]Examples[/bold]

      wealthnexus audit verify

      wealthnexus audit verify --firm summit

      wealthnexus audit verify --export /tmp/audit
    """

    from wealthnexus.domain import audit as audit_room
    from wealthnexus.kit.db import Binding

    async def work(platform: Platform) -> list[str]:
        broken = []
        for info in await chosen_firms(platform, firm):
            async with platform.db.reading(Binding(info.id, role="system")) as reader:
                report = await audit_room.verify(reader)
                if export is not None:
                    export.mkdir(parents=True, exist_ok=True)
                    with (export / f"{info.slug}.jsonl").open("w", encoding="utf-8") as file:
                        async for line in audit_room.export_lines(reader, slug=info.slug):
                            file.write(f"{line}\n")
            say(f"{info.slug}: {report.message}")
            if not report.is_verified:
                broken.append(info.slug)
        return broken

    broken = on_platform(work)
    if broken:
        fail(f"The audit chain of {', '.join(broken)} is broken; the lines above say where.")


@app.command()
def export(
    firm: Annotated[str, typer.Option("--firm", help="The firm's slug.")],
) -> None:
    """Write a firm's whole audit log to standard output, one JSON object a line.

    Personal values stay encrypted: they are not needed to verify. A stranger verifies the file with
    scripts/verify_audit.py and Python's standard library alone.

    [bold]Example[/bold]

      wealthnexus audit export --firm summit > summit.jsonl && python3 scripts/verify_audit.py summit.jsonl
    """

    from wealthnexus.domain import audit as audit_room
    from wealthnexus.kit.db import Binding

    async def work(platform: Platform) -> None:
        (info,) = await chosen_firms(platform, firm)
        async with platform.db.reading(Binding(info.id, role="system")) as reader:
            async for line in audit_room.export_lines(reader, slug=info.slug):
                say(line)

    on_platform(work)
