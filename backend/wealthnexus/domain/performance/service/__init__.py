"""What may be changed: benchmarks and their assignments, conventions of calculation, groups of accounts."""

from wealthnexus.domain.performance.service.benchmarks import (
    AssignBenchmark,
    Component,
    CreateBenchmark,
    assign_benchmark,
    create_benchmark,
)
from wealthnexus.domain.performance.service.groups import ChangeGroup, change_group, create_group
from wealthnexus.domain.performance.service.policies import SetPolicy, set_policy
from wealthnexus.domain.performance.service.publishing import Publish, publish

__all__ = [
    "AssignBenchmark",
    "ChangeGroup",
    "Component",
    "CreateBenchmark",
    "Publish",
    "SetPolicy",
    "assign_benchmark",
    "change_group",
    "create_benchmark",
    "create_group",
    "publish",
    "set_policy",
]
