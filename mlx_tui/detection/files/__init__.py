"""Matchers of the evidence that isn't Python: one module a kind of file."""
