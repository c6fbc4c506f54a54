"""The ground floor: no domain words, no knowledge of any room above."""
