"""Real processes killed with SIGKILL while real work runs."""
