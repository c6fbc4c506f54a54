"""``wealthnexus user``: the people of a firm."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Invite people to a firm, and list them.")

FirmOption = Annotated[str, typer.Option("--firm", help="The firm's slug, as in `wealthnexus firm list`.")]


@app.command()
def invite(
    email: Annotated[str, typer.Argument(help="Where the invitation goes.")],
    firm: FirmOption,
    name: Annotated[str, typer.Option("--name", help="The person's full name.")],
    role: Annotated[
        list[str],
        typer.Option(
            "--role",
            help="A role, several times for several: firm_admin, advisor, portfolio_manager, trader, "
            "operations, compliance, read_only, client, guardian.",
        ),
    ],
) -> None:
    """Invite a person: an e-mail with a link to set a password and a second factor.

    This is how a firm gets its first administrator; later ones are invited in the app. In
    development the mail is on the mailbox page of the running demo.

    [bold]Examples[/bold]

      wealthnexus user invite ana@summit.example --firm summit --name "Ana Ruiz" --role firm_admin

      wealthnexus user invite bo@summit.example --firm summit --name "Bo Lind" --role advisor --role trader
    """


@app.command("list")
def list_users(firm: FirmOption) -> None:
    """List a firm's people: e-mail, name, roles, status, last sign-in.

    [bold]Example[/bold]

      wealthnexus user list --firm summit
    """
