"""What may be changed: benchmarks and their assignments, conventions of calculation, groups of accounts."""

from wealthnexus.domain.performance.service.benchmarks import (
    Component,
    CreateBenchmark,
    assign_benchmark,
    create_benchmark,
)

__all__ = ["Component", "CreateBenchmark", "assign_benchmark", "create_benchmark"]
