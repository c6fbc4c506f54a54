"""The nightly close of a firm's books: prices, corporate actions, valuations, performance, findings.

Each day has its stages, kept with what they found; a close that was interrupted goes on where it stopped.
docs/domain/closing.md has the stages and what each leaves behind.
"""

from wealthnexus.domain.closing.repository import CloseDay, StageRow
from wealthnexus.domain.closing.rules import Stage, StageState

__all__ = ["CloseDay", "Stage", "StageRow", "StageState"]
