"""What one operation knows: who asks, of which firm, and the one state of the books it reads."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import strawberry

from wealthnexus.domain.firms.info import FirmInfo
from wealthnexus.domain.identity.caller import Caller
from wealthnexus.kit.context import RequestInfo
from wealthnexus.kit.db.session import Reader

if TYPE_CHECKING:
    from wealthnexus.graphql.loaders import Loaders
    from wealthnexus.runtime import Platform


@dataclass(slots=True, eq=False)
class RequestContext:
    """One per operation. The reader opens on first use and is the only one until a mutation field
    commits: then the next read opens a new one, so that an answer shows what was just written."""

    platform: Platform
    firm: FirmInfo | None
    request: RequestInfo
    signed_in: Caller | None = None
    _reader: Reader | None = None
    _loaders: Loaders | None = None
    _opening: asyncio.Lock = field(default_factory=asyncio.Lock)
    _exit: contextlib.AsyncExitStack = field(default_factory=contextlib.AsyncExitStack)
    facts: dict[str, Any] = field(default_factory=dict)


Info = strawberry.Info[RequestContext, None]
