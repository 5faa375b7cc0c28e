"""Makes the documentation's pictures from the running program on the sample corpus.

    python docs/screenshots.py [STUDY]

Runs a few attempts first where the study has none (minutes), then drives the interface and writes every screen, dark
and light, narrow and wide, to `docs/images/`.
Needs rsvg-convert (librsvg) and the font Fira Code.
"""

import asyncio
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from textual.pilot import Pilot

from mlx_tui.annotation.model import Verdict
from mlx_tui.demo import create_demo
from mlx_tui.preferences import Preferences
from mlx_tui.reproduction.model import Phase
from mlx_tui.study import Study
from mlx_tui.tui.app import MlxTuiApp
from mlx_tui.tui.presentation.first_hints import FIRST_HINTS
from mlx_tui.tui.theme import DARK, HIGH_CONTRAST, LIGHT

IMAGES = Path(__file__).parent / "images"
ATTEMPTS = {"sklearn-mlproject": 1, "autolog-notebook": 1, "noisy-mlp": 3, "missing-data": 1, "missing-module": 1}
NARROW, WIDE = (80, 24), (160, 45)
# Each screenshot: name, keys from the corpus screen, and sizes.
SCREENS = (
    ("corpus", "", (NARROW, WIDE)),
    ("filter", "/ s k l e a r n", (NARROW,)),
    ("repository", "g enter n n n n", (NARROW, WIDE)),
    ("missed", "g enter n n m", (NARROW,)),
    ("blind", "B g enter n n n", (NARROW, WIDE)),
    ("notebook", "/ a u t o l o g enter enter n n x", (WIDE,)),
    ("files", "g enter b w i n e", (NARROW,)),
    ("plan", "g p", (NARROW, WIDE)),
    ("options", "g p o", (NARROW,)),
    ("attempts", "a", (NARROW, WIDE)),
    ("repeats", "a j j tab", (NARROW,)),
    ("attempt", "g enter a enter", (NARROW, WIDE)),
    ("details", "g enter a enter i", (NARROW, WIDE)),
    ("statistics", "t", (NARROW, WIDE)),
    ("features", "t tab tab", (NARROW,)),
    ("palette", "ctrl+p n o i s y", (NARROW,)),
    ("help", "question_mark", (NARROW,)),
)


def prepare(folder: Path) -> Study:
    """The demo's study, scanned, partly judged, with finished attempts."""
    study = create_demo(folder)
    study.corpus.fetch()
    study.scan()
    if not study.annotations.journal.judgements():
        judge(study)
    known = {attempt.state.repo for attempt in study.attempts.list()}
    for repo, repeat in ATTEMPTS.items():
        if repo not in known:
            study.attempts.start(study.attempts.plan(study.corpus.clone(repo)), repeat)
    while any(attempt.state.phase is not Phase.FINISHED for attempt in study.attempts.list()):
        time.sleep(1)
    return study


def judge(study: Study) -> None:
    """Judges the first findings of the first repository."""
    scan = study.scan_of("sklearn-mlproject")
    verdicts = (Verdict.CONFIRMED, Verdict.CONFIRMED, Verdict.UNSURE, Verdict.CONFIRMED)
    for finding, verdict in zip(scan.findings if scan else (), verdicts, strict=False):
        study.judge("sklearn-mlproject", finding.feature, verdict, finding=finding)


async def settle(pilot: Pilot[None]) -> None:
    """Waits until the workers are done and the screen is painted."""
    await pilot.app.workers.wait_for_complete()
    for _ in range(5):
        await pilot.pause(0.2)


async def shoot(study: Study, keys: str, size: tuple[int, int], theme: str, *, first_time: bool = False) -> str:
    """Presses keys and returns the screen as SVG; what the interface remembers of you isn't seen, and stays."""
    with tempfile.TemporaryDirectory() as state:
        os.environ["XDG_STATE_HOME"] = state
        preferences = Preferences()
        preferences.choose_theme(theme)
        for scope in () if first_time else FIRST_HINTS:
            preferences.read_hint(scope)
        app = MlxTuiApp(study)
        async with app.run_test(size=size) as pilot:
            await settle(pilot)
            for key in keys.split():
                await pilot.press(key)
                await settle(pilot)
            return app.export_screenshot(title="mlx-tui")


def convert(svg: str, target: Path, width: int) -> None:
    """Writes a PNG of `width` pixels, with the installed font in place of the web font that the picture names."""
    svg = re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL)
    svg = svg.replace("<svg ", '<svg xml:space="preserve" font-variant-ligatures="none" ', 1)
    subprocess.run(["rsvg-convert", "-w", str(width), "-o", target], input=svg.encode(), check=True)
    print(target)


async def main() -> None:
    """Writes the pictures."""
    with tempfile.TemporaryDirectory() as temporary:
        study = prepare(Path(sys.argv[1] if len(sys.argv) > 1 else temporary))
        IMAGES.mkdir(exist_ok=True)
        for name, keys, sizes in SCREENS:
            for size in sizes:
                for look, theme in (("dark", DARK), ("light", LIGHT)):
                    svg = await shoot(study, keys, size, theme)
                    convert(svg, IMAGES / f"{name}-{size[0]}x{size[1]}-{look}.png", size[0] * 9)
        svg = await shoot(study, "", NARROW, DARK, first_time=True)
        convert(svg, IMAGES / "first-80x24-dark.png", NARROW[0] * 9)
        svg = await shoot(study, "", NARROW, HIGH_CONTRAST.name)
        convert(svg, IMAGES / "corpus-80x24-high-contrast.png", NARROW[0] * 9)


if __name__ == "__main__":
    asyncio.run(main())
