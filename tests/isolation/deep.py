"""Documents that read everything a schema lets one read from a starting point, edge by edge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)

FIELDS_MAX = 1_200


@dataclass(frozen=True)
class Reading:
    """``edge``: type and field that the document follows from its starting point."""

    edge: str
    document: str


def _simple(field: GraphQLField) -> bool:
    return not any(is_required_argument(argument) for argument in field.args.values())


def _select(type_: Any, depth: int, above: frozenset[str]) -> tuple[str, int]:
    """Selection and its number of fields; objects of a type that stands above are not entered again."""
    parts, count = ["__typename"], 1
    fields = type_.fields.items()
    if "nodes" in type_.fields and "pageInfo" in type_.fields:
        fields = [(name, each) for name, each in fields if name in ("nodes", "totalCount")]
        depth += 1
    for name, each in fields:
        inner = get_named_type(each.type)
        if not _simple(each):
            continue
        if is_leaf_type(inner):
            parts.append(name)
            count += 1
        elif isinstance(inner, GraphQLObjectType) and depth > 0 and inner.name not in above:
            text, more = _select(inner, depth - 1, above | {inner.name})
            parts.append(f"{name} {text}")
            count += more + 1
    return "{ " + " ".join(parts) + " }", count


def _deepest(type_: GraphQLObjectType, above: frozenset[str]) -> str:
    for depth in (3, 2, 1, 0):
        text, count = _select(type_, depth, above)
        if count <= FIELDS_MAX:
            return text
    return text


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
            continue
        node = get_named_type(type_.fields["nodes"].type)
        for edge, inner_field in node.fields.items():
            inner = get_named_type(inner_field.type)
            if isinstance(inner, GraphQLObjectType) and _simple(inner_field):
                deep = _deepest(inner, frozenset({node.name, inner.name}))
                found.append(Reading(f"{name}.{edge}", f"{{ {name} {{ nodes {{ {edge} {deep} }} }} }}"))
    return found
