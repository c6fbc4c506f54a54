"""Pure decisions of identity: one-time codes, lock-out, passwords, names."""
