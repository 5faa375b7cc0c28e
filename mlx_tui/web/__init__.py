"""The interface in a browser (extra `serve`)."""
