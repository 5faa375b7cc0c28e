from pathlib import Path

from mlx_tui.tui.widgets.log_view import LogView

from .support import HOSTILE, WidgetApp, obeyed, screen_text, until, until_shown


def append(path: Path, start: int, stop: int) -> None:
    with path.open("ab") as log:
        log.write(b"".join(b"line %d \x1b[32mgreen\x1b[0m\n" % number for number in range(start, stop)))


def lines(text: str) -> list[str]:
    """Without the scrollbar, whose thumb shrinks."""
    return [line[:-1] for line in text.splitlines()]


async def test_a_log_that_is_not_there_yet_is_followed_once_it_is(tmp_path: Path) -> None:
    view = LogView(tmp_path / "log")
    async with WidgetApp(view).run_test(size=(60, 12)) as pilot:
        append(tmp_path / "log", 0, 500)
        await until_shown(pilot, "line 499")
        append(tmp_path / "log", 500, 900)
        await until_shown(pilot, "line 899")
        assert view.following


async def test_scrolling_up_pauses_and_the_end_follows_again(tmp_path: Path) -> None:
    log = tmp_path / "log"
    append(log, 0, 500)
    view = LogView(log)
    async with WidgetApp(view).run_test(size=(60, 12)) as pilot:
        view.focus()
        await until_shown(pilot, "line 499")
        await pilot.press("k", "pageup")
        assert not view.following
        shown = lines(screen_text(pilot.app))
        append(log, 500, 800)
        await until(pilot, lambda: view.lines == 800)
        assert lines(screen_text(pilot.app)) == shown
        await pilot.press("G")
        await until_shown(pilot, "line 799")
        append(log, 800, 801)
        await until_shown(pilot, "line 800")


async def test_search_goes_from_hit_to_hit_and_round(tmp_path: Path) -> None:
    log = tmp_path / "log"
    append(log, 0, 300)
    with log.open("ab") as stream:
        stream.write(b"ERROR one\n")
    append(log, 300, 600)
    with log.open("ab") as stream:
        stream.write(b"an error two\n")
    append(log, 600, 900)
    view = LogView(log)
    async with WidgetApp(view).run_test(size=(60, 12)) as pilot:
        view.focus()
        await until(pilot, lambda: view.lines == 902)
        await pilot.press("g")
        view.search("error")
        await until(pilot, lambda: view.hit == 300)
        assert "301▶ERROR one" in screen_text(pilot.app)
        await pilot.press("n")
        await until(pilot, lambda: view.hit == 601)
        await pilot.press("n")
        await until(pilot, lambda: view.hit == 300)
        await pilot.press("N")
        await until(pilot, lambda: view.hit == 601)


async def test_a_line_can_be_shown(tmp_path: Path) -> None:
    log = tmp_path / "log"
    append(log, 0, 500)
    view = LogView(log)
    async with WidgetApp(view).run_test(size=(60, 12)) as pilot:
        await until(pilot, lambda: view.lines == 500)
        view.error_line = 250
        view.show_line(250)
        await until_shown(pilot, "251▶line 250")
        assert not view.following


async def test_hostile_lines_reach_no_terminal(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_bytes("\n".join(HOSTILE).encode() + b"\n\xff\xfe\x1b]0;x\n")
    view = LogView(log)
    async with WidgetApp(view).run_test(size=(60, 16)) as pilot:
        await until_shown(pilot, "d[0][/foo]")
        assert obeyed(screen_text(pilot.app)) == []


async def test_the_end_stays_in_sight_whatever_the_size(tmp_path: Path) -> None:
    log = tmp_path / "log"
    append(log, 0, 500)
    with log.open("ab") as stream:
        stream.write(b"wide " * 14 + b"\n")
    append(log, 501, 520)
    view = LogView(log)
    async with WidgetApp(view).run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "line 519")
        append(log, 520, 540)  # grows where nothing is laid out
        await until_shown(pilot, "line 539")
        for size in ((40, 12), (80, 24), (30, 6)):
            await pilot.resize_terminal(*size)
            await until(pilot, lambda: view.outer_size.height == pilot.app.size.height)
            await until_shown(pilot, "line 539")
            assert view.following


async def test_who_scrolled_up_stays_there_whatever_the_size(tmp_path: Path) -> None:
    log = tmp_path / "log"
    append(log, 0, 500)
    view = LogView(log)
    async with WidgetApp(view).run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "line 499")
        view.show_line(100)
        top = view.scroll_offset.y
        await pilot.resize_terminal(40, 12)
        await until(pilot, lambda: view.size.height <= 12)
        await pilot.pause()
        assert not view.following and view.scroll_offset.y == top
