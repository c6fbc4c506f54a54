"""Live values: quotes per firm through a Redis stream, watched subjects valued once per flush.

Nothing is quoted or valued that nobody watches. A quote sequence belongs to one firm and only goes up.
"""

from wealthnexus.domain.markets.live.hub import LiveEvent, SubjectValue, Watch, watch_values
from wealthnexus.domain.markets.live.quotes import Feeder, QuoteBoard, Tick

__all__ = [
    "Feeder",
    "LiveEvent",
    "QuoteBoard",
    "SubjectValue",
    "Tick",
    "Watch",
    "watch_values",
]
