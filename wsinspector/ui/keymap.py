"""The keys that work everywhere in the window: one table, bound once and shown in the sheet."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wsinspector.translate import translate
from wsinspector.ui.inspect.page import InspectPage
from wsinspector.ui.page_switch import LEARN, PROVOKE
from wsinspector.ui.tips import explain_focus

if TYPE_CHECKING:
    from wsinspector.ui.desk import Desk
    from wsinspector.ui.provoke.page import ProvokePage
    from wsinspector.ui.sweep.page import SweepPage

    Asking = SweepPage | ProvokePage


@dataclass(frozen=True, slots=True)
class Key:
    """``keys`` as Qt writes them, alternatives after a comma; ``text`` says what they do.

    ``group`` is the column of the sheet: request, frames or window.
    """

    group: str
    keys: str
    text: str
    action: Callable[[], object]


def keymap(desk: "Desk") -> list[Key]:
    """Every key of ``desk``, in the order of the sheet."""

    def t(text: str) -> str:
        return translate("Keys", text)

    def on(
        deed: Callable[[InspectPage], object], sweep: "Callable[[Asking], object] | None" = None
    ) -> Callable[[], None]:
        """``deed`` on the conversation in front; ``sweep`` where the Sweep or Provoke page is in front."""

        def act() -> None:
            asking = desk.sweeping or desk.switch.provoking
            if asking is not None:
                if sweep is not None:
                    sweep(asking)
            elif desk.page is not None:
                deed(desk.page)

        return act

    bar = desk.window.tabs.bar
    rows: tuple[tuple[str, str, str, Callable[[], object]], ...] = (
        ("request", "Ctrl+L", t("To the address"), on(lambda page: page.address.field.setFocus(), _servers)),
        ("request", "Ctrl+Shift+V", t("To the version"), on(lambda page: page.address.version.setFocus())),
        ("request", "Ctrl+Shift+O", t("Options"), on(lambda page: page.toggle_options())),
        ("request", "Ctrl+Shift+L", t("Addresses of the lab"), on(lambda page: page.address.lab.click())),
        ("request", "Ctrl+Shift+J", t("The lab: versions, clients, reach"), lambda: desk.show_lab_sheet()),
        ("request", "Ctrl+J", t("To the client that reached the lab"), lambda: desk.caught.go()),
        ("request", "F5", t("Connect, or connect again; run the sweep"), on(_connect, _run)),
        ("request", "Shift+F5", t("Disconnect, or cancel; stop the sweep"), on(_disconnect, _stop)),
        ("request", "Ctrl+Shift+C", t("Copy report"), on(lambda page: page.copy_report())),
        ("frames", "Ctrl+Shift+F", t("To the filter"), on(lambda page: page.frames.tools.filter.focus())),
        ("frames", "Ctrl+Shift+A", t("Craft frames"), on(lambda page: page.frames.crafting.show())),
        ("frames", "Ctrl+End", t("Follow the newest frame"), on(lambda page: page.frames.view.follow())),
        (
            "frames",
            "Ctrl+Shift+R",
            t("Sequences, or the handshake again"),
            on(lambda page: page.workbench.toggle(0)),
        ),
        ("frames", "Ctrl+Shift+D", t("Saved messages"), on(lambda page: page.workbench.toggle(1))),
        ("frames", "Ctrl+R", t("Replay what was sent, and compare the answers"), on(_replay(desk))),
        ("frames", "Ctrl+F10", t("Step: hold what leaves, show what comes one by one"), on(_toggle_step)),
        ("frames", "Ctrl+I", t("Statistics, or the log again"), on(lambda page: page.toggle_statistics())),
        ("window", "Ctrl+Shift+I", t("To the conversations"), lambda: desk.show_page(0)),
        ("window", "Ctrl+Shift+P", t("To the sweep"), lambda: desk.show_page(1)),
        ("window", "Ctrl+Shift+G", t("To the provocations"), lambda: desk.show_page(PROVOKE)),
        ("window", "Ctrl+Shift+E", t("To what can be learned"), lambda: desk.show_page(LEARN)),
        ("window", "Ctrl+1", t("Hide or show the handshake"), on(lambda page: page.toggle_handshake())),
        ("window", "Ctrl+2", t("Hide or show the frames"), on(lambda page: page.toggle_frames())),
        ("window", "Ctrl+3", t("Panes as they were at first"), on(lambda page: page.even_out(), _even_out)),
        ("window", "Ctrl+T", t("New conversation"), desk.new_tab),
        ("window", "Ctrl+W", t("Close the conversation"), lambda: desk.close_tab(bar.currentIndex())),
        ("window", "Ctrl+Tab, Ctrl+PgDown", t("Next conversation"), lambda: desk.step(1)),
        ("window", "Ctrl+Shift+Tab, Ctrl+PgUp", t("Conversation before"), lambda: desk.step(-1)),
        ("window", "Ctrl+O", t("Open files, or import"), desk.files.ask_open),
        ("window", "Ctrl+Shift+S", t("Save a copy as"), desk.files.saving.ask),
        ("window", "Ctrl+E", t("Export"), lambda: desk.files.show_export()),
        ("window", "Ctrl+Shift+B", t("All conversations of the file"), desk.files.show_list_again),
        ("window", "Ctrl+Shift+K", t("Kept captures and their limits"), desk.files.show_kept),
        ("window", "Ctrl+Escape", t("Put away what is told of files"), desk.files.strip.put_away),
        ("window", "Ctrl++, Ctrl+=", t("Larger"), lambda: desk.zoom(1)),
        ("window", "Ctrl+-", t("Smaller"), lambda: desk.zoom(-1)),
        ("window", "Ctrl+0", t("Text size as it was"), lambda: desk.zoom(0)),
        ("window", "F10", t("Menu; while stepping, the next step"), _step_or_menu(desk)),
        ("window", "F1", t("What has the focus, explained"), explain_focus),
        ("window", "Ctrl+/", t("All keys"), desk.toggle_sheet),
        ("window", "Ctrl+Q", t("Quit"), desk.window.close),
    )
    return [Key(*row) for row in rows]


def _step_or_menu(desk: "Desk") -> Callable[[], object]:
    return lambda: desk.step_keys.step_or(desk.window.tabs.menu_button.click)


def _replay(desk: "Desk") -> Callable[[InspectPage], object]:
    return lambda page: desk.replaying.ask(page)


def _connect(page: InspectPage) -> None:
    tab = page.tab
    if tab.caught is not None and tab.conversation.address.error is not None:
        tab.use_as_draft(tab.picked)  # nobody has said yet which server the request is for
    else:
        tab.connect_now()


def _toggle_step(page: InspectPage) -> None:
    page.stepping.toggle()


def _disconnect(page: InspectPage) -> None:
    page.tab.end_live()


def _servers(page: "Asking") -> None:
    page.servers.field.setFocus()


def _run(page: "Asking") -> None:
    page.start()


def _stop(page: "Asking") -> None:
    page.stop_asking()


def _even_out(page: "Asking") -> None:
    page.even_out()
