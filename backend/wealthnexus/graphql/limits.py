"""Every limit on a document, checked on its syntax before it is validated.

Fragments are counted as often as they are spread, with memory, so that a short document cannot
unfold into a long one; a cycle of fragments ends the count and is refused by validation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

CHARACTERS_MAX: Final = 60_000
TOKENS_MAX: Final = 6_000
DEPTH_MAX: Final = 16
ALIASES_MAX: Final = 60
DIRECTIVES_MAX: Final = 60
FIELDS_MAX: Final = 3_000
OPERATIONS_MAX: Final = 20
VALIDATION_ERRORS_MAX: Final = 10
# Anonymous callers may ask `__typename` only: nothing longer is even validated for them.
ANONYMOUS_CHARACTERS_MAX: Final = 2_000

BODY_BYTES_MAX: Final = 512 * 1024
RESPONSE_BYTES_MAX: Final = 16 * 1024 * 1024
OPERATION_SECONDS_MAX: Final = 20.0


@dataclass(slots=True)
class Shape:
    """How far one selection reaches."""

    depth: int = 0
    aliases: int = 0
    directives: int = 0
    fields: int = 0

    def add(self, other: Shape, *, deeper: int = 0) -> None:
        self.depth = max(self.depth, other.depth + deeper)
        self.aliases += other.aliases
        self.directives += other.directives
        self.fields += other.fields


class _Walk:
    def __init__(self, document: DocumentNode) -> None:
        self._fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        self._known: dict[str, Shape] = {}
        self._open: set[str] = set()

    def selection(self, selection_set: SelectionSetNode) -> Shape:
        total = Shape()
        for node in selection_set.selections:
            total.directives += len(node.directives or ())
            if isinstance(node, FieldNode):
                total.fields += 1
                total.aliases += node.alias is not None
                total.depth = max(total.depth, 1)
                if node.selection_set is not None:
                    total.add(self.selection(node.selection_set), deeper=1)
            elif isinstance(node, InlineFragmentNode):
                total.add(self.selection(node.selection_set))
            elif isinstance(node, FragmentSpreadNode):
                total.add(self._fragment(node.name.value))
            if total.fields > FIELDS_MAX:
                break
        return total

    def _fragment(self, name: str) -> Shape:
        known = self._known.get(name)
        if known is None:
            fragment = self._fragments.get(name)
            if fragment is None or name in self._open:
                return Shape()
            self._open.add(name)
            known = self._known[name] = self.selection(fragment.selection_set)
            self._open.discard(name)
        return known


def shape_of(document: DocumentNode) -> Shape:
    """The document's worst operation in each respect."""
    walk = _Walk(document)
    worst = Shape()
    for node in document.definitions:
        if not isinstance(node, OperationDefinitionNode):
            continue
        shape = walk.selection(node.selection_set)
        shape.directives += len(node.directives or ())
        worst = Shape(
            max(worst.depth, shape.depth),
            max(worst.aliases, shape.aliases),
            max(worst.directives, shape.directives),
            max(worst.fields, shape.fields),
        )
    return worst


def refusals(document: DocumentNode) -> list[GraphQLError]:
    """One error per limit the document is over; nothing of it is executed."""
    shape = shape_of(document)
    operations = sum(isinstance(node, OperationDefinitionNode) for node in document.definitions)
    measured = (
        ("is nested", shape.depth, DEPTH_MAX, "levels"),
        ("has", shape.aliases, ALIASES_MAX, "aliases"),
        ("has", shape.directives, DIRECTIVES_MAX, "directives"),
        ("selects", shape.fields, FIELDS_MAX, "fields"),
        ("has", operations, OPERATIONS_MAX, "operations"),
    )
    return [
        GraphQLError(
            f"the document {verb} {count if count <= limit * 2 else f'more than {limit}'} {unit},"
            f" expected at most {limit}; nothing was executed",
            extensions={"code": "LIMIT_EXCEEDED"},
        )
        for verb, count, limit, unit in measured
        if count > limit
    ]
