"""Every statement of performance: who belongs to a scope, what it was worth each day, what moved."""
