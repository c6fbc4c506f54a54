"""What the tests share: servers, databases, callers."""
