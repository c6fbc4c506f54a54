"""Execution with a short cut: what consists of attributes alone is read without asking field by field.

graphql-core resolves and completes every field by itself. Most of an answer here is plain attributes of
rows, so a selection in which every field is one (objects and lists of such included) is compiled, once
per operation, into a function from the object to its answer. Whatever goes wrong in it (a null where
none may be, a value that does not fit its scalar) is run again the long way, which says what and where.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
)
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

Read = Callable[[Any], Any]
_NOT_PURE: Final = None


class _Null(Exception):
    """A null where the schema allows none."""


class AttributeExecutor(StrawberryGraphQLCoreExecutionContext):
    """One per operation."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Keyed by the identity of the field list, which is kept alive beside the plan.
        self._plans: dict[tuple[GraphQLObjectType, int], tuple[Any, Read | None]] = {}

    def collect_and_execute_subfields(
        self,
        return_type: GraphQLObjectType,
        field_details_list: Any,
        path: Any,
        result: Any,
        position_context: Any,
    ) -> Any:
        read = self._plan(return_type, field_details_list)
        if read is not None:
            try:
                return read(result)
            except Exception:
                return super().collect_and_execute_subfields(
                    return_type, field_details_list, path, result, position_context
                )
        return super().collect_and_execute_subfields(
            return_type, field_details_list, path, result, position_context
        )

    def _plan(self, type_: GraphQLObjectType, field_details_list: Any) -> Read | None:
        key = (type_, id(field_details_list))
        known = self._plans.get(key)
        if known is None:
            known = self._plans[key] = (field_details_list, self._compiled(type_, field_details_list))
        return known[1]

    def _compiled(self, type_: GraphQLObjectType, field_details_list: Any) -> Read | None:
        """None when a field of the selection, however deep, is more than an attribute."""
        grouped, deferred, _ = self.collect_subfields(type_, field_details_list)
        if deferred:
            return _NOT_PURE
        reads: list[tuple[str, Read]] = []
        for name, details in grouped.items():
            node = details[0].node
            if node.name.value == "__typename":
                reads.append((name, _constant(type_.name)))
                continue
            field = type_.fields.get(node.name.value)
            attribute = _attribute_of(field) if field is not None else None
            if field is None or attribute is None:
                return _NOT_PURE
            complete = self._completion(field.type, details)
            if complete is None:
                return _NOT_PURE
            reads.append((name, _attribute(attribute, complete)))
        return _object(reads)

    def _completion(self, type_: Any, details: Any) -> Read | None:
        """What makes an attribute's value the answer's; None when that takes more than reading."""
        if isinstance(type_, GraphQLNonNull):
            inner = self._completion(type_.of_type, details)
            return _never_null(inner) if inner is not None else None
        if isinstance(type_, GraphQLScalarType | GraphQLEnumType):
            return _unless_null(type_.coerce_output_value)
        if isinstance(type_, GraphQLList):
            item = self._completion(type_.of_type, details)
            return _unless_null(_each(item)) if item is not None else None
        if isinstance(type_, GraphQLObjectType):
            read = self._plan(type_, details)
            return _unless_null(read) if read is not None else None
        return _NOT_PURE


def _attribute_of(field: GraphQLField) -> str | None:
    """The attribute a field reads; None when it has a resolver or arguments."""
    definition = field.extensions.get("strawberry-definition")
    if definition is None or field.args or not definition.is_basic_field:
        return None
    name: str = definition.python_name
    return name


def _constant(value: str) -> Read:
    return lambda _source: value


def _attribute(name: str, complete: Read) -> Read:
    def read(source: Any) -> Any:
        return complete(getattr(source, name))

    return read


def _object(reads: list[tuple[str, Read]]) -> Read:
    def read(source: Any) -> dict[str, Any]:
        return {name: part(source) for name, part in reads}

    return read


def _each(item: Read) -> Read:
    def read(values: Any) -> list[Any]:
        return [item(value) for value in values]

    return read


def _unless_null(complete: Read) -> Read:
    def read(value: Any) -> Any:
        return None if value is None else complete(value)

    return read


def _never_null(complete: Read) -> Read:
    def read(value: Any) -> Any:
        completed = complete(value)
        if completed is None:
            raise _Null
        return completed

    return read
