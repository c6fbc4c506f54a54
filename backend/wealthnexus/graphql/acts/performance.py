"""Benchmarks, conventions and groups: one unit of work each."""

from __future__ import annotations

from uuid import UUID

from wealthnexus.domain.performance.rules.benchmarks import Rebalance
from wealthnexus.domain.performance.service import (
    Component,
    CreateBenchmark,
    SetPolicy,
    assign_benchmark,
    create_benchmark,
    create_group,
    set_policy,
)
from wealthnexus.graphql import texts
from wealthnexus.graphql.context import RequestContext
from wealthnexus.graphql.ids import input_key, row_key, to_global
from wealthnexus.graphql.types import performance_changes as types
from wealthnexus.graphql.types.performance import AccountGroup, BenchmarkRef
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import ValidationFailed


class PerformanceActs:
    def __init__(self, context: RequestContext) -> None:
        self._context = context

    async def create_benchmark(self, given: types.CreateBenchmarkInput) -> types.CreateBenchmarkSuccess:
        parts = tuple(
            Component(
                each.first_day,
                each.weight,
                None
                if each.security_id is None
                else row_key(each.security_id, "Security", "components", at, "securityId"),
                each.yearly_rate,
            )
            for at, each in enumerate(given.components)
        )
        command = CreateBenchmark(given.name, parts, given.reason, given.rebalance or Rebalance.MONTHLY)

        async def work(uow: UnitOfWork) -> UUID:
            return await create_benchmark(uow, command)

        key = await self._context.change(work)
        return types.CreateBenchmarkSuccess(
            benchmark=BenchmarkRef(id=to_global("Benchmark", key), name=given.name.strip())
        )

    async def assign_benchmark(self, given: types.AssignBenchmarkInput) -> types.AssignBenchmarkSuccess:
        benchmark = input_key(given.benchmark_id, "Benchmark", "benchmarkId")
        if given.household_id is not None and given.account_id is not None:
            raise ValidationFailed(texts.ONE_SUBJECT(), path=("input", "accountId"))
        subject = None
        if given.household_id is not None:
            subject = input_key(given.household_id, "Household", "householdId")
        if given.account_id is not None:
            subject = input_key(given.account_id, "Account", "accountId")

        async def work(uow: UnitOfWork) -> str:
            return await assign_benchmark(uow, benchmark, subject, given.effective_from, given.reason)

        name = await self._context.change(work)
        return types.AssignBenchmarkSuccess(benchmark=BenchmarkRef(id=given.benchmark_id, name=name))

    async def set_calculation_policy(
        self, given: types.SetCalculationPolicyInput
    ) -> types.SetCalculationPolicySuccess:
        household = None
        if given.household_id is not None:
            household = input_key(given.household_id, "Household", "householdId")
        changes = {each.name: each.value for each in given.changes}
        command = SetPolicy(household, changes, given.reason, given.expected_number)

        async def work(uow: UnitOfWork) -> int:
            return await set_policy(uow, command)

        await self._context.change(work)
        reads = (await self._context.loaders()).performance
        return types.SetCalculationPolicySuccess(
            calculation_policy=await reads.calculation_policy(given.household_id, None)
        )

    async def create_account_group(
        self, given: types.CreateAccountGroupInput
    ) -> types.CreateAccountGroupSuccess:
        keys = [input_key(each, "Account", "accountIds") for each in given.account_ids]

        async def work(uow: UnitOfWork) -> UUID:
            return await create_group(uow, given.name, keys)

        key = await self._context.change(work)
        return types.CreateAccountGroupSuccess(
            account_group=AccountGroup(
                id=to_global("AccountGroup", key), name=given.name.strip(), account_count=len(set(keys))
            )
        )
