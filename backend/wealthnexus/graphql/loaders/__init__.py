"""Batch functions of one operation over its one transaction, a room each.

Every edge of the graph is served by one statement for all parents of a level: parents' keys go in,
rows come out and are made into the schema's types.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Any, TypeVar

import strawberry
from strawberry.dataloader import DataLoader

from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.domain.ledger import BookView, book_view
from wealthnexus.graphql.context import RequestContext
from wealthnexus.graphql.ids import not_found, split_global
from wealthnexus.graphql.loaders.actions import ActionReads
from wealthnexus.graphql.loaders.approvals import ApprovalReads
from wealthnexus.graphql.loaders.audit import AuditReads
from wealthnexus.graphql.loaders.benchmarks import BenchmarkReads
from wealthnexus.graphql.loaders.book import BookReads
from wealthnexus.graphql.loaders.clients import ClientReads
from wealthnexus.graphql.loaders.closing import ClosingReads
from wealthnexus.graphql.loaders.composites import CompositeReads
from wealthnexus.graphql.loaders.courses import CourseReads
from wealthnexus.graphql.loaders.desk import DeskReads
from wealthnexus.graphql.loaders.firm import FirmReads
from wealthnexus.graphql.loaders.jobs import JobReads
from wealthnexus.graphql.loaders.ledger import LedgerReads
from wealthnexus.graphql.loaders.lots import LotReads
from wealthnexus.graphql.loaders.markets import MarketReads
from wealthnexus.graphql.loaders.people import PeopleReads
from wealthnexus.graphql.loaders.performance import PerformanceReads
from wealthnexus.graphql.loaders.portal import PortalReads
from wealthnexus.graphql.loaders.price_desk import PriceDeskReads
from wealthnexus.graphql.loaders.published import PublishedReads
from wealthnexus.graphql.loaders.reconciliation import ReconciliationReads
from wealthnexus.graphql.loaders.search import search
from wealthnexus.graphql.loaders.sleeves import SleeveReads
from wealthnexus.graphql.loaders.work import WorkReads
from wealthnexus.graphql.types.base import Node
from wealthnexus.graphql.types.enums import SearchKind
from wealthnexus.graphql.types.search import SearchResults
from wealthnexus.kit.db.session import Reader

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Loaders:
    """One per transaction of an operation."""

    def __init__(self, context: RequestContext, reader: Reader) -> None:
        self.context = context
        self.reader = reader
        self._views: dict[tuple[date | None, datetime | None], BookView] = {}
        self._viewing = asyncio.Lock()
        self._batches: dict[Hashable, DataLoader[Any, Any]] = {}

    actions = cached_property(ActionReads)
    book = cached_property(BookReads)
    clients = cached_property(ClientReads)
    closing = cached_property(ClosingReads)
    courses = cached_property(CourseReads)
    desk = cached_property(DeskReads)
    ledger = cached_property(LedgerReads)
    lots = cached_property(LotReads)
    markets = cached_property(MarketReads)
    price_desk = cached_property(PriceDeskReads)
    reconciliation = cached_property(ReconciliationReads)
    people = cached_property(PeopleReads)
    benchmarks = cached_property(BenchmarkReads)
    composites = cached_property(CompositeReads)
    performance = cached_property(PerformanceReads)
    portal = cached_property(PortalReads)
    sleeves = cached_property(SleeveReads)
    published = cached_property(PublishedReads)
    firm = cached_property(FirmReads)
    work = cached_property(WorkReads)
    approvals = cached_property(ApprovalReads)
    audit = cached_property(AuditReads)
    jobs = cached_property(JobReads)

    async def view(self, as_of: date | None = None, known_at: datetime | None = None) -> BookView:
        """The day and book version asked for, resolved once per operation."""
        known = self._views.get((as_of, known_at))
        if known is None:
            async with self._viewing:
                known = self._views.get((as_of, known_at))
                if known is None:
                    known = await book_view(self.reader, self.context.caller.firm, as_of, known_at)
                    self._views[as_of, known_at] = known
        return known

    def batch(
        self,
        name: Hashable,
        load: Callable[[Sequence[K]], Awaitable[dict[K, V]]],
        default: Callable[[], V] | None = None,
    ) -> DataLoader[K, V]:
        """The loader called ``name``: gathers the keys of one level, runs ``load`` once for them."""
        known = self._batches.get(name)
        if known is None:

            async def load_all(keys: list[K]) -> list[Any]:
                found = await load(keys)
                return [found[key] if key in found else (default() if default else None) for key in keys]

            known = self._batches[name] = DataLoader(load_fn=load_all)
        return known

    async def node(self, global_id: str) -> Node | None:
        """Anything by its id; NotFound when it is missing, another firm's or not for this caller."""
        parts = split_global(global_id)
        kinds: dict[str, tuple[Permission, Callable[[strawberry.ID], Awaitable[Any]]]] = {
            "Household": (Permission.HOUSEHOLDS_READ, lambda i: self.book.household(i, None, None)),
            "Account": (Permission.ACCOUNTS_READ, lambda i: self.book.account(i, None, None)),
            "Sleeve": (Permission.ACCOUNTS_READ, lambda i: self.sleeves.sleeve(i, None, None)),
            "Party": (Permission.PARTIES_READ, self.clients.party),
            "Liability": (Permission.ACCOUNTS_READ, self.clients.liability),
            "Security": (Permission.SECURITIES_READ, self.markets.security),
            "Transaction": (Permission.TRANSACTIONS_READ, self.ledger.transaction),
            "User": (Permission.USERS_READ, self.people.user),
            "AccessGrant": (Permission.GRANTS_READ, self.people.access_grant),
            "AuditEvent": (Permission.AUDIT_READ, self.audit.one),
            "WorkItem": (Permission.WORK_READ, self.work.item),
            "Finding": (Permission.FINDINGS_READ, self.work.finding),
            "Approval": (Permission.APPROVALS_READ, self.approvals.one),
            "ReconciliationBreak": (Permission.RECONCILIATION_READ, self.reconciliation.one),
            "Job": (Permission.JOBS_READ, self.jobs.one),
        }
        found = kinds.get(parts[0]) if parts is not None else None
        if found is None or not self.context.caller.may(found[0]):
            raise not_found("Node")
        try:
            node: Node = await found[1](strawberry.ID(global_id))
        except LookupError:
            raise not_found("Node") from None
        return node

    async def search(self, query: str, kinds: list[SearchKind] | None, first: int | None) -> SearchResults:
        return await search(self, query, kinds, first)
