from rich.cells import cell_len

from mlx_tui.tui.presentation.document import read_document
from mlx_tui.tui.widgets.code_view import CodeView, GutterMark

from .support import HOSTILE, WidgetApp, obeyed, screen_text

SOURCE = "".join(f"value_{number} = {number}\n" for number in range(1, 6001)).encode()


async def test_the_evidence_is_in_sight_with_context_and_marked_without_colour() -> None:
    view = CodeView()
    async with WidgetApp(view).run_test(size=(60, 20)) as pilot:
        document = read_document("a.py", SOURCE)
        view.show(document, {2999: GutterMark("✓"), 3001: GutterMark("●")}, 2999)
        await pilot.pause()
        lines = screen_text(pilot.app).splitlines()
        row = next(index for index, line in enumerate(lines) if "▶✓│" in line)
        assert "3000▶✓│ value_3000 = 3000" in lines[row]
        assert "3002 ●│" in lines[row + 2]
        assert 2 <= row <= 17


async def test_the_whole_file_can_be_read() -> None:
    view = CodeView()
    async with WidgetApp(view).run_test(size=(60, 20)) as pilot:
        view.show(read_document("a.py", SOURCE), {}, 10)
        view.focus()
        await pilot.press("G")
        assert "value_6000" in screen_text(pilot.app)
        await pilot.press("g")
        assert "value_1 =" in screen_text(pilot.app)
        await pilot.press("j", "j", "ctrl+d", "pagedown")
        assert view.current is not None and view.current.number > 20


async def test_another_finding_of_the_same_file_moves_no_more_than_needed() -> None:
    view = CodeView()
    async with WidgetApp(view).run_test(size=(60, 20)) as pilot:
        document = read_document("a.py", SOURCE)
        view.show(document, {}, 100)
        await pilot.pause()
        top = view.scroll_offset.y
        view.show(document, {}, 103)
        await pilot.pause()
        assert view.scroll_offset.y == top


async def test_hostile_code_is_printed_never_obeyed() -> None:
    view = CodeView()
    async with WidgetApp(view).run_test(size=(50, 12)) as pilot:
        view.show(read_document("x[/red].py", "\n".join(HOSTILE).encode("utf-8", "surrogatepass")), {}, 1)
        view.focus()
        for key in ("l", "j", "G", "h"):
            await pilot.press(key)
            assert obeyed(screen_text(pilot.app)) == []
        strips = pilot.app.screen._compositor.render_strips()
        assert {sum(cell_len(segment.text) for segment in strip) for strip in strips} == {50}


async def test_a_long_line_goes_on_below_its_own_indent_or_to_the_right() -> None:
    view = CodeView()
    long = "    log(" + ", ".join(f"value_{number}" for number in range(8)) + ")"
    async with WidgetApp(view).run_test(size=(50, 12)) as pilot:
        view.show(read_document("a.py", f"def f():\n{long}\nend = 1\n".encode()), {}, 1)
        view.focus()
        await pilot.pause()
        lines = screen_text(pilot.app).splitlines()
        assert lines[1].startswith("2▶ │     log(value_0,") and lines[2].startswith("   │       value_")
        shown = "".join(line.partition("│ ")[2].strip() + " " for line in lines[1:-1] if "end" not in line)
        assert " ".join(shown.split()).startswith(long.strip())
        await pilot.press("j")
        assert view.current is not None and view.current.text == "end = 1"
        view.wrapped = False
        await pilot.pause()
        assert screen_text(pilot.app).splitlines()[2].startswith("3  │ end = 1")
