"""Operations made from the schema itself, so that a new field is tried without anybody thinking of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)
from wealthnexus.graphql.ids import to_global
from wealthnexus.kit.ids import new_id

from tests.isolation.deep import selection

# Which kind of thing an id argument means; a name that is missing here fails the test that counts them.
KIND_OF_ARGUMENT = {
    "householdId": "Household",
    "accountId": "Account",
    "securityId": "Security",
    "transactionId": "Transaction",
    "userId": "User",
    "principalId": "User",
    "assigneeId": "User",
    "actorId": "User",
    "advisorId": "User",
    "subjectId": "Household",
    "workItemId": "WorkItem",
    "findingId": "Finding",
    "approvalId": "Approval",
    "jobId": "Job",
    "sessionId": "Session",
    "accessGrantId": "AccessGrant",
    "grantId": "AccessGrant",
    "uploadId": "Upload",
    "draftId": "ImportDraft",
    "importId": "Import",
    "ids": "Household",
    "partyId": "Party",
    "relatedId": "Party",
    "ownerId": "Party",
    "ownedId": "Party",
    "relationshipId": "Relationship",
    "householdIds": "Household",
    "accountIds": "Account",
    "subjectIds": "Household",
    "liabilityId": "Liability",
    "securedAccountId": "Account",
    "securedSecurityId": "Security",
    "otherId": "Party",
    "noteId": "Note",
    "viewId": "SavedView",
    "bookId": "Book",
    "breakId": "ReconciliationBreak",
    "parentId": "Book",
    "portfolioId": "Sleeve",
    "sleeveId": "Sleeve",
    "fromSleeveId": "Sleeve",
    "toSleeveId": "Sleeve",
    "corporateActionId": "CorporateAction",
    "billedAccountId": "Account",
    "otherSecurityId": "Security",
    "judgementId": "IdenticalSecurities",
    "compositeId": "Composite",
    "addAccountIds": "Account",
    "removeAccountIds": "Account",
}
NO_ID = {"idempotencyKey"}
# Words that are sent as they are: the path of a figure. A benchmark of another firm is tried by its own test.
AS_GIVEN = {
    "path": "ITD/net",
    "report": "Quarterly",
    "benchmarkId": to_global("Benchmark", new_id()),
    "groupId": to_global("AccountGroup", new_id()),
}
# Of inputs that take exactly one of their fields, the one that is tried.
ONE_OF = {"PerformanceScope": "householdId"}
KIND_OF_FIELD = {
    "importDraft": "ImportDraft",
    "pastImport": "Import",
    "household": "Household",
    "account": "Account",
    "sleeve": "Sleeve",
    "party": "Party",
    "liability": "Liability",
    "user": "User",
    "approval": "Approval",
    "job": "Job",
    "security": "Security",
    "corporateAction": "CorporateAction",
    "corporateActionPreview": "CorporateAction",
    "publication": "Publication",
    "composite": "Composite",
    "compositeExplain": "Composite",
    "benchmark": "Benchmark",
}
SAMPLES = {
    "Date": "2021-03-31",
    "DateTime": "2021-03-31T12:00:00Z",
    "Decimal": "1.00",
    "Currency": "USD",
    "BigInt": "1",
    "Int": 1,
    "Float": 1.0,
    "Boolean": False,
    "JSON": {},
}


@dataclass(frozen=True)
class Operation:
    """``kinds``: what the ids in it stand for."""

    name: str
    document: str
    variables: dict[str, Any]
    kinds: tuple[str, ...]
    is_mutation: bool


class Maker:
    """Fills every argument: ids with the victim's, the rest with plausible values."""

    def __init__(
        self,
        schema: GraphQLSchema,
        ids: dict[str, str],
        *,
        leave_out: frozenset[str] = frozenset(),
        is_deep: bool = False,
    ) -> None:
        """``is_deep``: queries ask for everything they can, as far down as a document goes."""
        self._schema = schema
        self._is_deep = is_deep
        self._leave_out = leave_out
        self._ids = ids
        self.unknown: set[str] = set()

    def operations(self) -> list[Operation]:
        found: list[Operation] = []
        for is_mutation, root in ((False, self._schema.query_type), (True, self._schema.mutation_type)):
            assert root is not None
            for name, field in root.fields.items():
                if name == "node":
                    no_nodes = (
                        "Upload",
                        "Session",
                        "ImportDraft",
                        "Import",
                        "IdenticalSecurities",
                        "Publication",
                        "Composite",
                        "Benchmark",
                    )
                    found += [self._node(kind) for kind in self._ids if kind not in no_nodes]
                elif is_mutation or field.args:
                    found.append(self._make(name, field, is_mutation))
        return found

    def _node(self, kind: str) -> Operation:
        document = (
            "query Q($id: ID!) { node(id: $id) { __typename id ... on Household { name }"
            " ... on Account { name } ... on User { name email } } }"
        )
        return Operation(f"node({kind})", document, {"id": self._ids[kind]}, (kind,), False)

    def _make(self, name: str, field: GraphQLField, is_mutation: bool) -> Operation:
        kinds: list[str] = []
        variables: dict[str, Any] = {}
        declared, given = [], []
        for argument, definition in field.args.items():
            value = self._value(name, argument, definition.type, kinds)
            if value is None and not is_required_argument(definition):
                continue
            variables[argument] = value
            declared.append(f"${argument}: {definition.type}")
            given.append(f"{argument}: ${argument}")
        head = f"({', '.join(declared)})" if declared else ""
        arguments = f"({', '.join(given)})" if given else ""
        word = "mutation" if is_mutation else "query"
        is_deep = self._is_deep and not is_mutation
        chosen = selection(get_named_type(field.type)) if is_deep else self._selection(field.type, 4)
        document = f"{word} Op{head} {{ {name}{arguments} {chosen} }}"
        return Operation(name, document, variables, tuple(kinds), is_mutation)

    def _value(self, field: str, argument: str, type_: Any, kinds: list[str]) -> Any:
        inner = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
        if argument in self._leave_out:
            return None
        if isinstance(inner, GraphQLList):
            value = self._value(field, argument, inner.of_type, kinds)
            return None if value is None else [value]
        if isinstance(inner, GraphQLEnumType):
            return (
                next(iter(inner.values)) if isinstance(type_, GraphQLNonNull) or argument == "roles" else None
            )
        if isinstance(inner, GraphQLInputObjectType):
            fields = [
                (name, each) for name, each in inner.fields.items() if ONE_OF.get(inner.name) in (None, name)
            ]
            made = {
                name: value
                for name, definition in fields
                if (value := self._value(field, name, definition.type, kinds)) is not None
            }
            return made or None
        return self._scalar(field, argument, inner.name, isinstance(type_, GraphQLNonNull), kinds)

    def _scalar(self, field: str, argument: str, scalar: str, required: bool, kinds: list[str]) -> Any:
        if argument in ("after", "before", "last", "knownAt"):
            return None
        if argument == "first":
            return 5
        if scalar == "ID":
            if argument in AS_GIVEN:
                return AS_GIVEN[argument] if argument == "path" or required else None
            if argument in NO_ID:
                return f"isolation-{new_id()}"
            kind = KIND_OF_FIELD.get(field) if argument == "id" else KIND_OF_ARGUMENT.get(argument)
            if kind is None:
                self.unknown.add(f"{field}.{argument}")
                return None
            if field in ("positions", "realisedGains") and kind == "Household":
                return None
            kinds.append(kind)
            return self._ids[kind]
        if scalar == "String":
            if argument == "email":
                return f"intruder-{new_id().hex[-10:]}@example.com"
            return (
                "VICTIM"
                if argument in ("query", "nameContains")
                else (f"sample {argument}" if required else None)
            )
        if argument == "dryRun":
            return False
        return SAMPLES[scalar] if required else None

    def _selection(self, type_: Any, depth: int, *, of_union: bool = False) -> str:
        """``of_union``: members of a union may call fields of different types the same, so they are renamed
        there (and only there: a document has a limit of aliases)."""
        named = get_named_type(type_)
        if is_leaf_type(named):
            return ""
        if isinstance(named, GraphQLUnionType):
            parts = [
                f"... on {member.name} {self._selection(member, depth - 1, of_union=True)}"
                for member in named.types
            ]
            return "{ __typename " + " ".join(parts) + " }"
        if not isinstance(named, GraphQLObjectType | GraphQLInterfaceType) or depth == 0:
            return "{ __typename }"
        parts = ["__typename"]
        for name, field in named.fields.items():
            if any(is_required_argument(argument) for argument in field.args.values()):
                continue
            inner = get_named_type(field.type)
            alias = f"f_{named.name}_{name}: " if of_union else ""
            if is_leaf_type(inner):
                parts.append(f"{alias}{name}")
            elif name in (
                "edges",
                "node",
                "groups",
                "hits",
                "subject",
                "user",
                "household",
                "transaction",
                "security",
                "party",
                "owned",
                "account",
                "liability",
                "note",
                "members",
                "contacts",
                "owners",
                "balanceSheet",
                "assets",
                "liabilities",
            ):
                parts.append(f"{alias}{name} {self._selection(inner, depth - 1)}")
        return "{ " + " ".join(parts) + " }"
