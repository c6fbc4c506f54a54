"""Quotes that are made up around the last real close, and say so."""

from wealthnexus.integrations.market_data.simulator.walk import SimulatedMarket

__all__ = ["SimulatedMarket"]
