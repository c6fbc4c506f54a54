"""``wealthnexus token``: a bearer for scripts on a developer's machine."""

from __future__ import annotations

from typing import Annotated

import typer


def token(
    firm: Annotated[str, typer.Option("--firm", help="The firm's slug.")],
    user: Annotated[str, typer.Option("--user", help="E-mail of the user the token acts as.")],
    minutes: Annotated[int, typer.Option("--minutes", help="How long it works.", min=1, max=480)] = 60,
) -> None:
    """Print a short-lived bearer token that acts as a user.

    For local use only: it is refused outside development and test. It can do what that user can do,
    and nothing more; it appears among the user's sessions.

    [bold]Example[/bold]

      TOKEN=$(wealthnexus token --firm summit --user ana@summit.example)
      curl -H "Authorization: Bearer $TOKEN" -H "Host: summit.localhost" http://127.0.0.1:8000/graphql …
    """
