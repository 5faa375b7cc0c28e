"""Medians, ratios to the plain read, and whether each bar is met."""

import statistics

from scan_measuring import Measured

BAR_READ, BAR_MEMORY, BAR_WARM, BAR_SEMGREP = 4.0, 500, 2.0, 6.0


def report(runs: dict[str, list[Measured]], trees: int) -> None:
    """Prints medians, ratios to the plain read, and whether each bar is met."""
    middle = {name: statistics.median(run.seconds for run in found) for name, found in runs.items()}
    read = middle["plain read"]
    print(f"\n{trees} repositories, {runs['plain read'][0].count} files, {runs['plain read'][0].detail}")
    print(f"{'':<14} {'median':>9} {'least':>9} {'processor':>10} {'× read':>8} {'× its':>8} {'memory':>9}  counted")
    for name, found in runs.items():
        least = min(run.seconds for run in found)
        processor = statistics.median(run.processor for run in found)
        memory = max(run.megabytes for run in found)
        its = processor / statistics.median(run.processor for run in runs["plain read"])
        counted = f"{found[0].count} {found[0].detail}".strip()
        ratio = f"{middle[name] / read:8.2f}" if name != "rescan, warm" else " " * 8
        times = f"{middle[name]:7.2f} s {least:7.2f} s {processor:8.2f} s"
        print(f"{name:<14} {times} {ratio} {its:8.1f} {memory:6.0f} MB  {counted}")
    cold_memory = max(run.megabytes for run in runs["scan, cold"])
    bars = [
        ("cold scan / plain read", middle["scan, cold"] / read, BAR_READ, "×"),
        ("memory of the cold scan", cold_memory, BAR_MEMORY, "MB"),
        ("warm rescan", middle["rescan, warm"], BAR_WARM, "s"),
    ]
    print()
    for name, value, bar, unit in bars:
        print(f"{'met   ' if value <= bar else 'MISSED'}  {name}: {value:.2f} {unit}, bar {bar:g} {unit}")
    if "semgrep" in middle:
        times = middle["semgrep"] / middle["scan, cold"]
        met = "met   " if times >= BAR_SEMGREP else "MISSED"
        print(f"{met}  semgrep / cold scan: {times:.1f} ×, bar {BAR_SEMGREP:g} ×")
