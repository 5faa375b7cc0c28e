"""Where a repository says, or shows, how its experiment is run: one module a kind of source."""
