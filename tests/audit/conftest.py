from tests.support.engines import firm, other_firm, platform

__all__ = ["firm", "other_firm", "platform"]
