"""Where the web process tells us which firm a connection came to, and under which request id."""

from __future__ import annotations

from starlette.requests import HTTPConnection

from wealthnexus.domain.firms import FirmInfo
from wealthnexus.kit.context import RequestInfo, internal_request


def firm_and_request(connection: HTTPConnection) -> tuple[FirmInfo | None, RequestInfo]:
    """As the host middleware has found them out."""
    state = connection.scope.get("state", {})
    return state.get("firm"), state.get("request_info") or internal_request("graphql")
