"""Puts the web process together."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.types import ASGIApp

from wealthnexus.domain.identity.service.sessions import authenticate
from wealthnexus.graphql.view import make_graphql_app
from wealthnexus.handlers import load_handlers
from wealthnexus.kit.settings import Settings
from wealthnexus.kit.telemetry import configure_logging, configure_tracing
from wealthnexus.runtime import Platform, build_platform
from wealthnexus.web.auth import auth_routes
from wealthnexus.web.book_csv import book_csv_route
from wealthnexus.web.context import authenticate_request
from wealthnexus.web.exports import export_route
from wealthnexus.web.health import healthz, metrics, readyz_route
from wealthnexus.web.host import FirmMiddleware
from wealthnexus.web.mailbox import mailbox_routes
from wealthnexus.web.refusals import HANDLERS
from wealthnexus.web.spa import Assets, Pages, brand_route
from wealthnexus.web.uploads import upload_route


def create_app(settings: Settings | None = None, *, platform: Platform | None = None) -> ASGIApp:
    """The ASGI application; ``platform`` is given by tests, else built from the settings."""
    platform = platform or build_platform(settings)
    settings = platform.settings
    configure_logging("web", form=settings.log_format, level=settings.log_level)
    configure_tracing("web")
    load_handlers()  # what may be cancelled is declared where the work is
    graphql = make_graphql_app(
        platform,
        authenticate=authenticate_request,
        authenticate_token=lambda firm, token: authenticate(platform, firm, token, via="bearer"),
    )

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await platform.start()
        graphql.start()
        async with contextlib.AsyncExitStack() as stack:
            stack.push_async_callback(platform.close)
            stack.push_async_callback(graphql.close)
            yield

    app = Starlette(routes=_routes(platform, graphql), lifespan=lifespan, exception_handlers=HANDLERS)
    app.state.platform = platform
    return FirmMiddleware(app, platform)


def _routes(platform: Platform, graphql: ASGIApp) -> list[BaseRoute]:
    assets = platform.settings.web_dist_dir / "assets"
    routes: list[BaseRoute] = [
        Route("/healthz", healthz),
        Route("/readyz", readyz_route(platform)),
        Route("/metrics", metrics),
        Mount("/auth", routes=auth_routes(platform)),
        Route("/files/uploads", upload_route(platform), methods=["POST"]),
        Route("/files/exports/{export_id}", export_route(platform), methods=["GET"]),
        Route("/files/book.csv", book_csv_route(platform), methods=["GET"]),
        Route("/brand/{name}", brand_route(platform)),
        Mount("/assets", Assets(assets)),
    ]
    if platform.settings.shows_mailbox:
        routes += [Route(path, handler) for path, handler in mailbox_routes(platform).items()]
    # The GraphQL view answers HTTP and WebSocket at exactly this path.
    routes += [
        Route("/graphql", graphql),
        WebSocketRoute("/graphql", graphql),
        Route("/{path:path}", Pages(platform).page, methods=["GET"]),
    ]
    return routes
