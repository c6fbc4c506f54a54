"""The schema. `schema.graphql` in the repository is what this prints; a test keeps it fresh."""

from __future__ import annotations

import strawberry
from strawberry.schema.config import StrawberryConfig

from wealthnexus.graphql.mutations.book import BookMutations
from wealthnexus.graphql.mutations.engines import EngineMutations
from wealthnexus.graphql.mutations.people import PeopleMutations
from wealthnexus.graphql.queries.book import BookQueries
from wealthnexus.graphql.queries.engines import EngineQueries
from wealthnexus.graphql.queries.firm import FirmQueries
from wealthnexus.graphql.queries.people import PeopleQueries
from wealthnexus.graphql.scalars import SCALARS
from wealthnexus.graphql.subscriptions import Subscription
from wealthnexus.graphql.types.figures import Money
from wealthnexus.graphql.types.markets import Security


@strawberry.type
class Query(FirmQueries, BookQueries, PeopleQueries, EngineQueries):
    pass


@strawberry.type
class Mutation(BookMutations, PeopleMutations, EngineMutations):
    pass


schema = strawberry.Schema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    types=[Money, Security],
    config=StrawberryConfig(scalar_map=SCALARS, disable_field_suggestions=True),
)
