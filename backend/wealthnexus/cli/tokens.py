"""``wealthnexus token``: a bearer for scripts on a developer's machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from wealthnexus.cli.console import say
from wealthnexus.cli.ground import by_command_line, on_platform

if TYPE_CHECKING:
    from wealthnexus.runtime import Platform

TOKEN_MINUTES = 15


def token(
    firm: Annotated[str, typer.Option("--firm", help="The firm's slug.")],
    user: Annotated[
        str | None,
        typer.Option("--user", help="E-mail of whom it acts as; without it the first administrator."),
    ] = None,
    minutes: Annotated[
        int, typer.Option("--minutes", help="How long it works.", min=1, max=480)
    ] = TOKEN_MINUTES,
) -> None:
    """Print a short-lived bearer token that acts as a user.

    For local use only: it is refused outside development and test. It can do what that user can do,
    and nothing more; it appears among the user's sessions.

    [bold]Example[/bold]

      TOKEN=$(wealthnexus token --firm summit --user anna.lindahl@summitridge.example)

      curl http://127.0.0.1:8000/graphql -H "Host: summit.localhost" -H "Authorization: Bearer $TOKEN" \\
           -H "content-type: application/json" -d '{"query": "{ viewer { name } }"}'

    More of the API: docs/domain/api.md.
    """

    from wealthnexus.domain.identity.service.development import issue_development_token

    async def work(platform: Platform) -> str:
        info = await platform.firms.by_slug(firm)
        session = await issue_development_token(
            platform, info, user, minutes=minutes, request=by_command_line()
        )
        return session.access

    say(on_platform(work))
