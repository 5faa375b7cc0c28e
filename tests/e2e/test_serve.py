"""The interface in a real browser, and who is kept out."""

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest

pytest.importorskip("textual_serve", reason="the extra `serve` isn't installed")

import aiohttp

from mlx_tui.web.guard import refusal
from mlx_tui.web.server import is_loopback
from tests.e2e.browser import CHROMIUM, chromium

PROGRAM = Path(sys.executable).parent / "mlx-tui"


@contextlib.contextmanager
def served(study: Path) -> Iterator[str]:
    """Runs `mlx-tui serve` on a free port; gives the link that it prints."""
    process = subprocess.Popen(
        [PROGRAM, "serve", study, "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        assert process.stdout is not None
        printed = []
        for line in process.stdout:
            printed.append(line)
            if line.startswith("http://"):
                break
        else:
            raise AssertionError("".join(printed))
        yield line.strip()
    finally:
        process.terminate()
        process.wait(30)
        assert process.stdout is not None
        process.stdout.close()


def status(link: str, **headers: str) -> int:
    opener = build_opener(HTTPCookieProcessor())
    try:
        with opener.open(Request(link, headers=headers), timeout=30) as answer:
            return int(answer.status)
    except HTTPError as error:
        error.close()
        return error.code


def mlx(*arguments: object) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium isn't installed")
async def test_the_table_is_seen_and_keys_act_in_a_browser(demo_folder: Path, tmp_path: Path) -> None:
    with served(demo_folder) as link:
        async with chromium(tmp_path / "profile") as browser:
            await browser.open(link)
            await browser.wait_for("sklearn-mlproject")
            await browser.wait_for("6/6")
            await browser.type("/")
            await browser.wait_for("words, column:text")
            await browser.type("noisy")
            await browser.wait_for(lambda text: "noisy-mlp" in text and "lookalike" not in text)
            await browser.type("\r")
            await browser.wait_for("1 of 14 repositories")
            await browser.type("\r")
            await browser.wait_for("left to judge")
            await browser.type("c")
            await browser.wait_for("saved: confirmed")
            await browser.type("T")
            await browser.wait_for("theme light")
            assert (await browser.picture()).startswith(b"\x89PNG")
            # The page is the terminal alone, as large as the window, and nothing came from elsewhere.
            assert await browser.evaluate("document.querySelectorAll('.xterm-screen canvas').length") > 0
            assert await browser.evaluate("document.fonts.check('16px \"Roboto Mono\"')")
            own = urlsplit(link).netloc
            assert {urlsplit(address).netloc for address in browser.requested if "data:" not in address} == {own}
            assert not [text for text in browser.complaints if "Content Security" in text or "Failed to load" in text]
            await browser.type("q")
            closed = "new Promise(done => { const look = () => document.body.classList.contains('-closed') ? done("
            closed += "getComputedStyle(document.querySelector('.ended')).display) : setTimeout(look, 50); look() })"
            assert await browser.evaluate(closed) == "block"
    assert "confirmed" in (demo_folder / "annotations.csv").read_text()


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium isn't installed")
async def test_another_page_in_the_same_browser_reaches_nothing(demo_folder: Path, tmp_path: Path) -> None:
    with served(demo_folder) as link, served(demo_folder) as other:
        async with chromium(tmp_path / "profile") as browser:
            await browser.open(other)
            await browser.wait_for("sklearn-mlproject")
            await browser.call("Page.setBypassCSP", enabled=True)
            await browser.call("Page.navigate", url=other)
            await browser.wait_for("sklearn-mlproject")
            address = f"ws://{urlsplit(link).netloc}/ws?width=80&height=24"
            opened = f"new Promise(done => {{ const s = new WebSocket({json.dumps(address)});"
            opened += "s.onopen = () => done('opened'); s.onerror = () => done('refused') })"
            assert await browser.evaluate(opened) == "refused"


async def test_whoever_lacks_the_key_is_refused(demo_folder: Path) -> None:
    with served(demo_folder) as link:
        address = link.partition("?")[0]
        assert status(link) == 200
        assert status(address) == status(f"{address}?key=wrong") == status(f"{address}static/js/textual.js") == 403
        assert status(f"{address}?key=ä".encode().decode("latin-1").replace("Ã¤", "%C3%A4")) == 403
        assert status(link, Origin="http://evil.example") == 403
        assert status(link, Host="evil.example") == 403
        async with aiohttp.ClientSession() as session:
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await session.ws_connect(address.replace("http", "ws") + "ws")


@pytest.mark.parametrize(
    ("host", "origin", "cookie", "told"),
    [
        ("127.0.0.1:8123", "", "key", ""),
        ("localhost:8123", "http://localhost:8123", "key", ""),
        ("[::1]:8123", "http://[::1]:8123", "key", ""),
        ("127.0.0.1:8123", "http://127.0.0.1:9999", "key", "the page that asks"),
        ("127.0.0.1:8123", "null", "key", "the page that asks"),
        ("evil.example:8123", "http://evil.example:8123", "key", "isn't called"),
        ("127.0.0.1:8123", "", "kei", "holds the key"),
        ("127.0.0.1:8123", "", "schlüssel", "holds the key"),
    ],
)
def test_what_is_refused_and_why(host: str, origin: str, cookie: str, told: str) -> None:
    reason = refusal(host, origin, cookie, "key", loopback=True)
    assert told in reason and bool(told) is bool(reason)


@pytest.mark.parametrize(
    ("host", "own"),
    [("127.0.0.1", True), ("127.1.2.3", True), ("localhost", True), ("::1", True), ("0.0.0.0", False)]
    + [(host, False) for host in ("192.168.1.2", "::", "127.evil.example", "example.org", "")],
)
def test_which_addresses_are_this_machines_own(host: str, own: bool) -> None:
    assert is_loopback(host) is own


def test_an_address_that_others_reach_is_refused_without_the_flag(demo_folder: Path) -> None:
    done = mlx("serve", demo_folder, "--host", "0.0.0.0")
    assert done.returncode == 2 and "--allow-remote" in done.stderr and "run commands as you" in done.stderr


def test_a_port_in_use_and_a_folder_without_a_study_are_told(demo_folder: Path, tmp_path: Path) -> None:
    with served(demo_folder) as link:
        done = mlx("serve", demo_folder, "--port", str(urlsplit(link).port))
        assert done.returncode == 2 and "--port 0 takes any" in done.stderr
    done = mlx("serve", tmp_path)
    assert done.returncode == 2 and "is not a study" in done.stderr


def test_without_the_extra_it_says_what_to_install(demo_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "textual_serve").mkdir()
    (tmp_path / "textual_serve" / "__init__.py").write_text("raise ImportError('No module named textual_serve')")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from mlx_tui.cli.app import run; run(sys.argv[1:])"
    done = subprocess.run(
        [sys.executable, "-c", code, "serve", demo_folder], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 2 and "pip install 'mlx-tui[serve]'" in done.stderr
