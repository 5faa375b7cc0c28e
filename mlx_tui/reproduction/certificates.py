"""A certificate that wasn't accepted, as Python, OpenSSL, rustls, git and curl say it."""

import re

_REFUSED = re.compile(
    r"certificate verify failed(?:: [^()\[\]\n'\"]*[^()\[\]\n'\" ])?"
    r"|invalid peer certificate(?:: \w+)?"
    r"|SSL certificate problem(?:: [^()\n'\"]*[^()\n'\" ])?"
    r"|server certificate verification failed"
    r"|certificate signed by unknown authority"
)
_UNSAID = re.compile(r"SSLCertVerificationError|CERTIFICATE_VERIFY_FAILED")


def refused_certificate(text: str) -> str:
    """Returns in what words a text tells that a certificate wasn't accepted, the last ones; empty where it doesn't."""
    told = [match[0] for match in _REFUSED.finditer(text)]
    return told[-1] if told else "certificate verify failed" if _UNSAID.search(text) else ""
