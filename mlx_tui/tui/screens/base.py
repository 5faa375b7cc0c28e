"""What every screen does: run the registry's actions, say why one can't be done, and hint at keys."""

from abc import abstractmethod
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen
from textual.widgets import Input

from mlx_tui.tui.actions import BY_ID, TYPING, Action, actions_of, key_label
from mlx_tui.tui.actions.key_names import types_text
from mlx_tui.tui.actions.keymap import DEFAULT, KeyMap, key_map_of
from mlx_tui.tui.presentation.first_hints import FIRST_HINTS, first_hint
from mlx_tui.tui.presentation.footer import Hint, in_order
from mlx_tui.tui.presentation.forms import PARTS
from mlx_tui.tui.text import plain
from mlx_tui.tui.widgets.bars import FirstHint, KeyHints, StatusLine, TopLine
from mlx_tui.tui.widgets.filter_line import FilterLine
from mlx_tui.tui.widgets.filter_texts import how_it_was_read, where_it_looks
from mlx_tui.tui.widgets.filtered_table import FilteredTable
from mlx_tui.tui.widgets.table import VirtualTable
from mlx_tui.tui.widgets.table_events import ColumnsAsked, FilterAsked, Highlighted, Told

if TYPE_CHECKING:
    from textual.visual import VisualType

    from mlx_tui.annotation.model import JudgementKey
    from mlx_tui.study import Study
    from mlx_tui.tui.app import MlxTuiApp

PROMPTLY = 4.0
"""Seconds that a notification stays."""


class StudyScreen(Screen[None]):
    """A screen of the program.

    A subclass sets `SCOPE` and yields its body in `body`; an action `scope.name` of the registry is its method
    `do_name`, and `why_not` says why one can't be done right now.
    """

    SCOPE: ClassVar[str] = ""
    WIDGET_HINTS: ClassVar[tuple[str, ...]] = ()
    """Ids of actions of widgets that the footer shows too."""
    TELLS_ANSWERS: ClassVar[bool] = False
    """Whether it shows nothing but what is hidden from who judges blind."""
    JUDGES: ClassVar[bool] = False
    """Whether findings are judged on it."""
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (60, "-normal"), (120, "-wide")]  # noqa: RUF012 - as Textual types it
    VERTICAL_BREAKPOINTS = [(0, "-short"), (20, "-medium"), (36, "-tall")]  # noqa: RUF012 - as Textual types it

    _before_filter: "tuple[VisualType, VisualType] | None" = None
    """What the status line is to say once no filter is typed any more, and what it says of the filter."""

    def __init_subclass__(cls, **options: bool) -> None:
        """Makes the bindings from the registry."""
        bindings: list[BindingType] = [*DEFAULT.bindings(cls.SCOPE)] if cls.SCOPE else []
        cls.BINDINGS = bindings
        super().__init_subclass__(**options)

    def compose(self) -> ComposeResult:
        """Yields the top line, the body, the status line and the key hints."""
        yield TopLine(markup=False)
        yield from self.body()
        if self.SCOPE in FIRST_HINTS and self.SCOPE not in self.mlx_app.preferences.remembered.hints_read:
            yield FirstHint(plain(first_hint(self.SCOPE, self.keys), "strong"), markup=False)
        yield StatusLine(id="status", markup=False)
        yield KeyHints()

    @abstractmethod
    def body(self) -> ComposeResult:
        """Yields the screen's own widgets."""

    def _on_mount(self, event: events.Mount) -> None:
        """Takes the user's keys."""
        super()._on_mount(event)
        if self.SCOPE:
            self._bindings = self.keys.rebind(self._bindings, self.SCOPE)

    @property
    def keys(self) -> KeyMap:
        """Which keys do what."""
        return key_map_of(self.app)

    @property
    def mlx_app(self) -> "MlxTuiApp":
        """The app."""
        from mlx_tui.tui.app import MlxTuiApp

        assert isinstance(self.app, MlxTuiApp)
        return self.app

    @property
    def study(self) -> "Study":
        """The study that is open."""
        return self.mlx_app.study

    @property
    def widget_hints(self) -> tuple[str, ...]:
        """Ids of actions of the widget that is in use now, for footer and palette."""
        return self.WIDGET_HINTS

    def why_not(self, action: str) -> str:
        """Returns why an action can't be done right now; empty where it can.

        Args:
            action: Its name without the scope.
        """
        return ""

    def reload(self) -> None:
        """Reads again what the screen shows, after a judgement was taken back or an attempt ended."""

    def stepped(self, keys: "Collection[JudgementKey]") -> None:
        """Takes note of judgements that were taken back or made again."""

    def go_on(self) -> bool:
        """Goes to the next on this screen that has no verdict; returns whether there is one."""
        return False

    @property
    def repo(self) -> str:
        """The repository that the screen is about; empty for the whole corpus."""
        return ""

    @on(FirstHint.Dismissed)
    def dismiss_hint(self) -> bool:
        """Removes the hint for whoever is here for the first time, for ever; returns whether it was in sight."""
        seen = [hint for hint in self.query(FirstHint) if hint.display]
        for hint in seen:
            hint.remove()
            self.mlx_app.preferences.read_hint(self.SCOPE)
            self.mlx_app.keeper.do(self.mlx_app.preferences.write)  # where it can't be, it comes back at the next start
        return bool(seen)

    def close_something(self) -> bool:
        """Closes what escape closes before the screen itself, as a filter; returns whether there was something."""
        return any(holder.clear_filter() for holder in self.query(FilteredTable))

    def title_line(self, title: str, *details: str, least: str = "") -> None:
        """Shows where one is, and whether one judges blind.

        Args:
            title: Where.
            details: More of it, the same in ever fewer words; the first that has room is shown.
            least: The part of the first detail that is left out first.
        """
        marks = ["judging blind"] if self.mlx_app.blind else []
        forms = (PARTS.join([*marks, each] if each else marks) for each in details or [""])
        self.query_one(TopLine).show(title, *forms, least=least)

    def status(self, text: str, role: str = "muted") -> None:
        """Shows a line above the key hints."""
        self.query_one(StatusLine).show(text, role)

    def complain(self, text: str, *, error: bool = False) -> None:
        """Tells the user that something can't be done, or went wrong."""
        severity: Literal["error", "warning"] = "error" if error else "warning"
        seconds = PROMPTLY * (3 if error else 1)
        self.notify(plain(text).plain, severity=severity, timeout=seconds, markup=False)

    def inform(self, text: str) -> None:
        """Tells the user that something is done."""
        self.notify(plain(text).plain, timeout=PROMPTLY, markup=False)

    def deny(self, text: str) -> None:
        """Says why what the user asked for can't be done."""
        self.complain(text)

    def tell_end(self, text: str, role: str) -> None:
        """Tells how work ended: in the status line, and apart from it where that is covered or too short.

        Args:
            text: What came of it.
            role: `good`, `warn` or `bad`.
        """
        self.status(text, role)
        if self.app.screen is not self or cell_len(text) > self.query_one(StatusLine).content_size.width:
            self.complain(text, error=True) if role == "bad" else self.inform(text)

    async def action_run(self, action_id: str) -> None:
        """Does an action of the registry, or says why not."""
        action = BY_ID[action_id]
        reason = self.why_not(action.name)
        if reason:
            self.deny(f"{action.title}: {reason}")
        else:
            getattr(self, f"do_{action.name}")()
        self.update_hints()

    def update_hints(self) -> None:
        """Shows the keys that matter here."""
        if not self.is_mounted:
            return
        if self.app.screen is not self and self.app.screen.is_modal:
            self.query_one(KeyHints).show(Hint(action, kept=True) for action in dialog_actions(self.app.screen))
            return
        if isinstance(self.focused, FilterLine):
            self.query_one(KeyHints).show(Hint(action, kept=True) for action in actions_of(TYPING))
            return
        kept = [BY_ID[f"app.{name}"] for name in (("help", "quit") if self.is_first else ("back", "help", "quit"))]
        likely = self.likely
        named = dict.fromkeys((*self.widget_hints, *likely))
        actions = dict.fromkeys(BY_ID[each] for each in named)
        own_first = (*actions_of(self.SCOPE), *actions_of("app"))
        actions |= dict.fromkeys(action for action in own_first if action.hint)
        hidden = {*kept, BY_ID["app.back"], BY_ID.get(f"app.{self.SCOPE}")}
        hints = in_order([action for action in actions if action not in hidden], likely)
        self.query_one(KeyHints).show(
            [
                *(Hint(action, self._enabled(action), title=self.titles.get(action.id, "")) for action in hints),
                *(Hint(action, kept=True) for action in kept),
            ]
        )

    @property
    def likely(self) -> tuple[str, ...]:
        """Ids of the actions that are most likely wanted now: the footer's first."""
        return ("app.stop",) if self.mlx_app.written is not None else ()

    @property
    def titles(self) -> Mapping[str, str]:
        """What the footer calls actions, by id, where that depends on what is shown."""
        return {}

    @property
    def is_first(self) -> bool:
        """Whether there is no screen to go back to."""
        screens = [screen for screen in self.app.screen_stack if isinstance(screen, StudyScreen)]
        return screens[:1] == [self]

    @on(events.DescendantFocus)
    @on(events.DescendantBlur)
    def _keys_went_elsewhere(self) -> None:
        self.call_after_refresh(self.update_hints)
        self.call_after_refresh(self._take_filter_hint_back)

    def _take_filter_hint_back(self) -> None:
        """Says again what was said before a filter was typed, where nothing else was said meanwhile."""
        if self._before_filter is None or isinstance(self.focused, FilterLine):
            return
        (before, hint), self._before_filter = self._before_filter, None
        line = self.query_one(StatusLine)
        if line.content == hint:
            line.put(before)

    def _enabled(self, action: Action) -> bool:
        return action.scope != self.SCOPE or not self.why_not(action.name)

    @on(KeyHints.Chosen)
    async def _hint_chosen(self, event: KeyHints.Chosen) -> None:
        event.stop()
        await self.perform(event.action)

    async def perform(self, action: Action) -> None:
        """Does an action chosen by mouse or from the command palette."""
        if action.scope == "app":
            await self.app.run_action(f"run('{action.id}')")
        elif action.scope == self.SCOPE:
            await self.action_run(action.id)
        elif self.focused is not None and (action.scope == TYPING or not isinstance(self.focused, Input)):
            await self.focused.run_action(action.name)

    @on(ColumnsAsked)
    def _choose_columns(self, event: ColumnsAsked) -> None:
        from mlx_tui.tui.screens.columns import ColumnsScreen

        event.stop()
        self.app.push_screen(ColumnsScreen(event.table))

    @on(Highlighted)
    def _filter_was_applied(self, event: Highlighted) -> None:
        """Says how a filter is understood while it is typed; what was under the cursor no longer, where no row is."""
        model = event.table.model
        if event.table.line is not None and self.focused is event.table.line:
            self._tell_filter(event.table)
        elif not model.view and model.rows and model.query:
            self.status("")

    @on(FilterAsked)
    def _filter_was_opened(self, event: FilterAsked) -> None:
        self._tell_filter(event.table)

    def _tell_filter(self, table: VirtualTable) -> None:
        line, model = self.query_one(StatusLine), table.model
        room = line.content_size.width
        said = line.content
        if self._before_filter is not None and said == self._before_filter[1]:
            said = self._before_filter[0]
        if not model.view and model.rows:
            said = plain("")
        keys = (key for key in self.keys.keys(BY_ID["app.help"]) if not types_text(key))
        lists = next(map(key_label, keys), "")
        told = how_it_was_read(model, room) or where_it_looks(model.searched_names, room, lists)
        self.status(told, "muted" if model.view or not model.rows else "warn")
        self._before_filter = (said, line.content)

    @on(Told)
    def _told(self, event: Told) -> None:
        event.stop()
        self.status(event.text)

    def on_screen_resume(self) -> None:
        """Shows the keys again."""
        self.update_hints()

    def on_screen_suspend(self) -> None:
        """Shows the keys of a dialog that opened over the screen: those of the screen do nothing now."""
        self.update_hints()


def dialog_actions(dialog: Screen[Any]) -> list[Action]:
    """Returns the actions of a dialog for the footer: what answers it first, then what leaves it."""
    scopes = getattr(dialog, "SCOPES", ("palette",))
    answers = [action for action in actions_of(*scopes) if action.scope in ("confirm", "prompt")]
    if not answers:
        answers = [BY_ID[each] for each in ("typed.keep", "palette.choose") if each.partition(".")[0] in scopes]
    leaves = "palette.close" if "palette" in scopes else "dialog.close"
    return [*answers, BY_ID[leaves]]
