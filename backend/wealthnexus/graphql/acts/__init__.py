"""What mutations do: one unit of work each, then the thing as it is afterwards, read anew."""

from __future__ import annotations

from functools import cached_property

from wealthnexus.graphql.acts.actions import ActionActs
from wealthnexus.graphql.acts.book import BookActs
from wealthnexus.graphql.acts.client_changes import ClientChangeActs
from wealthnexus.graphql.acts.closing import ClosingActs
from wealthnexus.graphql.acts.composites import CompositeActs
from wealthnexus.graphql.acts.desk import DeskActs
from wealthnexus.graphql.acts.drafts import DraftActs
from wealthnexus.graphql.acts.engines import EngineActs
from wealthnexus.graphql.acts.lots import LotActs
from wealthnexus.graphql.acts.markets import MarketActs
from wealthnexus.graphql.acts.people import PeopleActs
from wealthnexus.graphql.acts.performance import PerformanceActs
from wealthnexus.graphql.acts.portal import PortalActs
from wealthnexus.graphql.acts.reconciliation import ReconciliationActs
from wealthnexus.graphql.acts.sleeves import SleeveActs
from wealthnexus.graphql.context import RequestContext


class Acts:
    """The verbs of one mutation field, a room each."""

    def __init__(self, context: RequestContext) -> None:
        self.context = context

    actions = cached_property(lambda self: ActionActs(self.context))
    book = cached_property(lambda self: BookActs(self.context))
    drafts = cached_property(lambda self: DraftActs(self.context))
    clients = cached_property(lambda self: DeskActs(self.context))
    changes = cached_property(lambda self: ClientChangeActs(self.context))
    closing = cached_property(lambda self: ClosingActs(self.context))
    composites = cached_property(lambda self: CompositeActs(self.context))
    lots = cached_property(lambda self: LotActs(self.context))
    markets = cached_property(lambda self: MarketActs(self.context))
    reconciliation = cached_property(lambda self: ReconciliationActs(self.context))
    sleeves = cached_property(lambda self: SleeveActs(self.context))
    people = cached_property(lambda self: PeopleActs(self.context))
    performance = cached_property(lambda self: PerformanceActs(self.context))
    portal = cached_property(lambda self: PortalActs(self.context))
    engines = cached_property(lambda self: EngineActs(self.context))
