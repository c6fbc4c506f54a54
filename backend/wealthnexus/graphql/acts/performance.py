"""Benchmarks, conventions and groups: one unit of work each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from wealthnexus.domain.ledger import book_view
from wealthnexus.domain.performance.rules.benchmarks import Rebalance
from wealthnexus.domain.performance.service import (
    AssignBenchmark,
    ChangeBenchmark,
    ChangeGroup,
    Component,
    CreateBenchmark,
    Publish,
    SetPolicy,
    assign_benchmark,
    change_benchmark,
    change_group,
    create_benchmark,
    create_group,
    publish,
    set_policy,
)
from wealthnexus.graphql import texts
from wealthnexus.graphql.context import RequestContext
from wealthnexus.graphql.ids import input_key, row_key, to_global
from wealthnexus.graphql.loaders.performance_shown import scope_of
from wealthnexus.graphql.types import performance_changes as types
from wealthnexus.graphql.types.performance import AccountGroup, BenchmarkRef
from wealthnexus.graphql.types.published import PublishFiguresInput, PublishFiguresSuccess
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import ValidationFailed
from wealthnexus.kit.idempotency import run_once


class PerformanceActs:
    def __init__(self, context: RequestContext) -> None:
        self._context = context

    async def create_benchmark(self, given: types.CreateBenchmarkInput) -> types.CreateBenchmarkSuccess:
        command = CreateBenchmark(
            given.name, _components(given.components), given.reason, given.rebalance or Rebalance.MONTHLY
        )

        async def work(uow: UnitOfWork) -> dict[str, Any]:
            return {"id": await create_benchmark(uow, command)}

        key = UUID((await self._once("createBenchmark", given.idempotency_key, asdict(command), work))["id"])
        return types.CreateBenchmarkSuccess(
            benchmark=BenchmarkRef(id=to_global("Benchmark", key), name=given.name.strip())
        )

    async def change_benchmark(self, given: types.ChangeBenchmarkInput) -> types.ChangeBenchmarkSuccess:
        command = ChangeBenchmark(
            input_key(given.benchmark_id, "Benchmark", "benchmarkId"),
            _components(given.components),
            given.reason,
            given.expected_version,
            given.rebalance or Rebalance.MONTHLY,
        )

        async def work(uow: UnitOfWork) -> dict[str, Any]:
            return {"version": await change_benchmark(uow, command)}

        await self._once("changeBenchmark", given.idempotency_key, asdict(command), work)
        reads = (await self._context.loaders()).benchmarks
        return types.ChangeBenchmarkSuccess(benchmark=await reads.one(given.benchmark_id, None, None, None))

    async def assign_benchmark(self, given: types.AssignBenchmarkInput) -> types.AssignBenchmarkSuccess:
        if given.household_id is not None and given.account_id is not None:
            raise ValidationFailed(texts.ONE_SUBJECT(), path=("input", "accountId"))
        command = AssignBenchmark(
            input_key(given.benchmark_id, "Benchmark", "benchmarkId"),
            given.effective_from,
            given.reason,
            _key(given.household_id, "Household", "householdId"),
            _key(given.account_id, "Account", "accountId"),
        )

        async def work(uow: UnitOfWork) -> dict[str, Any]:
            return asdict(await assign_benchmark(uow, command))

        done = await self._once("assignBenchmark", given.idempotency_key, asdict(command), work)
        return types.AssignBenchmarkSuccess(
            benchmark=BenchmarkRef(id=given.benchmark_id, name=done["name"]),
            until=None if done["until"] is None else date.fromisoformat(done["until"]),
        )

    async def set_calculation_policy(
        self, given: types.SetCalculationPolicyInput
    ) -> types.SetCalculationPolicySuccess:
        command = SetPolicy(
            _key(given.household_id, "Household", "householdId"),
            {each.name: each.value for each in given.changes},
            given.effective_from,
            given.reason,
            given.expected_number,
            given.report,
        )

        async def work(uow: UnitOfWork) -> dict[str, Any]:
            return {"number": await set_policy(uow, command)}

        await self._once("setCalculationPolicy", given.idempotency_key, asdict(command), work)
        reads = (await self._context.loaders()).performance
        return types.SetCalculationPolicySuccess(
            calculation_policy=await reads.calculation_policy(given.household_id, given.report, None)
        )

    async def publish_figures(self, given: PublishFiguresInput) -> PublishFiguresSuccess:
        scope, firm = scope_of(given.scope), self._context.caller.firm
        command = Publish(scope, given.as_of, given.reason, given.expected_number)

        async def work(uow: UnitOfWork) -> dict[str, Any]:
            return {"id": await publish(uow, await book_view(uow, firm, given.as_of), command)}

        made = await self._once("publishFigures", given.idempotency_key, asdict(command), work)
        published = (await self._context.loaders()).published
        return PublishFiguresSuccess(publication=await published.one(UUID(str(made["id"]))))

    async def create_account_group(
        self, given: types.CreateAccountGroupInput
    ) -> types.CreateAccountGroupSuccess:
        keys = [input_key(each, "Account", "accountIds") for each in given.account_ids]

        async def work(uow: UnitOfWork) -> dict[str, Any]:
            return {"id": await create_group(uow, given.name, keys)}

        request = {"name": given.name, "accountIds": keys}
        done = await self._once("createAccountGroup", given.idempotency_key, request, work)
        return types.CreateAccountGroupSuccess(
            account_group=AccountGroup(
                id=to_global("AccountGroup", UUID(done["id"])),
                name=given.name.strip(),
                account_count=len(set(keys)),
            )
        )

    async def change_account_group(
        self, given: types.ChangeAccountGroupInput
    ) -> types.ChangeAccountGroupSuccess:
        command = ChangeGroup(
            input_key(given.group_id, "AccountGroup", "groupId"),
            given.effective_from,
            tuple(input_key(each, "Account", "addAccountIds") for each in given.add_account_ids),
            tuple(input_key(each, "Account", "removeAccountIds") for each in given.remove_account_ids),
        )

        async def work(uow: UnitOfWork) -> dict[str, Any]:
            return {"count": await change_group(uow, command)}

        await self._once("changeAccountGroup", given.idempotency_key, asdict(command), work)
        reads = (await self._context.loaders()).performance
        group = next(each for each in await reads.groups() if each.id == given.group_id)
        return types.ChangeAccountGroupSuccess(account_group=group)

    async def _once(
        self,
        operation: str,
        key: str,
        request: dict[str, Any],
        do: Callable[[UnitOfWork], Awaitable[dict[str, Any]]],
    ) -> dict[str, Any]:
        """The answer of one unit of work; of the same request again the answer of the first."""
        caller = self._context.caller

        async def work(uow: UnitOfWork) -> dict[str, Any]:
            return await run_once(
                uow,
                principal_id=caller.user_id,
                operation=operation,
                key=key,
                request=request,
                do=lambda: do(uow),
            )

        return await self._context.change(work)


def _components(given: Sequence[types.BenchmarkComponentInput]) -> tuple[Component, ...]:
    return tuple(
        Component(
            each.first_day,
            each.weight,
            None
            if each.security_id is None
            else row_key(each.security_id, "Security", "components", at, "securityId"),
            each.yearly_rate,
        )
        for at, each in enumerate(given)
    )


def _key(given: str | None, type_name: str, path: str) -> UUID | None:
    return None if given is None else input_key(given, type_name, path)
