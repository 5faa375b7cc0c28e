"""Makes the documentation's pictures from the running program on the sample corpus, and the gallery that shows them.

    python docs/screenshots.py [STUDY] [NAME]…

Runs a few attempts first where the study has none (minutes), then drives the interface and writes every screen and
dialog, dark and light, narrow and wide, to `docs/images/`, and `docs/gallery.md`. With names, only these pictures.
Needs rsvg-convert (librsvg), the font Fira Code and Pillow (`pip install pillow`), and says so where one is missing.
"""

import asyncio
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from shots import AMID, CONTRAST, LONG, RUNS, SHOTS, Shot
from textual.pilot import Pilot

from mlx_tui.annotation.model import Verdict
from mlx_tui.demo import create_demo
from mlx_tui.preferences import Preferences
from mlx_tui.reproduction.model import Phase
from mlx_tui.study import Study
from mlx_tui.tui.app import MlxTuiApp
from mlx_tui.tui.presentation.first_hints import FIRST_HINTS
from mlx_tui.tui.theme import DARK, HIGH_CONTRAST, LIGHT

try:
    from PIL import Image
except ImportError:
    sys.exit("docs/screenshots.py makes small pictures with Pillow, which isn't here: pip install pillow")
if shutil.which("rsvg-convert") is None:
    sys.exit("docs/screenshots.py makes pictures with rsvg-convert, which isn't here: install librsvg2-bin")

DOCS = Path(__file__).parent
IMAGES = DOCS / "images"
ATTEMPTS = {"sklearn-mlproject": 1, "autolog-notebook": 1, "noisy-mlp": 3, "missing-data": 1, "missing-module": 1}
SIZES = ((80, 24), (160, 45))
LOOKS = (("dark", DARK), ("light", LIGHT))
PIXELS = 9
"""Of a cell's width."""
COLOURS = 24


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


@contextmanager
def running(study: Study) -> Iterator[None]:
    """Runs an attempt meanwhile, and cancels it; its folder goes, as if it had never been."""
    (attempt,) = study.attempts.start(study.attempts.plan(study.corpus.clone(LONG)), 1)
    try:
        while study.attempts.read(attempt).state.phase not in {Phase.RUNNING, Phase.FINISHED}:
            time.sleep(1)
        time.sleep(5)  # some lines of log
        yield
    finally:
        study.attempts.cancel(attempt)
        shutil.rmtree(attempt.folder)


async def settle(pilot: Pilot[None]) -> None:
    """Waits until the workers are done and the screen is painted, what a timer of a tenth of a second begins too."""
    for _ in range(2):
        await pilot.app.workers.wait_for_complete()
        await pilot.pause(0.12)


async def press(pilot: Pilot[None], keys: str) -> None:
    """Presses keys one by one; types text at once."""
    for key in keys.split():
        if key.startswith("="):
            await pilot.press(*key[1:])
        else:
            await pilot.press(key)
        await settle(pilot)


async def shoot(study: Study, shot: Shot, size: tuple[int, int]) -> dict[str, str]:
    """Takes a screen in each look, as SVG; what the interface remembers of you isn't seen, and stays."""
    with tempfile.TemporaryDirectory() as state:
        os.environ["XDG_STATE_HOME"] = os.environ["XDG_CONFIG_HOME"] = state
        preferences = Preferences()
        for scope in () if shot.first_time else FIRST_HINTS:
            preferences.read_hint(scope)
        preferences.write()
        app = MlxTuiApp(study)
        taken = {}
        async with app.run_test(size=size) as pilot:
            await settle(pilot)
            if shot.amid in AMID:
                AMID[shot.amid](app)
            await press(pilot, shot.keys)
            contrast = [("high-contrast", HIGH_CONTRAST.name)] if shot.name in CONTRAST and size == SIZES[0] else []
            for look, theme in (*LOOKS, *contrast):
                app.theme = theme
                await settle(pilot)
                if shot.reopened:
                    await press(pilot, f"escape {shot.keys}")
                taken[look] = app.export_screenshot(title="mlx-tui")
        return taken


def convert(svg: str, target: Path, width: int) -> None:
    """Writes a PNG of `width` pixels, with the installed font in place of the web font that the picture names."""
    svg = re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL)
    svg = svg.replace("<svg ", '<svg xml:space="preserve" font-variant-ligatures="none" ', 1)
    made = subprocess.run(["rsvg-convert", "-w", str(width)], input=svg.encode(), check=True, capture_output=True)
    picture = Image.open(io.BytesIO(made.stdout)).convert("RGB")
    few = picture.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(target, optimize=True)
    print(target.name)


def gallery() -> Iterator[str]:
    """The lines of the page with every picture."""
    yield "# Every screen and dialog"
    yield ""
    yield "Dark and light, in a terminal of 80×24 and of 160×45; made by `python docs/screenshots.py`, this page too."
    for shot in SHOTS:
        yield f"\n## {shot.title}\n"
        for width, height in SIZES:
            names = [f"{shot.name}-{width}x{height}-{look}.png" for look, _ in LOOKS]
            yield f"| dark, {width}x{height} | light, {width}x{height} |\n| --- | --- |"
            yield f"| {' | '.join(f'![](images/{name})' for name in names)} |\n"
    yield "\n## High contrast\n"
    width, height = SIZES[0]
    yield f"| {' | '.join(CONTRAST)} |\n|{' --- |' * len(CONTRAST)}"
    yield f"| {' | '.join(f'![](images/{name}-{width}x{height}-high-contrast.png)' for name in CONTRAST)} |"


async def main(folder: str, names: list[str]) -> None:
    """Writes the pictures."""
    with tempfile.TemporaryDirectory() as temporary, ThreadPoolExecutor(2) as converters:
        study = prepare(Path(folder or temporary) / ("" if folder else "study"))
        empty = Study.create(Path(temporary) / "empty" / "study")
        IMAGES.mkdir(exist_ok=True)
        under_way: list[Future[None]] = []

        async def take(study: Study, shot: Shot) -> None:
            for size in SIZES:
                for look, svg in (await shoot(study, shot, size)).items():
                    target = IMAGES / f"{shot.name}-{size[0]}x{size[1]}-{look}.png"
                    under_way.append(converters.submit(convert, svg, target, size[0] * PIXELS))

        chosen = [shot for shot in SHOTS if not names or shot.name in names]
        for shot in chosen:
            if shot.amid != RUNS:
                await take(empty if shot.empty else study, shot)
        if any(shot.amid == RUNS for shot in chosen):
            with running(study):
                for shot in chosen:
                    if shot.amid == RUNS:
                        await take(study, shot)
        for each in under_way:
            each.result()
    text = "\n".join(gallery())
    (DOCS / "gallery.md").write_text(re.sub(r"\n{3,}", "\n\n", text).strip() + "\n")
    for picture in IMAGES.glob("*.png"):
        if f"images/{picture.name}" not in text:
            print("not in the gallery:", picture.name)
    print(f"{sum(picture.stat().st_size for picture in IMAGES.glob('*.png')) / 1e6:.1f} MB")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else "", sys.argv[2:]))
