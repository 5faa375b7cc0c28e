"""The web page of a file at a commit, on the forge that a repository comes from. Nothing is looked up."""

from urllib.parse import quote, urlsplit

from mlx_tui.corpus.urls import host_and_path, scheme

# How each forge writes a file at a commit, and a line of it.
_PAGES = {
    "github": ("{repo}/blob/{commit}/{path}", "#L{line}"),
    "gitlab": ("{repo}/-/blob/{commit}/{path}", "#L{line}"),
    "bitbucket": ("{repo}/src/{commit}/{path}", "#lines-{line}"),
    "gitea": ("{repo}/src/commit/{commit}/{path}", "#L{line}"),
    "sourcehut": ("{repo}/tree/{commit}/item/{path}", "#L{line}"),
    "dagshub": ("{repo}/src/{commit}/{path}", "#L{line}"),
    "huggingface": ("{repo}/blob/{commit}/{path}", "#L{line}"),
}
_HOSTS = {
    "github.com": "github",
    "gitlab.com": "gitlab",
    "bitbucket.org": "bitbucket",
    "codeberg.org": "gitea",
    "gitea.com": "gitea",
    "git.sr.ht": "sourcehut",
    "dagshub.com": "dagshub",
    "huggingface.co": "huggingface",
}
# What an organisation's own server is called: gitlab.example.org, git.example.org with Forgejo in its name, …
_WORDS = {"github": "github", "gitlab": "gitlab", "bitbucket": "bitbucket", "gitea": "gitea", "forgejo": "gitea"}
# Shown as a page, not as text: only the plain view has lines to point at.
_RENDERED = (".md", ".markdown", ".rst", ".ipynb")


def page_of(url: str, commit: str, path: str, line: int | None = None) -> str:
    """The address of a file at a commit; empty where the URL is a folder's or of a server of an unknown kind.

    User names, passwords and tokens in the URL are left out. Of a notebook it is the page as the forge shows it, which
    has no lines.

    Args:
        url: Where the repository is fetched from: https, ssh, or `user@host:path`.
        commit: Full SHA.
        path: The file within the repository, raw.
        line: From 1; None for the file.
    """
    try:
        host, repo = host_and_path(url)
    except ValueError:
        return ""
    kind = _kind(host)
    if not kind or not repo or not commit:
        return ""
    page, anchor = _PAGES[kind]
    name = quote(path, safe="/", errors="replace")
    address = f"https://{host}{_port(url)}/{page.format(repo=quote(repo, safe='/~'), commit=commit, path=name)}"
    if line is None or path.lower().endswith(".ipynb"):
        return address
    plain = "?plain=1" if kind in {"github", "gitlab"} and path.lower().endswith(_RENDERED) else ""
    return address + plain + anchor.format(line=line)


def _kind(host: str) -> str:
    if host in _HOSTS:
        return _HOSTS[host]
    words = host.removeprefix("www.").split(".")
    return next((kind for word, kind in _WORDS.items() if word in words[:-1]), "")


def _port(url: str) -> str:
    """The port of a server on the web; that of ssh says nothing of it."""
    if scheme(url) not in {"https", "http"}:
        return ""
    try:
        port = urlsplit(url).port
    except ValueError:
        return ""
    return "" if port in {None, 80, 443} else f":{port}"
