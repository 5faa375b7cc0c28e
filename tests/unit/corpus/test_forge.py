"""The page of a file at a commit on its forge."""

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlx_tui.corpus.forge import page_of

SHA = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    ("url", "page"),
    [
        ("https://github.com/o/n.git", f"https://github.com/o/n/blob/{SHA}/src/a.py#L7"),
        ("git@github.com:o/n.git", f"https://github.com/o/n/blob/{SHA}/src/a.py#L7"),
        ("ssh://git@github.com:22/o/n", f"https://github.com/o/n/blob/{SHA}/src/a.py#L7"),
        ("https://me:token@github.com/o/n", f"https://github.com/o/n/blob/{SHA}/src/a.py#L7"),
        ("https://github.example.org/o/n", f"https://github.example.org/o/n/blob/{SHA}/src/a.py#L7"),
        ("https://gitlab.com/g/sub/n.git", f"https://gitlab.com/g/sub/n/-/blob/{SHA}/src/a.py#L7"),
        ("https://gitlab.example.org:8443/g/n", f"https://gitlab.example.org:8443/g/n/-/blob/{SHA}/src/a.py#L7"),
        ("https://bitbucket.org/o/n", f"https://bitbucket.org/o/n/src/{SHA}/src/a.py#lines-7"),
        ("https://codeberg.org/o/n.git", f"https://codeberg.org/o/n/src/commit/{SHA}/src/a.py#L7"),
        ("https://gitea.example.org/o/n", f"https://gitea.example.org/o/n/src/commit/{SHA}/src/a.py#L7"),
        ("https://git.sr.ht/~u/n", f"https://git.sr.ht/~u/n/tree/{SHA}/item/src/a.py#L7"),
        ("https://dagshub.com/o/n.git", f"https://dagshub.com/o/n/src/{SHA}/src/a.py#L7"),
        ("https://huggingface.co/o/n", f"https://huggingface.co/o/n/blob/{SHA}/src/a.py#L7"),
        ("https://unknown.example.org/o/n", ""),
        ("/home/me/clone", ""),
        ("file:///home/me/clone", ""),
        ("https://[broken", ""),
    ],
)
def test_each_forge_has_its_own_address(url, page):
    assert page_of(url, SHA, "src/a.py", 7) == page


def test_the_file_alone_a_notebook_and_a_rendered_page():
    github = "https://github.com/o/n"
    assert page_of(github, SHA, "a.py") == f"{github}/blob/{SHA}/a.py"
    assert page_of(github, SHA, "nb.ipynb", 3) == f"{github}/blob/{SHA}/nb.ipynb"
    assert page_of(github, SHA, "README.md", 3) == f"{github}/blob/{SHA}/README.md?plain=1#L3"
    assert page_of(github, "", "a.py") == ""


@given(st.text(min_size=1), st.integers(1, 10**6))
def test_no_name_leaves_the_address_or_hides_in_it(path, line):
    address = page_of("https://u:p@github.com/o/n", SHA, path, line)
    parts = urlsplit(address)
    assert address.isascii() and address.isprintable() and " " not in address
    assert parts.netloc == "github.com" and parts.path.startswith(f"/o/n/blob/{SHA}/")
