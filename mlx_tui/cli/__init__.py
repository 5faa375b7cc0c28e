"""Commands: thin, each one call into a service. What they do, a key of the interface does through the same call.

Imports of services stand inside the commands: `mlx-tui --help` must not wait for pandas, git or Textual.
"""
