"""Pure parsers of the files that both detection and reproduction read: bytes in, dataclasses out."""
