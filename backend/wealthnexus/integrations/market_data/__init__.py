"""Quotes during the day: the port, and the simulation that stands in where no feed is connected."""

from wealthnexus.integrations.market_data.protocol import Instrument, MarketData, Quote

__all__ = ["Instrument", "MarketData", "Quote"]
