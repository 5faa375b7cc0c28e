"""Detection in Python: parse, collect names by scope, resolve calls, match the codebook's rules."""
