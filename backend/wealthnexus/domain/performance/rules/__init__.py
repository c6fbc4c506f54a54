"""Pure rules of this room: returns, gains, attribution, statistics, and the policy behind them."""
