"""Behaviour after the handshake: which policy answers, and what is done unasked."""

from PySide6.QtWidgets import QWidget

from wsinspector.conversation.option_texts import read_bytes, read_seconds
from wsinspector.conversation.options import POLICIES
from wsinspector.present.numbers import count
from wsinspector.protocol.policy import PONG_PAYLOADS, by_name
from wsinspector.translate import translate
from wsinspector.ui.inspect.option_connection import NUMBER_WIDTH, change
from wsinspector.ui.inspect.option_group import OptionField, OptionGroup, switch
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.inspect.tab import TabState
from wsinspector.ui.widgets.segmented import Segmented

_CHOICES = (None, True, False)


class BehaviourGroup(OptionGroup):
    """The policy with a sentence on what it does, its parts set apart, pings, limits, echo."""

    def __init__(self, tab: TabState, parent: QWidget | None = None) -> None:
        super().__init__(translate("Options", "Behaviour"), parent)
        self._tab = tab
        names = {
            "tolerant": translate("Options", "Tolerant"),
            "conforming": translate("Options", "Conforming"),
            "watch": translate("Options", "Only watch"),
        }
        self._sentences = {
            "tolerant": translate(
                "Options", "Answers like a conforming client, records every fault and goes on."
            ),
            "conforming": translate(
                "Options", "Answers and fails the connection exactly as RFC 6455 demands."
            ),
            "watch": translate("Options", "Answers nothing by itself; each answer is a button."),
        }
        self.policy = Segmented([names[name] for name in POLICIES])
        self.policy.setAccessibleName(translate("Options", "Policy"))
        for at, name in enumerate(POLICIES):
            self.policy.set_tip(at, self._sentences[name])
            self.policy.segments[at].setAccessibleDescription(self._sentences[name])
        self.sentence = RoleLabel("", "muted", wraps=True, size=0.95)
        self.pings = self._choice(
            translate("Options", "Answer pings"),
            translate("Options", "Whether a ping is answered with a pong (RFC 6455 §5.5.2)"),
        )
        self.close_frames = self._choice(
            translate("Options", "Answer Close"),
            translate("Options", "Whether a Close frame is answered with one (RFC 6455 §5.5.1)"),
        )
        self.pong_after = OptionField(
            translate("Options", "Pongs late by"),
            lambda text: read_seconds(text, empty=0.0),
            tip=translate("Options", "Answer a ping so much later; empty: at once."),
            unit=translate("Options", "s"),
            hint=translate("Options", "at once"),
            width=NUMBER_WIDTH,
        )
        self.pong_payload = Segmented(
            [
                translate("Options", "Same"),
                translate("Options", "Empty"),
                translate("Options", "Other"),
            ]
        )
        self.pong_payload.setAccessibleName(translate("Options", "A pong holds"))
        for at, segment in enumerate(self.pong_payload.segments):
            self.pong_payload.set_tip(
                at, translate("Options", "What a pong holds; the ping's bytes are right (RFC 6455 §5.5.2)")
            )
            segment.setAccessibleName(translate("Options", "A pong holds: {0}").format(segment.text()))
        self.ping_every = OptionField(
            translate("Options", "Ping every"),
            lambda text: read_seconds(text, empty=0.0),
            tip=translate("Options", "Send a ping this often while the connection is open; empty: never."),
            unit=translate("Options", "s"),
            hint=translate("Options", "off"),
            width=NUMBER_WIDTH,
        )
        self.reconnect = OptionField(
            translate("Options", "Reconnect after"),
            lambda text: read_seconds(text, empty=0.0),
            tip=translate(
                "Options", "Connect again this long after the peer or the network ended it; empty: never."
            ),
            unit=translate("Options", "s"),
            hint=translate("Options", "off"),
            width=NUMBER_WIDTH,
        )
        self.limit = OptionField(
            translate("Options", "Max message"),
            read_bytes,
            tip=translate(
                "Options", "A longer message is a fault: conforming fails with 1009. 64 KiB is understood."
            ),
            unit=translate("Options", "bytes"),
            hint=translate("Options", "no limit"),
            width=NUMBER_WIDTH + 24,
        )
        self.echo = switch(
            translate("Options", "Send every message back"),
            translate("Options", "Echo each message as it came, once it is whole."),
        )
        self.compress = switch(
            translate("Options", "Compress what I send"),
            translate(
                "Options",
                "Where the answer agreed to permessage-deflate, each message leaves compressed (RFC 7692). "
                "What is held by Step, and answers sent together, leave as they are.",
            ),
        )
        self.step = switch(
            translate("Options", "Step"),
            translate(
                "Options",
                "Hold what leaves and show what comes, until a key lets it go ([key:frames.step]).",
            ),
        )
        self.add_wide(self.policy)
        self.add_wide(self.sentence)
        self.add(translate("Options", "Answer pings"), self.pings)
        self.add(translate("Options", "Pongs late by"), self.pong_after)
        self.add(translate("Options", "A pong holds"), self.pong_payload)
        self.add(translate("Options", "Answer Close"), self.close_frames)
        self.add(translate("Options", "Ping every"), self.ping_every)
        self.add(translate("Options", "Reconnect after"), self.reconnect)
        self.add(translate("Options", "Max message"), self.limit)
        self.add_wide(self.echo)
        self.add_wide(self.compress)
        self.add_wide(self.step)
        self.policy.picked.connect(lambda at: change(tab, policy=POLICIES[at]))
        self.pings.picked.connect(lambda at: change(tab, answer_pings=_CHOICES[at]))
        self.close_frames.picked.connect(lambda at: change(tab, answer_close=_CHOICES[at]))
        self.pong_after.changed.connect(lambda value: change(tab, pong_after=value))
        self.pong_payload.picked.connect(lambda at: change(tab, pong_payload=PONG_PAYLOADS[at]))
        self.ping_every.changed.connect(lambda value: change(tab, ping_every=value))
        self.reconnect.changed.connect(lambda value: change(tab, reconnect_every=value))
        self.limit.changed.connect(lambda value: change(tab, max_message=value))
        self.echo.clicked.connect(lambda on: change(tab, echo=on))
        self.compress.clicked.connect(lambda on: change(tab, compress=on))
        self.step.clicked.connect(lambda on: change(tab, step=on))

    def _choice(self, name: str, tip: str) -> Segmented:
        made = Segmented(
            [translate("Options", "As policy"), translate("Options", "Yes"), translate("Options", "No")]
        )
        made.setAccessibleName(name)
        for at, segment in enumerate(made.segments):
            made.set_tip(at, tip)
            segment.setAccessibleName(f"{name}: {segment.text()}")
        return made

    def look(self) -> None:
        """Show the options as they are."""
        options = self._tab.conversation.options
        self.policy.set_current(POLICIES.index(options.policy) if options.policy in POLICIES else -1)
        self.sentence.set_text(self._sentences.get(options.policy, ""))
        settings = by_name(options.policy)
        for choice, value, own in (
            (self.pings, options.answer_pings, settings.pong),
            (self.close_frames, options.answer_close, settings.close),
        ):
            choice.set_current(_CHOICES.index(value))
            word = translate("Options", "Policy: yes") if own else translate("Options", "Policy: no")
            choice.set_text(0, word)
        self.pong_after.show_text(f"{options.pong_after:g}" if options.pong_after else "")
        payload = options.pong_payload if options.pong_payload in PONG_PAYLOADS else "same"
        self.pong_payload.set_current(PONG_PAYLOADS.index(payload))
        self.ping_every.show_text(f"{options.ping_every:g}" if options.ping_every else "")
        self.reconnect.show_text(f"{options.reconnect_every:g}" if options.reconnect_every else "")
        self.limit.show_text(count(options.max_message) if options.max_message else "")
        self.echo.setChecked(options.echo)
        self.compress.setChecked(options.compress)
        self.step.setChecked(options.step)
