"""``wealthnexus schema``: the GraphQL schema as the server has it."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Annotated

import typer

from wealthnexus.cli.console import fail, say


def schema(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write to this file instead of the terminal.")
    ] = None,
    check: Annotated[
        Path | None, typer.Option("--check", help="Compare with this file; exit status 1 when it differs.")
    ] = None,
) -> None:
    """Print the GraphQL schema (SDL). Needs no server.

    [bold]Examples[/bold]

      wealthnexus schema

      wealthnexus schema -o schema.graphql

      wealthnexus schema --check schema.graphql
    """
    sdl = str(importlib.import_module("wealthnexus.graphql.schema").schema.as_str()).rstrip() + "\n"
    if check is not None:
        try:
            recorded = check.read_text(encoding="utf-8")
        except OSError as error:
            fail(f"Could not read {check}: {error.strerror}.")
        if recorded != sdl:
            fail(
                f"{check} is not the schema of this code; run `wealthnexus schema -o {check}` "
                "and look at the change."
            )
        say(f"{check} is the schema of this code.")
    elif output is not None:
        output.write_text(sdl, encoding="utf-8")
        say(f"Wrote {output}.")
    else:
        typer.echo(sdl, nl=False)
