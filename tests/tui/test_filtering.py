from hypothesis import given
from hypothesis import strategies as st

from mlx_tui.tui.filtering import Term, find_column, parse_filter
from mlx_tui.tui.widgets.table_model import Cell, Column, TableModel

Row = tuple[str, int | None]
ROWS: list[Row] = [("alpha", 3), ("beta", None), ("gamma ray", 0), ("delta", 10), ("https://host/x", 7)]
COLUMNS = (
    Column[Row]("name", "name", 10, lambda row: Cell(row[0]), lambda row: row[0], searchable=True),
    Column[Row](
        "metrics.logged", "logged", 5, lambda row: Cell("?" if row[1] is None else str(row[1])), lambda row: row[1]
    ),
    Column[Row]("parameters", "prm", 4, lambda row: Cell("●1"), lambda row: 1, aliases=("params",)),
)


def names(query: str) -> list[str]:
    model: TableModel[Row] = TableModel(COLUMNS, lambda row: row[0])
    model.set_rows(ROWS)
    model.set_filter(query)
    return [model.rows[index][0] for index in model.view]


def test_plain_words_are_all_needed_in_any_order_and_case() -> None:
    assert names("RAY gam") == ["gamma ray"]
    assert names("nothing") == []


def test_quotes_hold_spaces_together() -> None:
    assert names('"gamma ray"') == ["gamma ray"]
    assert names('"ray gamma"') == []


def test_numbers_compare_and_a_cell_without_one_never_matches() -> None:
    assert names("logged>=3") == ["alpha", "delta", "https://host/x"]
    assert names("logged<3") == ["gamma ray"]
    assert names("logged=0") == ["gamma ray"]
    assert names("logged!=0") == ["alpha", "beta", "delta", "https://host/x"]


def test_a_column_is_named_by_id_title_alias_or_unique_beginning() -> None:
    assert names("metrics.logged>5") == names("logged>5") == names("metrics>5") == ["delta", "https://host/x"]
    assert len(names("params>0")) == len(ROWS)


def test_a_colon_searches_the_column_and_an_exclamation_mark_negates() -> None:
    assert names("name:ta") == ["beta", "delta"]
    assert names("!name:ta logged>0") == ["alpha", "https://host/x"]


def test_an_unknown_column_is_plain_text() -> None:
    assert names("https://host") == ["https://host/x"]


def test_a_term_that_is_being_typed_hides_nothing() -> None:
    assert len(names("logged>")) == len(names("name:")) == len(ROWS)


def test_an_ambiguous_beginning_names_no_column() -> None:
    assert find_column("me", [("metrics",), ("median",)]) is None
    assert find_column("metrics", [("metrics",), ("metrics.logged",)]) == 0


def test_blanks_may_stand_around_an_operator_behind_a_columns_name() -> None:
    for query in ("logged >= 5", "logged >=5", "logged>= 5", "logged>=5"):
        assert names(query) == ["delta", "https://host/x"], query
    assert names("!logged = 0") == ["alpha", "beta", "delta", "https://host/x"]
    assert names("name : ta logged > 5") == ["delta"]
    assert names("logged>= name:ta") == ["beta", "delta"]


def test_behind_another_word_an_operator_is_text() -> None:
    assert [term.text for term in parse_filter("a = b", [("logged",)])] == ["a", "=", "b"]
    assert [term.text for term in parse_filter("logged = b", [("logged",)])] == ["logged=b"]


@given(st.text())
def test_every_text_is_a_filter(text: str) -> None:
    assert all(isinstance(term, Term) for term in parse_filter(text))


@given(st.lists(st.sampled_from(["a", "logged>2", "!be", "name:e", "x", "logged", ">=", "3"]), max_size=4))
def test_typing_term_by_term_gives_what_the_whole_line_gives(terms: list[str]) -> None:
    model: TableModel[Row] = TableModel(COLUMNS, lambda row: row[0])
    model.set_rows(ROWS)
    line = " ".join(terms)
    for length in [*range(len(line) + 1), *range(len(line), 0, -2), len(line)]:
        model.set_filter(line[:length])
    assert [model.rows[index][0] for index in model.view] == names(line)
