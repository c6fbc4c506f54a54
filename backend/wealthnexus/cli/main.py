"""The command line of the product: ``wealthnexus COMMAND``. Each command's help shows its use."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperGroup

from wealthnexus.cli import audit, exports, firms, imports, migrations, processes, schema, tokens, users
from wealthnexus.cli.console import errors_as_sentences


class Commands(TyperGroup):
    """Runs a command so that whatever it raises ends as one sentence."""

    def invoke(self, ctx: Any) -> Any:
        with errors_as_sentences():
            return super().invoke(ctx)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        command = super().get_command(ctx, cmd_name)
        for each in (command, *getattr(command, "commands", {}).values()):
            if each is not None and each.help:
                each.help = as_paragraphs(each.help)
        return command


def as_paragraphs(text: str) -> str:
    """The text without the line ends of its source, for a terminal of any width; examples keep theirs."""
    paragraphs = text.split("\n\n")
    return "\n\n".join(each if each.startswith(" ") else " ".join(each.split("\n")) for each in paragraphs)


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    help=(
        "Runs WealthNexus and looks after it.\n\n"
        "Start with [bold]wealthnexus demo[/bold]: everything on this machine, with two demo firms. "
        "Settings come from the environment (WEALTHNEXUS_…); README.md lists them."
    ),
    epilog="Every command explains itself: wealthnexus COMMAND --help",
)


@app.callback()
def _prepare() -> None:
    """Runs before every command."""
    from wealthnexus.kit.environment import forget_client_variables

    forget_client_variables()


for command in (
    processes.demo,
    processes.serve,
    processes.worker,
    processes.relay,
    processes.scheduler,
):
    app.command(rich_help_panel="Run")(command)
app.command(rich_help_panel="Look after the data")(migrations.migrate)
app.command("import", rich_help_panel="Look after the data")(imports.import_bundle)
app.command("export", rich_help_panel="Look after the data")(exports.export_books)
app.add_typer(audit.app, name="audit", rich_help_panel="Look after the data")
app.add_typer(firms.app, name="firm", rich_help_panel="Firms and people")
app.add_typer(users.app, name="user", rich_help_panel="Firms and people")
app.command(rich_help_panel="Develop")(tokens.token)
app.command(rich_help_panel="Develop")(schema.schema)


if __name__ == "__main__":
    app(prog_name="wealthnexus")
