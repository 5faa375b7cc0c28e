"""Themes: readable, remembered, and never the only thing that tells two states apart."""

from pathlib import Path

import pytest
from textual.color import Color

from mlx_tui.annotation.effective import Presence
from mlx_tui.preferences import Preferences
from mlx_tui.reproduction.model import MetricVerdict, Outcome
from mlx_tui.study import Study
from mlx_tui.tui.app import MlxTuiApp
from mlx_tui.tui.presentation.marks import METRIC, OUTCOME, PRESENCE, VERDICT
from mlx_tui.tui.theme import DARK, HIGH_CONTRAST, LIGHT, THEMES, ThemedApp, contrast
from mlx_tui.tui.widgets.filtered_table import FilteredTable

from .support import screen_text, until, until_shown

BEHIND = ("background", "surface", "panel")
TEXT = ("foreground", "quiet", *(f"text-{role}" for role in ("success", "error", "warning", "accent", "primary")))


def test_contrast_is_that_of_the_standard() -> None:
    black, white = Color.parse("#000"), Color.parse("#fff")
    assert contrast(black, white) == contrast(white, black) == pytest.approx(21)
    assert contrast(Color.parse("#777"), white) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", sorted(theme for theme in ThemedApp().available_themes if "ansi" not in theme))
def test_every_role_is_readable_in_every_theme(theme: str) -> None:
    app = ThemedApp()
    app.theme = theme
    variables = app.get_css_variables()
    needed = 7.0 if theme == HIGH_CONTRAST.name else 4.4  # rounding a colour to bytes costs a little
    for text in TEXT:
        for behind in BEHIND:
            assert contrast(Color.parse(variables[text]), Color.parse(variables[behind])) >= needed, (text, behind)
    cursor = Color.parse(variables["block-cursor-background"])
    assert contrast(Color.parse(variables["cursor-text"]), cursor) >= min(needed, 4.4)


@pytest.mark.parametrize(
    "marks", [PRESENCE, VERDICT, OUTCOME, METRIC], ids=["presence", "verdict", "outcome", "metric"]
)
def test_no_two_states_differ_by_colour_alone(marks: dict[object, tuple[str, str]]) -> None:
    by_sign: dict[str, list[object]] = {}
    for state, (sign, _) in marks.items():
        by_sign.setdefault(sign, []).append(state)
    # Of a finding and of a repository: never side by side.
    apart = {"✓": {"confirmed", "included"}, "✗": {"rejected", "excluded"}}
    assert all(len(states) == 1 or set(map(str, states)) == apart[sign] for sign, states in by_sign.items())
    assert len(PRESENCE) == len(Presence) and len(OUTCOME) == len(Outcome) and len(METRIC) == len(MetricVerdict)


async def test_one_key_goes_through_the_themes_and_the_next_start_has_the_last_one(app: MlxTuiApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "sklearn-mlproject")
        seen = [app.theme]
        for _ in range(3):
            await pilot.press("T")
            seen.append(app.theme)
        assert seen == [*THEMES, DARK]
        await pilot.press("T", "T")
    again = MlxTuiApp(Study(app.study.path))
    async with again.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "sklearn-mlproject")
        assert again.theme == HIGH_CONTRAST.name


async def test_a_configured_theme_has_the_first_word(demo_folder: Path) -> None:
    preferences = Preferences()
    preferences.choose_theme(LIGHT)
    preferences.write()
    (demo_folder / "mlx-tui.toml").write_text('theme = "nord"\n')
    app = MlxTuiApp(Study(demo_folder))
    async with app.run_test(size=(160, 24)) as pilot:
        await until_shown(pilot, "sklearn-mlproject")
        assert app.theme == "nord"
        await pilot.press("T")
        await until_shown(pilot, "mlx-tui.toml:1 again")


@pytest.mark.parametrize(("name", "theme"), [("light", LIGHT), (LIGHT, LIGHT), ("high contrast", HIGH_CONTRAST.name)])
async def test_the_configuration_takes_the_names_that_are_shown(demo_folder: Path, name: str, theme: str) -> None:
    (demo_folder / "mlx-tui.toml").write_text(f'theme = "{name}"\n')
    app = MlxTuiApp(Study(demo_folder))
    async with app.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "sklearn-mlproject")
        assert app.theme == theme


async def test_what_cannot_be_remembered_is_told(app: MlxTuiApp) -> None:
    app.preferences.path = Path("/proc/nothing/interface.json")
    async with app.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "sklearn-mlproject")
        await pilot.press("T")
        await until_shown(pilot, "theme light; not remembered")


@pytest.mark.parametrize("content", [b"", b"{", b'{"theme": 3}', b"\xff\xfe", b"[]"])
def test_a_broken_file_is_as_if_there_was_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "interface.json"
    path.write_bytes(content)
    preferences = Preferences(path)
    assert preferences.remembered.theme == ""
    preferences.choose_theme(DARK)
    preferences.write()
    assert Preferences(path).remembered.theme == DARK


async def test_without_colours_cursor_and_marks_are_still_told(
    demo_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = MlxTuiApp(Study(demo_folder))
    async with app.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "sklearn-mlproject")
        await pilot.press("j", "space")
        await until(pilot, lambda: "*" in screen_text(app))
        table = app.screen.query_one(FilteredTable).table
        await until(pilot, lambda: table.cursor == 2)
        on_cursor = table.render_line(3)
        assert any(segment.style and segment.style.reverse for segment in on_cursor)
        assert not any(segment.style and segment.style.reverse for segment in table.render_line(4))
