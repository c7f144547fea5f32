"""What the actions that work everywhere do in a window; their keys stand in the registry."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wsinspector.translate import translate
from wsinspector.ui.inspect.page import InspectPage
from wsinspector.ui.library.keeping import keep_request
from wsinspector.ui.page_switch import INSPECT, LEARN, LIBRARY, PROVOKE, SWEEP

if TYPE_CHECKING:
    from wsinspector.ui.desk import Desk
    from wsinspector.ui.provoke.page import ProvokePage
    from wsinspector.ui.sweep.page import SweepPage

    Asking = SweepPage | ProvokePage


def _always() -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Deed:
    """``why_not`` says why it can do nothing now; empty where it can."""

    do: Callable[[], object]
    why_not: Callable[[], str] = _always


def keymap(desk: "Desk") -> dict[str, Deed]:
    """What ``desk`` does for each action that works everywhere, by its id."""

    def on(deed: Callable[[InspectPage], object], sweep: "Callable[[Asking], object] | None" = None) -> Deed:
        """``deed`` on the conversation in front; ``sweep`` where the Sweep or Provoke page is in front."""

        def act() -> None:
            asking = desk.sweeping or desk.switch.provoking
            if asking is not None:
                if sweep is not None:
                    sweep(asking)
            elif desk.page is not None:
                deed(desk.page)

        def why_not() -> str:
            if desk.sweeping is not None or desk.switch.provoking is not None:
                return "" if sweep is not None else translate("Keys", "Only in a conversation")
            return "" if desk.page is not None else translate("Keys", "No conversation is open")

        return Deed(act, why_not)

    bar = desk.window.tabs.bar
    return {
        "request.address": on(lambda page: page.to_address(), _servers),
        "request.version": on(_to_version),
        "request.options": on(lambda page: page.toggle_options()),
        "request.lab": on(lambda page: page.address.lab.click()),
        "request.lab-sheet": Deed(lambda: desk.show_lab_sheet()),
        "request.client": Deed(lambda: desk.caught.go()),
        "request.connect": on(lambda page: _connect(desk, page), _run),
        "request.disconnect": on(_disconnect, _stop),
        "request.report": on(lambda page: page.copy_report()),
        "request.keep": on(lambda _page: keep_request(desk)),
        "frames.filter": on(lambda page: page.frames.tools.filter.focus()),
        "frames.craft": on(lambda page: page.frames.crafting.show()),
        "frames.follow": on(lambda page: page.frames.view.follow()),
        "frames.replay": on(lambda page: desk.replaying.ask(page)),
        "frames.step": on(lambda page: page.stepping.toggle()),
        "sequences.show": on(lambda page: page.workbench.toggle(0)),
        "saved.show": on(lambda page: page.workbench.toggle(1)),
        "statistics.show": on(lambda page: page.toggle_statistics()),
        "window.palette": Deed(desk.show_palette),
        "window.keys": Deed(desk.toggle_sheet),
        "window.explain": Deed(lambda: _explain(desk)),
        "window.explain-all": on(lambda page: page.explaining.toggle()),
        "window.menu": Deed(lambda: desk.step_keys.step_or(desk.window.tabs.menu_button.click)),
        "window.inspect": Deed(lambda: desk.show_page(INSPECT)),
        "window.sweep": Deed(lambda: desk.show_page(SWEEP)),
        "window.provoke": Deed(lambda: desk.show_page(PROVOKE)),
        "window.learn": Deed(lambda: desk.show_page(LEARN)),
        "window.hide-handshake": on(lambda page: page.toggle_handshake()),
        "window.hide-frames": on(lambda page: page.toggle_frames()),
        "window.even-out": on(lambda page: page.even_out(), _even_out),
        "window.library": Deed(lambda: desk.show_page(LIBRARY)),
        "window.lessons": Deed(lambda: desk.switch.lessons.toggle()),
        "window.new-tab": Deed(desk.new_tab),
        "window.close-tab": Deed(lambda: desk.close_tab(bar.currentIndex())),
        "window.next-tab": Deed(lambda: desk.step(1)),
        "window.previous-tab": Deed(lambda: desk.step(-1)),
        "files.open": Deed(desk.files.ask_open),
        "files.save": Deed(desk.files.saving.ask),
        "files.export": Deed(lambda: desk.files.show_export()),
        "files.share": on(lambda _page: desk.files.show_export("share")),
        "files.list": Deed(desk.files.show_list_again),
        "files.kept": Deed(desk.files.show_kept),
        "files.put-away": Deed(desk.files.strip.put_away),
        "files.delete": on(lambda _page: desk.ask_delete()),
        "window.larger": Deed(lambda: desk.zoom(1)),
        "window.smaller": Deed(lambda: desk.zoom(-1)),
        "window.size": Deed(lambda: desk.zoom(0)),
        "window.as-system": Deed(lambda: desk.set_scheme("system")),
        "window.light": Deed(lambda: desk.set_scheme("light")),
        "window.contrast": Deed(lambda: desk.set_scheme("contrast")),
        "window.dark": Deed(lambda: desk.set_scheme("dark")),
        "window.welcome": Deed(desk.greeting.show),
        "window.quit": Deed(desk.window.close),
    }


def _explain(desk: "Desk") -> None:
    # Here, as what it draws in is needed with the first F1 only.
    from wsinspector.ui.explain.about_desk import explain_focus

    explain_focus(desk)


def _connect(desk: "Desk", page: InspectPage) -> None:
    tab = page.tab
    desk.greeting.put_away()
    if tab.caught is not None and tab.conversation.address.error is not None:
        tab.use_as_draft(tab.picked)  # nobody has said yet which server the request is for
    else:
        tab.connect_now()


def _to_version(page: InspectPage) -> None:
    """What stands there is selected, so that a value that is typed replaces it."""
    page.address.version.setFocus()
    page.address.version.edit.selectAll()


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
