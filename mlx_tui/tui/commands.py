"""The command palette's content: the actions of the registry that apply here."""

from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider

from mlx_tui.tui.actions import BY_ID, Action, actions_of
from mlx_tui.tui.actions.keymap import key_map_of
from mlx_tui.tui.screens.base import StudyScreen


class ActionProvider(Provider):
    """Offers the actions of the current screen and of the whole program."""

    @property
    def _actions(self) -> tuple[Action, ...]:
        if not isinstance(self.screen, StudyScreen):
            return actions_of("app")
        shared = (BY_ID[name] for name in self.screen.WIDGET_HINTS)
        return (*actions_of(self.screen.SCOPE), *shared, *actions_of("app"))

    def _perform(self, action: Action) -> None:
        screen = self.screen
        if isinstance(screen, StudyScreen):
            screen.run_worker(screen.perform(action))

    async def discover(self) -> Hits:
        """Yields every action while nothing is typed."""
        for action in self._actions:
            yield DiscoveryHit(self._title(action), partial(self._perform, action), help=action.description)

    async def search(self, query: str) -> Hits:
        """Yields the actions that match."""
        matcher = self.matcher(query)
        for action in self._actions:
            score = matcher.match(f"{action.title} {action.description}")
            if score > 0:
                yield Hit(
                    score,
                    matcher.highlight(self._title(action)),
                    partial(self._perform, action),
                    help=action.description,
                )

    def _title(self, action: Action) -> str:
        keys = key_map_of(self.app).shown_all(action)
        return f"{action.title}  ({keys})" if keys else action.title
