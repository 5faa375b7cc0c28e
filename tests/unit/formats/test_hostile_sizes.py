"""Small files that are made to keep a reader busy for hours: each is read in the time that its size takes."""

import pytest

from mlx_tui.formats.assignments import find_assignments, resolve
from mlx_tui.formats.jenkinsfile import jenkins_commands
from mlx_tui.formats.jvm_builds import parse_gradle, parse_pom, parse_sbt
from mlx_tui.formats.jvm_code import returning, tokens
from mlx_tui.formats.lock_files import locked_version
from mlx_tui.formats.r_packages import parse_description
from mlx_tui.formats.readme_code import snippets
from mlx_tui.formats.shell import parse_shell
from mlx_tui.formats.tasks import parse_makefile
from mlx_tui.formats.toml_lines import TomlDocument, TomlError
from mlx_tui.formats.yaml_commands import compose_template
from mlx_tui.formats.yaml_lines import YamlError

CLIENT = frozenset({"MlflowClient"})


@pytest.mark.parametrize(
    "text", ["$(" * 200_000, "${" * 200_000, "\\\n$(" * 30_000, '"$(' * 100_000], ids=["$(", "${", "lines", "quoted"]
)
def test_a_shell_text_that_opens_and_never_closes(text):
    assert parse_shell(text).documents == []


def test_what_a_shell_text_closes_is_still_found():
    script = parse_shell("echo $(mlflow run . $(date)) ${X:-{a}} `mlflow ui`")
    assert [command.text for command in script.commands] == [
        "echo $(mlflow run . $(date)) ${X:-{a}} `mlflow ui`",
        "mlflow run . $(date)",
        "date",
        "mlflow ui",
    ]


@pytest.mark.parametrize("opening", ["{{", "{{/*", "{%", "{#"])
def test_a_template_whose_directives_never_end(opening):
    with pytest.raises(YamlError):
        compose_template(f": {opening}" * 100_000 + "\n{{")


def test_a_lock_file_of_names_without_versions():
    assert locked_version('name = "mlflow"\n' * 100_000, "mlflow") is None


def test_a_pipeline_of_steps_without_text():
    assert list(jenkins_commands("sh " * 40_000)) == []
    assert list(jenkins_commands("\n" * 300_000)) == []
    assert next(jenkins_commands("sh" + "\u2028" * 100_000 + "'a'")).text == "a"


@pytest.mark.parametrize("tag", ["code", "kbd"])
def test_a_readme_of_tags_that_never_close(tag):
    assert list(snippets((f"<{tag}>" * 3_000 + "\n") * 50)) == []


def test_builds_of_a_hundred_thousand_entries():
    assert parse_pom("<dependency>" * 160_000).packages == ()
    assert len(parse_sbt('"a" % "b" % "1"\n' * 100_000).packages) == 100_000
    found = parse_gradle('implementation "a:b:1"\n' * 50_000).packages
    assert [found[0].line, found[-1].line] == [1, 50_000]
    assert parse_gradle("compile" + "\n" * 200_000).packages == ()
    assert parse_gradle(f"compile 'a:b:{'1' * 300_000}!'").packages[0].version == ""


@pytest.mark.parametrize("text", ["def f() = {" * 20_000, "def f() = { else case " * 8_000])
def test_methods_in_methods(text):
    assert returning(tokens(text), CLIENT) == set()


def test_a_description_of_brackets():
    assert len(parse_description("Imports: " + "a (" * 100_000).packages) == 100_000


def test_a_line_that_names_a_variable_a_thousand_times():
    line = "X " * 4_900 + "\n"
    assert list(find_assignments(line * 50, frozenset({"X"}))) == []


def test_variables_that_refer_to_each_other_a_million_times():
    text = "\n".join(f"V{n}={f'$V{n + 1}' * 50}" for n in range(6)) + "\nV6=x"
    assert set(resolve("$V0", text)) == {"x"}
    assert resolve("$A/$B", "A=$B\nB=$A") == "$A/$A"


def test_a_value_of_a_thousand_variables():
    assert resolve("".join(f"$V{n}" for n in range(2_000)), "V0=x\n" + "y=1\n" * 20_000).startswith("x$V1")


def test_a_makefile_of_blanks():
    blanks = " " * 200_000
    assert parse_makefile(f"a{blanks}\nb{blanks}: c\n\tpython train.py\n")[0].name == "b"


def test_a_table_of_blanks():
    document = TomlDocument(f"[a{' ' * 100_000}]\nb = 1\n[ c . d ]\n[[e]]\n")
    assert [document.line("a", "b"), document.line("c", "d"), document.line("e")] == [2, 3, 4]


@pytest.mark.parametrize("part", ["a", '"a"', "'a b'", "a "])
@pytest.mark.parametrize("line", ["{}=1", "[{}]", "a = {{ {} = 1 }}"])
def test_a_key_of_a_hundred_thousand_parts(part, line):
    with pytest.raises(TomlError, match="a key of a hundred parts"):
        TomlDocument(line.format(".".join([part] * 100_000)) + "\n")


def test_texts_and_numbers_with_many_dots_are_no_keys():
    text = "a = '" + "." * 10_000 + "'\nb = [" + "1.5, " * 10_000 + "]\n" + 'c = """' + "x. \n" * 10_000 + '"""\n'
    assert TomlDocument(text + "d.e = 1\n").line("d", "e") == 10_004
