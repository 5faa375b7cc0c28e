"""How uv's command lines are told in the log."""

from pathlib import Path

from mlx_tui.reproduction.uv_process import UvProcess


def test_a_command_is_told_without_the_options_of_its_sandbox(tmp_path: Path) -> None:
    uv = UvProcess(tmp_path, lambda data: None, lambda: False)
    install = uv.command("pip", "install", "numpy", "--exclude-newer-package", "a=false")
    assert uv.shown(install) == "uv pip install numpy --exclude-newer-package (pins)=false"
    inside = ["/usr/bin/bwrap", "--ro-bind", "/usr", "/usr", "--", *install]
    assert uv.shown(inside) == f"bwrap … {uv.shown(install)}"
    assert uv.shown(["true"]) == "true"
