"""What becomes of a capture beneath its tab is told above the panes: read, written, or deleted."""

from wsinspector.translate import translate
from wsinspector.ui.actions.binding import fill
from wsinspector.ui.inspect.page import InspectPage


def tell_reading(page: InspectPage, state: str, before: str) -> None:
    """Say whether the file is another's: ``state`` is written, only (read) or nothing."""
    if state == "written":
        page.notices.show_notice(
            translate(
                "Desk",
                "Read only, still being written by another program: what it adds appears here. "
                "Connect opens a tab of its own.",
            ),
            role="link",
            kind="reading",
        )
    elif before == "written":
        page.notices.show_notice(
            translate("Desk", "The other program is done with this file."), role="ok", kind="reading"
        )
    elif state == "only":
        page.notices.show_notice(
            translate("Desk", "Read only: the file may not be changed. Connect opens a tab of its own."),
            role="link",
            kind="reading",
        )


def tell_writing(page: InspectPage, trouble: str) -> None:
    """Say that the capture cannot be written, and what to do; no more once it can."""
    if not trouble:
        told = translate("Desk", "The capture is written again; nothing was dropped.")
        shown = page.tab.snapshot_of(len(page.tab.conversation.attempts))
        if shown is not None and (shown.losses or any(number for _, number in shown.dropped)):
            told = translate(
                "Desk", "The capture is written again; what was dropped stands in the status bar."
            )
        page.notices.show_notice(told, role="ok", kind="writing")
        return
    if "limit" in trouble:
        page.notices.show_notice(
            translate("Desk", "{0} What is in the file is whole.").format(trouble),
            (
                translate("Desk", "What comes from now on is counted in the status bar, and not kept."),
                fill(
                    translate(
                        "Desk", "The limits are among the Options ([key:request.options]), under Limits."
                    )
                ),
            ),
            kind="writing",
        )
        return
    page.notices.show_notice(
        translate("Desk", "{0} What is in the file is whole; reading waits.").format(trouble),
        (
            translate("Desk", "Free some room on the disk: writing goes on by itself."),
            fill(
                translate(
                    "Desk", "Or save a copy elsewhere ([key:files.save]), and connect again from there."
                )
            ),
            translate("Desk", "What cannot be kept meanwhile is counted in the status bar, by reason."),
        ),
        role="fault",
        kind="writing",
    )


def tell_gone(page: InspectPage) -> None:
    """Say that the file was deleted beneath the tab, and what can still be done; no more once it is back."""
    path = page.tab.conversation.capture_path
    if path is None or not page.file_gone:
        page.notices.show_notice("", kind="gone")
        return
    page.notices.show_notice(
        translate("Desk", "{0} was deleted or moved away.").format(path.name),
        (
            translate("Desk", "What was read of it stays here as long as this tab is open."),
            fill(translate("Desk", "Save as ([key:files.save]) writes it to a file again.")),
            translate("Desk", "Marks and drafts are not kept any more: there is no file to keep them in."),
        ),
        role="fault",
        kind="gone",
    )
