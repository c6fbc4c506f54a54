"""The schema. ``schema.graphql`` in the repository is what this prints; a test keeps it fresh."""

from __future__ import annotations

import strawberry
from graphql import GraphQLInputObjectType, GraphQLObjectType, Undefined
from strawberry.schema.config import StrawberryConfig

from wealthnexus.graphql.errors import HANDLERS
from wealthnexus.graphql.mutations.actions import ActionMutations
from wealthnexus.graphql.mutations.book import BookMutations
from wealthnexus.graphql.mutations.clients import ClientMutations
from wealthnexus.graphql.mutations.composites import CompositeMutations
from wealthnexus.graphql.mutations.drafts import DraftMutations
from wealthnexus.graphql.mutations.engines import EngineMutations
from wealthnexus.graphql.mutations.lots import LotMutations
from wealthnexus.graphql.mutations.markets import MarketMutations
from wealthnexus.graphql.mutations.people import PeopleMutations
from wealthnexus.graphql.mutations.performance import PerformanceMutations
from wealthnexus.graphql.mutations.portal import PortalMutations
from wealthnexus.graphql.mutations.reconciliation import ReconciliationMutations
from wealthnexus.graphql.mutations.sleeves import SleeveMutations
from wealthnexus.graphql.queries.actions import ActionQueries
from wealthnexus.graphql.queries.book import BookQueries
from wealthnexus.graphql.queries.clients import ClientQueries
from wealthnexus.graphql.queries.composites import CompositeQueries
from wealthnexus.graphql.queries.drafts import DraftQueries
from wealthnexus.graphql.queries.engines import EngineQueries
from wealthnexus.graphql.queries.firm import FirmQueries
from wealthnexus.graphql.queries.lots import LotQueries
from wealthnexus.graphql.queries.markets import MarketQueries
from wealthnexus.graphql.queries.people import PeopleQueries
from wealthnexus.graphql.queries.performance import PerformanceQueries
from wealthnexus.graphql.queries.reconciliation import ReconciliationQueries
from wealthnexus.graphql.scalars import SCALARS
from wealthnexus.graphql.subscriptions import Subscription
from wealthnexus.graphql.types.figures import Money
from wealthnexus.graphql.types.markets import Security


@strawberry.type
class Query(
    FirmQueries,
    BookQueries,
    DraftQueries,
    ClientQueries,
    MarketQueries,
    ActionQueries,
    LotQueries,
    ReconciliationQueries,
    PeopleQueries,
    CompositeQueries,
    PerformanceQueries,
    EngineQueries,
):
    pass


@strawberry.type
class Mutation(
    BookMutations,
    DraftMutations,
    ClientMutations,
    SleeveMutations,
    MarketMutations,
    ActionMutations,
    LotMutations,
    ReconciliationMutations,
    PeopleMutations,
    CompositeMutations,
    PerformanceMutations,
    PortalMutations,
    EngineMutations,
):
    pass


def _leave_out_null_defaults(api: strawberry.Schema) -> None:
    """``first: Int`` instead of ``first: Int = null``: what is left out is not the same as null."""
    for type_ in api._schema.type_map.values():
        if isinstance(type_, GraphQLInputObjectType):
            for input_field in type_.fields.values():
                if input_field.default_value is None:
                    input_field.default_value = Undefined
        elif isinstance(type_, GraphQLObjectType):
            for field in type_.fields.values():
                for argument in field.args.values():
                    if argument.default_value is None:
                        argument.default_value = Undefined


schema = strawberry.Schema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    types=[Money, Security],
    exception_handlers=HANDLERS,
    config=StrawberryConfig(scalar_map=SCALARS, disable_field_suggestions=True),
)
_leave_out_null_defaults(schema)
