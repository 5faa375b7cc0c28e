"""Programs that are killed at any point while they write: what is read afterwards is whole, and nothing is left."""

import os
import subprocess
import sys

SCRIPT = """
import os, random, signal, sys, time, zipfile
from pathlib import Path
from mlx_tui.study import Study
study = Study(Path(sys.argv[1]))
files = [study.path / name for name in ("findings.csv", "results.csv", "report.html", "study.zip")]
def write():
    study.export()
    study.write_report(files[2])
    study.package(files[3])
write()
tables = [file.read_bytes() for file in files[:2]]
dice = random.Random(1)
for _ in range(40):
    child = os.fork()
    if not child:
        while True:
            write()
    time.sleep(dice.uniform(0, 0.05))  # the point at which it is killed
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert [file.read_bytes() for file in files[:2]] == tables
    assert files[2].read_text().rstrip().endswith("</html>")
    assert zipfile.ZipFile(files[3]).testzip() is None
print(sum(1 for _ in study.path.glob(".*.tmp")))
for left in study.path.glob(".*.tmp"):
    os.utime(left, (0, 0))
write()
assert not list(study.path.glob(".*.tmp")), "what the killed left is swept"
"""


def test_exports_reports_and_packages_are_whole_after_forty_kills(demo_study):
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(demo_study.path)], capture_output=True, text=True, env=os.environ
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 0, "no kill came while a file was written"
