"""The background processes: relay (outbox to Redis), worker (jobs), scheduler (what is due)."""
