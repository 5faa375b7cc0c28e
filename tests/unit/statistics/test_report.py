"""The report as Markdown and as HTML."""

import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlx_tui import __version__
from mlx_tui.annotation.model import Verdict
from mlx_tui.annotation.results import RepositoryResult, repository_result
from mlx_tui.detection.codebook import Codebook
from mlx_tui.statistics.charts import bar_chart
from mlx_tui.statistics.prevalence import Proportion
from mlx_tui.statistics.report_html import html_report
from mlx_tui.statistics.report_markdown import escape_markdown, markdown_report
from mlx_tui.statistics.report_model import Bar, BarGroup
from mlx_tui.statistics.summary import summarize

MADE_ON = date(2026, 11, 22)
HOSTILE = '<img src="https://example.org/x.png" onerror=alert(1)>|`[a](https://example.org)\x1b[31m\u202e'


class Page(HTMLParser):
    """Tags, attributes and text of a page; fails on a tag that isn't closed in order."""

    VOID = frozenset({"meta", "line", "rect", "path", "br"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(page)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.fixture
def hostile(codebook: Codebook) -> RepositoryResult:
    return repository_result(codebook, repo=HOSTILE, url="", commit="", clone_error=f"failed {HOSTILE}")


def test_markdown_says_how_it_was_measured(results: tuple[RepositoryResult, ...], codebook: Codebook) -> None:
    text = markdown_report(summarize(results, codebook), results, codebook, made_on=MADE_ON)
    for part in (codebook.identity, __version__, "2026-11-22", "Wilson 1927"):
        assert part in text
    assert "| parameters.logged | 2 | 4 | 50.0 % | 15.0 – 85.0 | 1 | 3 |" in text
    assert "| baseline: yes | 2 | 1 |" in text
    assert "| executed as is | 2 | 3 | 66.7 % | 20.8 – 93.9 |" in text
    assert "| o/six | excluded | a tutorial · \\<b\\>not research\\</b\\> |" in text
    assert "| o/five | failed: the repository isn't there |  |" in text


def test_markdown_says_what_a_methods_section_needs(results: tuple[RepositoryResult, ...], codebook: Codebook) -> None:
    text = markdown_report(summarize(results, codebook), results, codebook, made_on=MADE_ON)
    assert codebook.hash in text
    assert "1.0.0, " in text
    assert "3.18.0" in text
    assert "| included, without a clone | 1 |" in text
    assert "| included and scanned | 4 |" in text
    assert "| alice | 4 | 3 | 2026-11-22 | 2026-11-22 |" in text
    assert "| bob | 2 | 1 | 2026-11-22 | 2026-11-22 |" in text
    assert "| o/six | excluded | alice | 2026-11-22 | a tutorial · \\<b\\>not research\\</b\\> |" in text
    assert "They agree on 2 of 4 (50.0 %; kappa" in text
    assert "0 of 48 features can be corrected" in text


def test_what_may_count_twice_is_told(results: tuple[RepositoryResult, ...], codebook: Codebook) -> None:
    moved = replace(results[3], commit="d" * 40, columns=(("isFork", "true"),))
    rows = (*results[:3], moved)
    text = markdown_report(summarize(rows, codebook), rows, codebook, made_on=MADE_ON)
    assert "| o/one, o/two, o/three | one commit, cccccccccc |" in text
    assert "| o/four | a fork, as the corpus's column isFork says |" in text


def test_the_corrected_prevalence_of_a_feature(codebook: Codebook, answered) -> None:
    rows = [
        answered("o/a", True, Verdict.CONFIRMED),
        answered("o/b", True, None),
        answered("o/c", False, Verdict.REJECTED),
        answered("o/d", False, None),
    ]
    text = markdown_report(summarize(rows, codebook), rows, codebook, made_on=MADE_ON)
    assert "1 of 48 features can be corrected" in text
    assert "| metrics.logged | 2/4 | 1/1 | 0/1 | 100.0 % | 100.0 % | 50.0 % |" in text


def test_markdown_tables_have_equal_rows(
    results: tuple[RepositoryResult, ...], codebook: Codebook, hostile: RepositoryResult
) -> None:
    rows = (*results, hostile)
    text = markdown_report(summarize(rows, codebook), rows, codebook, made_on=MADE_ON)
    for table in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}) == 1
    assert not re.search(r"(?<!\\)<", text)
    assert "\x1b" not in text


@given(st.text())
def test_escaped_markdown_is_one_line_that_begins_no_tag_cell_or_link(text: str) -> None:
    escaped = escape_markdown(text)
    assert "\n" not in escaped
    assert not re.search(r"(?<!\\)(?:\\\\)*[<>|\[\]`*]", escaped)


def test_html_needs_nothing_from_elsewhere(
    results: tuple[RepositoryResult, ...], codebook: Codebook, hostile: RepositoryResult
) -> None:
    rows = (*results, hostile)
    text = html_report(summarize(rows, codebook), rows, codebook, made_on=MADE_ON)
    page = Page(text)
    assert {tag for tag, _ in page.tags}.isdisjoint({"script", "img", "link", "iframe", "object", "a", "base", "form"})
    for _, attributes in page.tags:
        assert {"src", "href", "xlink:href", "onerror", "onload"}.isdisjoint(attributes)
    style = text[text.index("<style>") : text.index("</style>")]
    assert "url(" not in style
    assert "@import" not in style
    assert any(HOSTILE.split("|")[0] in piece for piece in page.text), "shown as text"
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_html_says_what_markdown_says(results: tuple[RepositoryResult, ...], codebook: Codebook) -> None:
    statistics = summarize(results, codebook)
    page = Page(html_report(statistics, results, codebook, made_on=MADE_ON))
    said = " ".join(page.text)
    for part in ("15.0 – 85.0", codebook.identity, __version__, "2026-11-22", "not research", "missing data"):
        assert part in said


def test_html_follows_the_light_and_is_readable_in_print(codebook: Codebook) -> None:
    text = html_report(summarize((), codebook), (), codebook, made_on=MADE_ON)
    assert "prefers-color-scheme: dark" in text
    assert "@media print" in text


def test_a_bar_and_its_whisker_are_where_the_numbers_are() -> None:
    svg = bar_chart([BarGroup("", (Bar("half", Proportion(50, 100)), Bar("nothing known", Proportion(0, 0))))], "title")
    assert 'x="310" y="13.5" width="200.0"' in svg
    low, high = re.search(r'd="M([\d.]+) .*?H([\d.]+)', svg).groups()
    assert float(low) == pytest.approx(310 + 400 * 0.4038, abs=0.1)
    assert float(high) == pytest.approx(310 + 400 * 0.5962, abs=0.1)
    assert svg.count("<rect") == 1
    assert ">unknown<" in svg


def test_an_empty_corpus_has_a_report(codebook: Codebook) -> None:
    statistics = summarize((), codebook)
    assert "0 repositories" in markdown_report(statistics, (), codebook, made_on=MADE_ON)
    Page(html_report(statistics, (), codebook, made_on=MADE_ON))
