"""Engine.IO 4 packets and the Socket.IO 5 packets in them as a table of what each part means."""

import re

from wsinspector.present.plain import decoded, visible
from wsinspector.present.views.contents import Budget, Node, Sample, Shown, Source, Table
from wsinspector.present.views.json_scan import LONGEST_RUN
from wsinspector.present.views.json_tree import json_node
from wsinspector.translate import translate

_PACKET = re.compile(r"4([0-6])(?:(\d{1,9})-)?(?:(/[^,\[{]{0,200}),)?(\d{1,18})?(?=$|[\[{\"])")
_ENGINE = re.compile(r"0\{|[23](?:probe)?$|[156]$")


class SocketIo:
    """Text packets; a binary attachment is bytes of its own and says nothing of itself."""

    id = "socket-io"
    reaches_all = False

    @property
    def name(self) -> str:
        return translate("Views", "Socket.IO")

    def fits(self, sample: Sample) -> int:
        if not sample.text or sample.total > LONGEST_RUN:
            return 0
        text = decoded(sample.data)
        found = _PACKET.match(text)
        if found is not None and text[found.end() :][:1] in ("[", "{"):
            return 80
        return 70 if text.startswith('0{"sid"') else 30 if found or _ENGINE.match(text) else 0

    def show(self, source: Source, budget: Budget) -> Shown | None:
        if not len(source.data) == source.total <= LONGEST_RUN:
            return None
        text = decoded(source.data)
        engine = _engine().get(text[:1])
        if engine is None:
            return None
        rows = [Node("Engine.IO", text[0], engine, "number")]
        rest = text[1:]
        packet = _PACKET.match(text)
        if packet is not None:
            kind, parts, space, number = packet.groups()
            rows.append(Node("Socket.IO", kind, _socket()[int(kind)], "number"))
            if parts:
                rows.append(
                    Node(
                        translate("Views", "Attachments"),
                        parts,
                        translate("Views", "binary messages that follow"),
                        "number",
                    )
                )
            rows.append(Node(translate("Views", "Namespace"), visible(space or "/"), role="string"))
            if number:
                rows.append(
                    Node(
                        translate("Views", "Number"),
                        number,
                        translate("Views", "ties an event to its acknowledgement"),
                        "number",
                    )
                )
            rest = text[packet.end() :]
        if rest[:1] in ("[", "{"):
            rows.append(json_node(translate("Views", "Data"), rest, budget))
        elif rest:
            rows.append(Node(translate("Views", "Data"), visible(rest[:300]), role="string"))
        return Table(tuple(rows))


def _engine() -> dict[str, str]:
    return {
        "0": translate("Views", "open: the server's settings"),
        "1": translate("Views", "close"),
        "2": translate("Views", "ping"),
        "3": translate("Views", "pong"),
        "4": translate("Views", "message"),
        "5": translate("Views", "upgrade"),
        "6": translate("Views", "noop: nothing to do"),
    }


def _socket() -> tuple[str, ...]:
    return (
        translate("Views", "connect to a namespace"),
        translate("Views", "disconnect from a namespace"),
        translate("Views", "event"),
        translate("Views", "acknowledgement"),
        translate("Views", "connecting failed"),
        translate("Views", "event with binary attachments"),
        translate("Views", "acknowledgement with binary attachments"),
    )
