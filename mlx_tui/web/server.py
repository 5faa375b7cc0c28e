"""Serves the interface to browsers: each tab is a program of its own on the same study."""

import html
import logging
import secrets
import shlex
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from string import Template

from aiohttp import web
from textual_serve.server import Server

from mlx_tui.web.guard import LOOPBACK, guard

HERE = Path(__file__).parent
FONT_SIZE = 16


class StudyServer(Server):
    """A server of one study; its page loads nothing from outside.

    Args:
        study: The study's folder.
        host: The address that it is bound to.
    """

    def __init__(self, study: Path, host: str) -> None:
        command = shlex.join([sys.executable, "-m", "mlx_tui", "open", str(study)])
        super().__init__(command, host=host, title=f"mlx-tui {study.name}")
        self.key = secrets.token_urlsafe(24)
        self._loopback = is_loopback(host)

    def run(self, listening: socket.socket, tell: Callable[[str], None]) -> None:
        """Serves until Ctrl-C.

        Args:
            listening: A bound socket.
            tell: Gets the link to open.
        """
        port = listening.getsockname()[1]
        shown = f"[{self.host}]" if ":" in self.host else self.host
        tell(f"http://{shown}:{port}/?key={self.key}")
        logging.basicConfig(level=logging.WARNING)
        web.run_app(self._make_app(), sock=listening, print=lambda *_: None, access_log=None)

    async def _make_app(self) -> web.Application:
        app = web.Application(middlewares=[guard(self.key, loopback=self._loopback)])
        app.add_routes(
            [
                web.get("/", self.handle_index),
                web.get("/page.{kind:css|js}", self._handle_part),
                web.get("/ws", self.handle_websocket),
                web.get("/download/{key}", self.handle_download),
                web.static("/static", self.statics_path),
            ]
        )
        return app

    async def handle_index(self, request: web.Request) -> web.StreamResponse:
        """Returns the page with the terminal."""
        size = request.query.get("fontsize", "")
        scheme = "wss" if request.secure else "ws"
        page = Template((HERE / "page.html").read_text(encoding="utf-8")).substitute(
            title=html.escape(self.title),
            websocket=html.escape(f"{scheme}://{request.host}/ws"),
            font_size=int(size) if size.isdecimal() and 6 <= int(size) <= 40 else FONT_SIZE,
        )
        return web.Response(text=page, content_type="text/html")

    async def _handle_part(self, request: web.Request) -> web.StreamResponse:
        return web.FileResponse(HERE / f"page.{request.match_info['kind']}")


def is_loopback(host: str) -> bool:
    """Whether an address is this machine's own."""
    return host in LOOPBACK or host == "::1" or (host.startswith("127.") and host.replace(".", "").isdecimal())


def listen(host: str, port: int) -> socket.socket:
    """Returns a bound socket; port 0 for any that is free.

    Raises:
        OSError: The port is in use, or the address isn't this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family)
