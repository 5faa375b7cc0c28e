"""Who may use the program in a browser: whoever has the link, from the page that this server itself serves.

The program can run commands, so a page of another site that is open in the same browser, or another user of this
machine, must not reach it: the link holds a secret, which becomes a cookie that other sites' requests don't carry, and
a connection is refused where its page comes from elsewhere or the server is called by a name that isn't its own.
"""

import secrets
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

COOKIE = "mlx_tui_key"
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
CONTENT = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self' ws://{host} wss://{host}; frame-ancestors 'none'"
)
"""What the page may load: nothing from anywhere else."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Middleware = Callable[[web.Request, Handler], Awaitable[web.StreamResponse]]


def guard(key: str, *, loopback: bool) -> Middleware:
    """Makes the middleware.

    Args:
        key: The secret in the link.
        loopback: Whether the server is reached by this machine's own names alone.
    """

    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        reason = refusal(
            request.host,
            request.headers.get("Origin", ""),
            request.cookies.get(_cookie(request), ""),
            key,
            loopback=loopback,
        )
        given = request.query.get("key", "")
        if request.path == "/" and given and secrets.compare_digest(given.encode(), key.encode()):
            answer: web.StreamResponse = web.HTTPSeeOther("/")
            answer.set_cookie(_cookie(request), key, httponly=True, samesite="Strict")
        elif reason:
            answer = web.Response(status=403, text=f"Refused: {reason}\n")
        else:
            answer = await handler(request)
        if not answer.prepared:
            answer.headers["Content-Security-Policy"] = CONTENT.format(host=request.host)
            answer.headers["Referrer-Policy"] = "no-referrer"
            answer.headers["X-Content-Type-Options"] = "nosniff"
        return answer

    wrapped: Middleware = web.middleware(check)
    return wrapped


def _cookie(request: web.Request) -> str:
    """The cookie's name: browsers keep one cookie for all ports of a machine."""
    return f"{COOKIE}_{request.url.port}"


def refusal(host: str, origin: str, cookie: str, key: str, *, loopback: bool) -> str:
    """Returns why a request is refused; empty where it isn't.

    Args:
        host: The server's name as the browser called it, with the port.
        origin: The page that asks, as its browser says; empty where it doesn't.
        cookie: The secret that came with it.
        key: The secret.
        loopback: Whether the server is reached by this machine's own names alone.
    """
    if loopback and host.rpartition(":")[0] not in LOOPBACK and host not in LOOPBACK:
        return f"this server isn't called {host!r}"
    if origin and urlsplit(origin).netloc != host:
        return "the page that asks isn't this server's"
    if not secrets.compare_digest(cookie.encode(), key.encode()):
        return "open the link that `mlx-tui serve` printed; it holds the key"
    return ""
