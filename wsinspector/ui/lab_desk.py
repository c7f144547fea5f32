"""What the window does with the lab: its menu, its sheet, its addresses, its authority."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from wsinspector.translate import translate
from wsinspector.ui.lab_menu import add_settings, fill_lab_menu
from wsinspector.ui.lab_sheet import LabSheet
from wsinspector.ui.lab_status import LabStatus
from wsinspector.ui.tabs import below

if TYPE_CHECKING:
    from wsinspector.ui.desk import Desk
    from wsinspector.ui.inspect.page import InspectPage


class LabDesk(QObject):
    """``fill_first_address``: the first tab gets an address of the lab once there is one."""

    def __init__(self, desk: "Desk") -> None:
        super().__init__(desk)
        self._desk = desk
        self.window = desk.window
        self.workspace = desk.workspace
        self.fill_first_address = False
        self._filled = ""
        self.sheet: LabSheet | None = None
        self.status = LabStatus(self.workspace.control)
        desk.status.place_lab(self.status)
        self.status.settings_asked.connect(self.show_sheet)
        self.workspace.lab_ready.connect(self._lab_ready)

    def _lab_ready(self) -> None:
        self.fill_first()
        self._desk.tabs.refresh()

    def fill_first(self) -> None:
        """Fill in an address of the lab where the first tab waits for one."""
        scenarios = self.workspace.scenarios()
        if self.fill_first_address and scenarios and self._desk.pages:
            self.fill_first_address = False
            tab = self._desk.pages[0].tab
            if not tab.conversation.address_text:
                chat = next((each for each in scenarios if each.path == "/chat"), scenarios[0])
                tab.set_address(chat.url)
                self._filled = chat.url

    def untouched(self, page: "InspectPage") -> bool:
        """Whether ``page`` is as the start made it: nothing typed, nothing sent."""
        conversation = page.tab.conversation
        return (
            not conversation.attempts
            and not page.tab.edited
            and conversation.address_text in ("", self._filled)
        )

    def open_menu(self, under: QWidget) -> None:
        """Show the menu below ``under``."""
        menu = QMenu(under)
        self.fill_menu(menu)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(below(under))

    def fill_menu(self, menu: QMenu) -> None:
        """Settings and scenarios of the lab."""
        control = self.workspace.control
        add_settings(menu, control, self.show_sheet)
        fill_lab_menu(menu, self.workspace.lab, self.take_address, self.save_authority)

    def show_sheet(self, part: str = "") -> None:
        """Show the lab's settings; ``part``: own or beyond, where the focus is to be."""
        if self.sheet is None:
            self.sheet = LabSheet(self.workspace.control, self.window)
        self.sheet.look()
        if not self.sheet.isVisible():
            self.sheet.appear()
        self.sheet.focus_part(part)

    def take_address(self, url: str) -> None:
        """Fill in a picked address; nothing connects."""
        self._desk.show_page(0)
        page = self._desk.page or self._desk.new_tab()
        page.tab.set_address(url)
        page.tab.pick(0)
        page.address.button.setFocus()

    def save_authority(self) -> None:
        """Ask where to, and write the certificate of the lab's authority there."""
        lab = self.workspace.lab
        if lab is None or not lab.authority_pem:
            return
        name, _ = QFileDialog.getSaveFileName(
            self.window, translate("Desk", "Save the lab's authority"), "wsinspector-lab-authority.pem"
        )
        if name:
            try:
                lab.save_authority(Path(name))
            except (OSError, ValueError) as error:
                self._desk.status.say(
                    translate("Desk", "The authority could not be saved: {0}").format(error)
                )
            else:
                self._desk.status.say(translate("Desk", "The lab's authority is in {0}").format(name))
