"""Documents that read everything a schema lets one read from a starting point, edge by edge."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from graphql import (
    FieldNode,
    GraphQLEnumType,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    is_required_argument,
    parse,
    visit,
)

FIELDS_MAX = 1_200
LITERALS = {"Date": '"2021-03-01"', "Int": "5", "String": '"accounts.csv"'}


@dataclass(frozen=True)
class Reading:
    """``edge``: type and field that the document follows from its starting point."""

    edge: str
    document: str


def _simple(field: GraphQLField) -> bool:
    return not any(is_required_argument(argument) for argument in field.args.values())


def _call(name: str, field: GraphQLField) -> str | None:
    """The field with what it must be given; None when that is nothing to make up."""
    given = {
        argument: _literal(definition.type)
        for argument, definition in field.args.items()
        if is_required_argument(definition)
    }
    if None in given.values():
        return None
    return f"{name}({', '.join(f'{a}: {v}' for a, v in given.items())})" if given else name


def _literal(type_: Any) -> str | None:
    """A value of the type; of periods the one that reaches furthest, of other enums the first."""
    named = get_named_type(type_)
    if not isinstance(named, GraphQLEnumType):
        return LITERALS.get(str(type_).rstrip("!"))
    chosen = "ITD" if "ITD" in named.values else next(iter(named.values))
    return f"[{chosen}]" if "[" in str(type_) else chosen


def _again(type_: GraphQLObjectType) -> str:
    """Of a type that stands above already: which one it is."""
    names = [name for name in ("id", "name", "label", "title") if name in type_.fields]
    return " ".join(["__typename", *names])


def _select(type_: Any, depth: int, above: frozenset[str]) -> tuple[str, int]:
    """Selection and its number of fields; objects of a type that stands above are not entered again."""
    parts, count = ["__typename"], 1
    fields = type_.fields.items()
    if "nodes" in type_.fields and "pageInfo" in type_.fields:
        fields = [(name, each) for name, each in fields if name != "edges"]
        depth += 1
    for name, each in fields:
        inner, call = get_named_type(each.type), _call(name, each)
        if call is None:
            continue
        if is_leaf_type(inner):
            parts.append(call)
            count += 1
        elif isinstance(inner, GraphQLObjectType) and depth > 0:
            if inner.name in above:
                parts.append(f"{call} {{ {_again(inner)} }}")
                count += 3
                continue
            text, more = _select(inner, depth - 1, above | {inner.name})
            parts.append(f"{call} {text}")
            count += more + 1
    return "{ " + " ".join(parts) + " }", count


@cache
def _deepest(type_: GraphQLObjectType, above: frozenset[str]) -> str:
    for depth in (3, 2, 1, 0):
        text, count = _select(type_, depth, above)
        if count <= FIELDS_MAX:
            return text
    return text


def selection(type_: Any) -> str:
    """Everything of an object as deep as a document may be; of a union, everything of each member."""
    if isinstance(type_, GraphQLObjectType):
        return _deepest(type_, frozenset({type_.name}))
    return "{ __typename }"


@cache
def by_id(schema: GraphQLSchema, root: str) -> list[Reading]:
    """``root(id:)``: its own fields, then one document per edge, as deep as a document may be."""
    assert schema.query_type is not None
    type_ = get_named_type(schema.query_type.fields[root].type)
    head = f"query($id: ID!) {{ {root}(id: $id) "
    found = [Reading(f"{type_.name}.*", head + _select(type_, 0, frozenset({type_.name}))[0] + " }")]
    for name, each in type_.fields.items():
        inner = get_named_type(each.type)
        if isinstance(inner, GraphQLObjectType) and _simple(each):
            deep = _deepest(inner, frozenset({type_.name, inner.name}))
            found.append(Reading(f"{type_.name}.{name}", f"{head} {{ id {name} {deep} }} }}"))
    return found


def touched(schema: GraphQLSchema, documents: Iterable[str]) -> set[str]:
    """Every ``Type.field`` that one of the documents asks for."""
    found: set[str] = set()

    class Seen(Visitor):
        def __init__(self, info: TypeInfo) -> None:
            super().__init__()
            self.info = info

        def enter_field(self, node: FieldNode, *_: Any) -> None:
            parent = self.info.get_parent_type()
            if parent is not None and not node.name.value.startswith("__"):
                found.add(f"{parent.name}.{node.name.value}")

    for document in documents:
        info = TypeInfo(schema)
        visit(parse(document), TypeInfoVisitor(info, Seen(info)))
    return found


def readable(schema: GraphQLSchema) -> set[str]:
    """Every ``Type.field`` that a query can reach, edges left out: they hold what nodes hold."""
    assert schema.query_type is not None
    found: set[str] = set()
    ahead: list[GraphQLObjectType] = [schema.query_type]
    known = {schema.query_type.name}
    while ahead:
        type_ = ahead.pop()
        has_nodes = {"nodes", "edges"} <= set(type_.fields)
        for name, each in type_.fields.items():
            if has_nodes and name == "edges":
                continue
            found.add(f"{type_.name}.{name}")
            inner = get_named_type(each.type)
            members = schema.get_possible_types(inner) if is_abstract_type(inner) else [inner]
            for member in members:
                if isinstance(member, GraphQLObjectType) and member.name not in known:
                    known.add(member.name)
                    ahead.append(member)
    return found


@cache
def lists(schema: GraphQLSchema) -> list[Reading]:
    """Every query without required arguments: whole, and per edge of what it lists."""
    assert schema.query_type is not None
    found = []
    for name, each in schema.query_type.fields.items():
        type_ = get_named_type(each.type)
        if not _simple(each) or not isinstance(type_, GraphQLObjectType):
            continue
        found.append(Reading(name, f"{{ {name} {_deepest(type_, frozenset({type_.name}))} }}"))
        if "nodes" not in type_.fields:
            for edge, inner_field in type_.fields.items():
                inner = get_named_type(inner_field.type)
                if isinstance(inner, GraphQLObjectType) and _simple(inner_field):
                    deep = _deepest(inner, frozenset({type_.name, inner.name}))
                    found.append(Reading(f"{name}.{edge}", f"{{ {name} {{ {edge} {deep} }} }}"))
            continue
        node = get_named_type(type_.fields["nodes"].type)
        for edge, inner_field in node.fields.items():
            inner = get_named_type(inner_field.type)
            if isinstance(inner, GraphQLObjectType) and _simple(inner_field):
                deep = _deepest(inner, frozenset({node.name, inner.name}))
                found.append(Reading(f"{name}.{edge}", f"{{ {name} {{ nodes {{ {edge} {deep} }} }} }}"))
    return found
