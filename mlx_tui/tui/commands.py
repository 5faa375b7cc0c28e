"""The command palette's content: the actions that apply here, every repository by its name, and the themes."""

from abc import abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import ClassVar, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.fuzzy import Matcher

from mlx_tui.safe_text import safe_text
from mlx_tui.tui.actions import BY_ID, Action, actions_of
from mlx_tui.tui.actions.keymap import key_map_of
from mlx_tui.tui.screens.base import StudyScreen
from mlx_tui.tui.theme import theme_name

MOST_REPOSITORIES = 50
"""So many repositories are offered for what is typed: the best."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One line of the palette.

    Attributes:
        title: What is shown, and searched first; safe text.
        about: What it does, below it.
        run: Does it.
    """

    title: str
    about: str
    run: Callable[[], object]

    @property
    def help(self) -> str:
        """What it does, as the palette takes it: a `str` it would read as markup, content it takes as it is."""
        return cast(str, Content(self.about))


def highlighted(matcher: Matcher, title: str) -> Content:
    """Marks what was typed in a title, as the matcher does, which would read a title as markup."""
    content = Content(title)
    _, offsets = matcher.fuzzy_search.match(matcher.query, title)
    for offset in offsets:
        if not title[offset].isspace():
            content = content.stylize(matcher.match_style, offset, offset + 1)
    return content


class OfferProvider(Provider):
    """Offers lines and finds those that fit what is typed."""

    AT_ONCE: ClassVar[bool] = True
    """Whether the lines are offered before anything is typed."""

    @abstractmethod
    def offers(self) -> Iterator[Offer]:
        """Yields everything that is offered."""

    @property
    def open_screen(self) -> StudyScreen | None:
        """The screen below the palette, where it is one of the program's own."""
        return self.screen if isinstance(self.screen, StudyScreen) else None

    async def discover(self) -> Hits:
        """Yields the lines while nothing is typed."""
        for offer in self.offers() if self.AT_ONCE else ():
            yield DiscoveryHit(Content(offer.title), offer.run, offer.title, offer.help)

    async def search(self, query: str) -> Hits:
        """Yields the lines that match."""
        matcher = self.matcher(query)
        for offer in self.offers():
            score = matcher.match(f"{offer.title} {offer.about}")
            if score > 0:
                yield Hit(score, highlighted(matcher, offer.title), offer.run, offer.title, offer.help)


class ActionProvider(OfferProvider):
    """Offers the actions of the current screen and of the whole program; what can't be done now says why."""

    def offers(self) -> Iterator[Offer]:
        """Yields the actions."""
        screen = self.open_screen
        own = () if screen is None else (*actions_of(screen.SCOPE), *(BY_ID[name] for name in screen.widget_hints))
        for action in (*own, *actions_of("app")):
            reason = screen.why_not(action.name) if screen is not None and action.scope == screen.SCOPE else ""
            about = f"Not now: {safe_text(reason)}" if reason else action.description
            yield Offer(self._title(action), about, partial(self._perform, action))

    def _perform(self, action: Action) -> None:
        if self.open_screen is not None:
            self.open_screen.run_worker(self.open_screen.perform(action))

    def _title(self, action: Action) -> str:
        keys = key_map_of(self.app).shown_all(action)
        return f"{action.title}  ({keys})" if keys else action.title


class RepositoryProvider(OfferProvider):
    """Goes to a repository by its name, from wherever one is."""

    AT_ONCE = False

    def offers(self) -> Iterator[Offer]:
        """Yields the repositories."""
        if self.open_screen is not None:
            app = self.open_screen.mlx_app
            for repo in app.repositories:
                yield Offer(f"go to {safe_text(repo)}", "Opens the repository.", partial(app.go_to, repo))

    async def search(self, query: str) -> Hits:
        """Yields the repositories that match best."""
        matcher = self.matcher(query)
        scored = [(matcher.match(offer.title), offer) for offer in self.offers()]
        best = sorted((pair for pair in scored if pair[0] > 0), key=lambda pair: -pair[0])[:MOST_REPOSITORIES]
        for score, offer in best:
            yield Hit(score, highlighted(matcher, offer.title), offer.run, offer.title, offer.help)


class ThemeProvider(OfferProvider):
    """Offers every theme by name."""

    AT_ONCE = False

    def offers(self) -> Iterator[Offer]:
        """Yields the themes."""
        if self.open_screen is not None:
            app = self.open_screen.mlx_app
            for theme in sorted(app.available_themes, key=theme_name):
                yield Offer(f"theme {theme_name(theme)}", "Switches to this theme.", partial(app.choose_theme, theme))
