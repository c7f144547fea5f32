"""The send bar's side of the frame pane: what it may send, what it sends, which answers wait."""

from collections.abc import Callable

from wsinspector.conversation.attempt import Attempt
from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.present.due import Due, due_answers
from wsinspector.present.outgoing import Outgoing
from wsinspector.protocol.opcodes import CLOSE, PONG
from wsinspector.protocol.spans import Role
from wsinspector.translate import translate
from wsinspector.ui.actions.binding import fill
from wsinspector.ui.inspect.log_model import LogModel
from wsinspector.ui.inspect.send_bar import SendBar


class FrameSending:
    """Sends on the attempt that ``attempt()`` names; ``bar`` is kept up with it."""

    def __init__(self, bar: SendBar, attempt: Callable[[], Attempt | None]) -> None:
        self._bar = bar
        self._attempt = attempt
        self._due_at = -1
        bar.send_asked.connect(self._send)
        bar.answer_asked.connect(self._answer)

    def forget_due(self) -> None:
        """Another attempt is shown."""
        self._due_at = -1
        self._bar.due.set_due(())

    def show_state(self, snapshot: AttemptSnapshot | None) -> None:
        """Open the bar, or say why nothing can be sent."""
        if snapshot is None:
            self._bar.set_open(
                False, fill(translate("Send", "Not connected. [key:request.connect] connects."))
            )
        elif snapshot.stopped is not None and snapshot.live:
            why = translate("Send", "The connection was failed with {code}: nothing more is sent.")
            self._bar.set_open(False, why.format(code=snapshot.stopped.code))
        elif snapshot.open:
            self._bar.speak(snapshot.agreed, snapshot.role)
            attempt = self._attempt()
            self._bar.set_compressing(attempt is not None and attempt.options.compress)
            self._bar.set_open(True)
        elif snapshot.undecided:
            self._bar.set_open(False, translate("Send", "Not open yet: frames follow a 101."))
        elif snapshot.answered:
            self._bar.set_open(
                False,
                fill(translate("Send", "Refused: nothing opened. [key:request.connect] connects again.")),
            )
        elif snapshot.role is Role.SERVER:
            self._bar.set_open(False, translate("Send", "The connection of this client has ended."))
        else:
            self._bar.set_open(
                False,
                fill(translate("Send", "The connection has ended. [key:request.connect] connects again.")),
            )

    def look_for_due(self, model: LogModel, snapshot: AttemptSnapshot) -> None:
        """Offer the pongs and the Close that the policy leaves to the person."""
        attempt = self._attempt()
        frames = len(model.rows.index)
        if attempt is None or frames == self._due_at:
            return
        self._due_at = frames
        options = attempt.options
        watch = snapshot.policy == "watch"
        pongs = not options.answer_pings if options.answer_pings is not None else watch
        closes = not options.answer_close if options.answer_close is not None else watch
        other = model.reading.agreed != attempt.snapshot.agreed  # read as what is not spoken
        if not snapshot.open or other or not (pongs or closes):
            self._bar.due.set_due(())
            return
        wanted = {PONG: pongs, CLOSE: closes}
        due = due_answers(model.rows.index, model.reading)
        self._bar.due.set_due(tuple(one for one in due if wanted[one.opcode]))

    def _send(self, frame: Outgoing) -> None:
        self._send_frame(frame.opcode, frame.payload)

    def _answer(self, due: Due) -> None:
        self._send_frame(due.opcode, due.payload)

    def _send_frame(self, opcode: int, payload: bytes) -> None:
        attempt = self._attempt()
        if attempt is not None and attempt.live:
            attempt.send_frame(opcode, payload)
