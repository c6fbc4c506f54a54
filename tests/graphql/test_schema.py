"""The recorded schema is that of the code; every field that needs it says which permission."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from graphql import GraphQLInterfaceType, GraphQLObjectType, build_schema, get_named_type
from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.graphql.access import REQUIRES, SIGNED_IN
from wealthnexus.graphql.access import field as needing
from wealthnexus.graphql.schema import schema
from wealthnexus.graphql.types.enums import Capability
from wealthnexus.kit.errors import PermissionDenied

pytestmark = pytest.mark.unit
RECORDED = Path(__file__).resolve().parents[2] / "schema.graphql"
# What sits on an object that was only reachable with its own permission, and shows no more than it.
WITH_ITS_PARENT = {
    "Account.cashShare",
    "Sleeve.cashShare",
    "Account.households",
    "Household.valueHistory",
    "HouseholdConnection.totalValue",
    "HouseholdConnection.totalCash",
    "HouseholdConnection.totalAccruedInterest",
    "Security.identifiers",
    "Security.latestPrice",
    "Security.calendar",
    "ExchangeCalendar.days",
    "ExplainSource.id",
    "ExplainMovement.accountId",
    "ExplainPosition.securityId",
    "BookedEntry.id",
    "BookedEntry.accountId",
}


def requirements() -> dict[str, object]:
    """``Type.field`` -> what it needs, of every field with a resolver; None: nothing is declared."""
    found: dict[str, object] = {}
    for concrete in schema.schema_converter.type_map.values():
        definition = concrete.definition
        for field in getattr(definition, "fields", ()):
            if getattr(field, "base_resolver", None) is None:
                continue
            name = schema.config.name_converter.get_graphql_name(field)
            type_name = schema.config.name_converter.from_type(definition)
            found[f"{type_name}.{name}"] = field.metadata.get(REQUIRES)
    return found


def test_the_recorded_schema_is_that_of_the_code() -> None:
    assert RECORDED.read_text(encoding="utf-8") == schema.as_str().rstrip() + "\n", (
        "run `wealthnexus schema -o schema.graphql` and look at the change"
    )


def test_every_root_field_and_mutation_says_what_it_needs() -> None:
    missing = [
        name
        for name, needs in requirements().items()
        if name.split(".")[0] in ("Query", "Mutation", "Subscription") and needs is None
    ]
    assert missing == []
    roots = {name for name in requirements() if name.split(".")[0] in ("Query", "Mutation", "Subscription")}
    declared = {
        f"{root.name}.{field}"
        for root in (
            schema._schema.query_type,
            schema._schema.mutation_type,
            schema._schema.subscription_type,
        )
        if root is not None
        for field in root.fields
    }
    assert roots == declared


def test_every_edge_says_what_it_needs() -> None:
    own = ("edges", "pageInfo", "totalCount", "viewerCan")
    missing = [
        name
        for name, needs in requirements().items()
        if needs is None and name.split(".")[1] not in own and name not in WITH_ITS_PARENT
    ]
    assert missing == []


def test_requirements_are_permissions_that_exist() -> None:
    assert {needs for needs in requirements().values() if needs is not None and needs != SIGNED_IN} <= set(
        Permission
    )


def test_a_missing_requirement_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    field = next(
        field
        for field in schema.query.__strawberry_definition__.fields  # type: ignore[attr-defined]
        if field.python_name == "households"
    )
    monkeypatch.setattr(field, "metadata", {})
    assert requirements()["Query.households"] is None


def test_nodes_have_ids_and_failures_have_words() -> None:
    built = build_schema(RECORDED.read_text(encoding="utf-8"))
    node, error = built.type_map["Node"], built.type_map["Error"]
    assert isinstance(node, GraphQLInterfaceType)
    assert isinstance(error, GraphQLInterfaceType)
    failures = {each.name for each in built.get_implementations(error).objects}
    assert failures == {
        "ValidationFailed",
        "NotFound",
        "Conflict",
        "PolicyBlocked",
        "StepUpRequired",
        "PermissionDenied",
        "LimitExceeded",
        "Expired",
    }
    mutation = built.mutation_type
    assert mutation is not None
    for name, field in mutation.fields.items():
        members = {each.name for each in get_named_type(field.type).types}  # type: ignore[union-attr]
        assert {"ValidationFailed", "PermissionDenied", "LimitExceeded"} <= members, name
        assert len(members - failures) == 1, name
        assert list(field.args) == ["input"], name


def test_lists_are_connections() -> None:
    built = build_schema(RECORDED.read_text(encoding="utf-8"))
    for type_ in built.type_map.values():
        if not isinstance(type_, GraphQLObjectType) or not type_.name.endswith("Connection"):
            continue
        assert {"nodes", "edges", "pageInfo", "totalCount"} <= set(type_.fields), type_.name
    query = built.query_type
    assert query is not None
    for name, field in query.fields.items():
        if get_named_type(field.type).name.endswith("Connection"):
            assert {"first", "after"} <= set(field.args), name


def test_capabilities_are_those_of_the_product() -> None:
    assert len(Capability) == 32


async def test_a_field_may_need_two_permissions() -> None:
    """Both are asked for, and both are in its description."""

    async def resolver(info: object) -> str:
        return "lots"

    guarded = needing(Permission.FINDINGS_READ, "Lots.", also=Permission.LOTS_READ)(resolver)
    assert guarded.description == "Lots. Needs `findings.read` and `lots.read`."

    def info(*permissions: Permission) -> SimpleNamespace:
        asked: list[Permission] = []

        def require(permission: Permission) -> None:
            asked.append(permission)
            if permission not in permissions:
                raise PermissionDenied(permission.value)

        return SimpleNamespace(context=SimpleNamespace(caller=SimpleNamespace(require=require)))

    resolve = guarded.base_resolver.wrapped_func
    assert await resolve(info=info(Permission.FINDINGS_READ, Permission.LOTS_READ)) == "lots"
    for one in (Permission.FINDINGS_READ, Permission.LOTS_READ):
        with pytest.raises(PermissionDenied):
            await resolve(info=info(one))
