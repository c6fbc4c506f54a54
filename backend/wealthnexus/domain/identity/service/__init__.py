"""The verbs of identity, one function each."""
