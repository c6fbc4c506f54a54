"""How an operation of the schema runs: admitted, executed in one transaction, answered without secrets."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

import strawberry
from graphql import GraphQLError, OperationType
from graphql import execute as core_execute
from graphql import subscribe as core_subscribe
from strawberry.execution import optimized_is_awaitable
from strawberry.types.execution import ExecutionResult, PreExecutionError

from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.graphql import limits, texts
from wealthnexus.graphql.access import REQUIRES
from wealthnexus.graphql.context import RequestContext
from wealthnexus.graphql.documents import Documents, Operation, Prepared
from wealthnexus.graphql.errors import public_all
from wealthnexus.graphql.executor import AttributeExecutor
from wealthnexus.kit.telemetry import OPERATION_SECONDS, OPERATIONS, operation_span, timed

# The web app's documents were looked at when it was built: their pages are as long as a screen needs.
TRUSTED_BUDGETS: Final = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, prepared: the document and what the caller sent with it."""

    prepared: Prepared
    operation_name: str | None
    variables: Mapping[str, Any] | None
    is_trusted: bool = False


class Engine:
    """Runs prepared documents only; knows every limit and never tells a secret in an error.

    ``is_open``: whether anybody signed in may read the schema (in development). ``cookies_need_trust``:
    whether sessions of the web app may send trusted documents only (in production).
    """

    def __init__(self, api: strawberry.Schema, *, is_open: bool, cookies_need_trust: bool) -> None:
        self._core = api._schema
        self.documents = Documents(api._schema)
        self._is_open = is_open
        self._cookies_need_trust = cookies_need_trust
        self._live_needs = _live_needs(api)

    async def run(self, context: RequestContext, asked: Asked) -> ExecutionResult:
        """Answers a query or mutation. Errors are fit to be shown; the context is closed afterwards."""
        operation = self.admit(context, asked)
        if isinstance(operation, PreExecutionError):
            return operation
        if operation.kind is OperationType.SUBSCRIPTION:
            return self.refused(context, GraphQLError(texts.SUBSCRIBE_ELSEWHERE()))
        name = _metric_name(operation, asked)
        with operation_span("graphql.operation", operation=name), timed(OPERATION_SECONDS.labels(name)):
            result = await self._execute(context, asked)
        outcome = "ok" if not result.errors else str((result.errors[0].extensions or {}).get("code", "error"))
        OPERATIONS.labels(name, outcome).inc()
        result.extensions = {"cost": self.cost(context, operation, asked)}
        return result

    async def _execute(self, context: RequestContext, asked: Asked) -> ExecutionResult:
        document = asked.prepared.runnable
        context.until = asyncio.get_running_loop().time() + limits.OPERATION_SECONDS_MAX
        try:
            async with asyncio.timeout_at(context.until):
                answer: Any = core_execute(
                    self._core,
                    document,
                    variable_values=dict(asked.variables or {}),
                    operation_name=asked.operation_name,
                    context_value=context,
                    executor_class=AttributeExecutor,
                    is_awaitable=cast(Any, optimized_is_awaitable),
                )
                if optimized_is_awaitable(answer):
                    answer = await answer
                data, errors = answer.data, answer.errors
        except TimeoutError as error:
            data, errors = None, [GraphQLError(str(error), original_error=error)]
        finally:
            await context.close()
        shown = public_all(errors, context.request.request_id) if errors else None
        if errors and all(error.path is None for error in errors):
            return PreExecutionError(data=None, errors=shown)
        return ExecutionResult(data=data, errors=shown)

    def admit(self, context: RequestContext, asked: Asked) -> Operation | PreExecutionError:
        """The operation to run, or why it is not run at all."""
        prepared = asked.prepared
        if prepared.errors:
            return self.refused(context, *prepared.errors)
        operation = prepared.choose(asked.operation_name)
        if isinstance(operation, GraphQLError):
            return self.refused(context, operation)
        if operation.is_probe:
            return operation
        caller = context.signed_in
        if caller is None or context.firm is None:
            return self.unauthenticated(context)
        if self._cookies_need_trust and caller.via == "cookie" and not asked.is_trusted:
            return self.refused(context, _error(texts.TRUSTED_ONLY(), "FORBIDDEN"))
        for root in operation.roots:
            needs = self._live_needs.get(root) if operation.kind is OperationType.SUBSCRIPTION else None
            if needs is not None and not caller.may(needs):
                said = texts.NOT_PERMITTED(permission=needs.value)
                return self.refused(context, _error(said, "FORBIDDEN"))
        if operation.introspects and not (self._is_open or caller.may(Permission.API_INTROSPECT)):
            return self.refused(context, _error(texts.NO_INTROSPECTION(), "FORBIDDEN"))
        cost = self.cost(context, operation, asked)
        if cost["requested"] > cost["budget"]:
            said = texts.TOO_COSTLY(cost=cost["requested"], budget=cost["budget"])
            return self.refused(context, _error(said, "LIMIT_EXCEEDED"), cost=cost)
        context.is_bulk = asked.is_trusted and (operation.name or "").endswith("Bulk")
        return operation

    def cost(self, context: RequestContext, operation: Operation, asked: Asked) -> dict[str, int]:
        """What the operation may cost and what its caller may spend on one."""
        budget = context.firm.limit("operation_cost_max") if context.firm is not None else 100
        if asked.is_trusted:
            budget *= TRUSTED_BUDGETS
        return {"requested": operation.cost.cost(asked.variables), "budget": budget}

    def unauthenticated(self, context: RequestContext) -> PreExecutionError:
        return self.refused(context, _error(texts.UNAUTHENTICATED(), "UNAUTHENTICATED"))

    def refused(
        self, context: RequestContext, *errors: GraphQLError, cost: dict[str, int] | None = None
    ) -> PreExecutionError:
        """Nothing was executed, and this is why."""
        shown = public_all(errors, context.request.request_id)
        OPERATIONS.labels("refused", str((shown[0].extensions or {}).get("code"))).inc()
        return PreExecutionError(data=None, errors=shown, extensions={"cost": cost} if cost else None)

    async def follow(self, context: RequestContext, asked: Asked) -> AsyncGenerator[ExecutionResult, None]:
        """A subscription's answers, one per event, until the caller closes the generator; the single
        answer of a query or mutation."""
        operation = self.admit(context, asked)
        if isinstance(operation, PreExecutionError):
            yield operation
            return
        if operation.kind is not OperationType.SUBSCRIPTION:
            yield await self.run(context, asked)
            return
        document = asked.prepared.runnable
        source: Any = core_subscribe(
            self._core,
            document,
            variable_values=dict(asked.variables or {}),
            operation_name=asked.operation_name,
            context_value=context,
            executor_class=AttributeExecutor,
        )
        if optimized_is_awaitable(source):
            source = await source
        if not hasattr(source, "__aiter__"):
            yield PreExecutionError(data=None, errors=public_all(source.errors, context.request.request_id))
            return
        kind: type[ExecutionResult] = PreExecutionError
        async with contextlib.aclosing(source):
            try:
                async for event in source:
                    errors = event.errors and public_all(event.errors, context.request.request_id)
                    kind = ExecutionResult
                    yield kind(data=event.data, errors=errors)
                    await context.close()
            except Exception as error:
                # Before the first event it is a refusal of the subscription itself.
                wrapped = GraphQLError(str(error), original_error=error)
                yield kind(data=None, errors=public_all([wrapped], context.request.request_id))
            finally:
                await context.close()


def _error(message: str, code: str) -> GraphQLError:
    return GraphQLError(message, extensions={"code": code})


def _metric_name(operation: Operation, asked: Asked) -> str:
    """Names of trusted documents only: others could be without number."""
    return (operation.name or "unnamed") if asked.is_trusted else f"other {operation.kind.value}"


def _live_needs(api: strawberry.Schema) -> dict[str, Permission]:
    """What each subscription needs: it is refused before it starts."""
    definition = cast(Any, api.subscription).__strawberry_definition__
    return {
        api.config.name_converter.from_field(field): field.metadata[REQUIRES] for field in definition.fields
    }
