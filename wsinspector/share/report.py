"""Copy report: an attempt as a few lines of Markdown for a ticket, secrets left out."""

import base64
import contextlib
import datetime
import re
from array import array
from collections.abc import Iterator, Sequence

from wsinspector import __version__
from wsinspector.capture import CaptureReader
from wsinspector.conversation.options import Options
from wsinspector.conversation.snapshot import AttemptSnapshot, End, EndedBy, EndKind
from wsinspector.present.answer import of_attempt
from wsinspector.present.closing import close_text, code_in, describe_code, forbidden_text
from wsinspector.present.frames import FrameFacts, FrameReading
from wsinspector.present.handshake_texts import response_facts, response_when, tls_summary
from wsinspector.present.inflation import Inflation
from wsinspector.present.mirror import mirror_view
from wsinspector.present.numbers import clock, duration, milliseconds, size
from wsinspector.present.payload import Payload, read_payload
from wsinspector.present.plain import preview, visible
from wsinspector.present.refused import understood, where_lost, who_spoke
from wsinspector.present.rowlabels import anomaly_labels
from wsinspector.present.secrets import DOTS, masked_address, secret_spans, without_secret
from wsinspector.present.source import AttemptSource
from wsinspector.present.typenames import type_name
from wsinspector.protocol.arriving import NOTHING_AGREED
from wsinspector.protocol.deflate import InflateFault
from wsinspector.protocol.frame_facts import CloseStyle, frame_facts, reported_code
from wsinspector.protocol.head_reader import parse_request
from wsinspector.protocol.http import Head
from wsinspector.protocol.messages import first_bad_utf8
from wsinspector.protocol.spans import Role
from wsinspector.share.command import SECRET, repeating
from wsinspector.share.fitting import fitted, shares
from wsinspector.translate import translate
from wsinspector.verdicts.finding import Fault, Finding, Severity

MOST_LINES = 40
WIDTH = 200  # characters of one line of the network; 64 KiB of a header help nobody in a ticket
PAYLOAD = 120  # bytes of a payload
INFLATED_UPTO = 4 << 20  # bytes of a stream walked to inflate one frame; the clipboard waits for it

_TELLING = ("host", "upgrade", "connection", "origin", "location", "content-length", "server", "via", "date")
_MARKDOWN = re.compile(r"([\\`*\[\]<>|])")
_SHORTEST = 4  # bytes; shorter secrets are hidden where they stand, but not looked for elsewhere
_SHORTEST_PART = 6
_SEPARATORS = re.compile(rb"[;,=\s]+")


def report_of(
    snapshot: AttemptSnapshot, options: Options, numbers: Sequence[int], reader: CaptureReader | None
) -> str:
    """At most 40 lines; ``numbers`` are the frames to show, ``reader`` has their bytes.

    ``options`` are those the attempt was made with.
    """
    return _Report(snapshot, options).text(numbers, reader)


class _Report:
    def __init__(self, snapshot: AttemptSnapshot, options: Options) -> None:
        self._snapshot = snapshot
        self._options = options
        self._secrets: set[bytes] = set()
        self._left_out: list[str] = []

    def text(self, numbers: Sequence[int], reader: CaptureReader | None) -> str:
        snapshot, response = self._snapshot, self._snapshot.response
        sent = self._head(parse_request(snapshot.request), translate("Report", "request"))
        came = self._head(response.head, translate("Report", "response")) if response is not None else []
        findings = [_finding(each) for each in snapshot.verdict.findings] if snapshot.verdict else []
        frames = self._frames(numbers, reader)
        mirror = mirror_view(snapshot)
        told = [f"- {_escaped(_cut(visible(note), 2 * WIDTH))}" for note in mirror.notes] if mirror else []
        if told:
            told.insert(0, f"#### {translate('Report', 'What the mirror received differently')}")
        asks, tells = ("<", ">") if snapshot.role is Role.SERVER else (">", "<")
        notes = [f"{tells} ({visible(fact.text).rstrip('.')})" for fact in response_facts(snapshot)][:2]
        above = [self._lead(), "", *self._facts()]
        if snapshot.verdict is not None:
            found = translate("Report", "%n finding(s)", "", len(findings))
            above.append(
                f"#### {found}, {len(snapshot.verdict.passed)} {translate('Report', 'checks passed')}"
            )
        below = self._below(bool(numbers) and not frames)
        room = MOST_LINES - len(above) - len(notes) - 2 - len(below) - bool(frames)
        wanted = [len(findings), len(told), len(sent), len(came), len(frames)]
        for_findings, for_told, for_sent, for_came, for_frames = shares(room, wanted, (3, 4, 6, 5, 3))
        wire = [
            *fitted([f"{asks} {line}" for line in sent], for_sent, _matters, f"{asks} "),
            *fitted([f"{tells} {line}" for line in came], for_came, _matters, f"{tells} "),
            *notes,
            *([""] if frames else []),
            *fitted(frames, for_frames, None, ""),
        ]
        fence = _fence(wire)
        lines = [
            *above,
            *fitted(findings, for_findings, None, "- "),
            *fitted(told, for_told, None, "- "),
            f"{fence}text",
            *wire,
            fence,
            *below,
        ]
        return self._scrubbed("\n".join(lines)) + "\n"

    # -- parts

    def _lead(self) -> str:
        line = of_attempt(self._snapshot)
        text = _escaped(_cut(visible(line.text), 2 * WIDTH))
        return f"**{_escaped(visible(line.lead))}** {text}".rstrip()

    def _facts(self) -> Iterator[str]:
        snapshot = self._snapshot
        url = visible(masked_address(snapshot.url))
        if url != visible(snapshot.url):
            self._left_out.append(translate("Report", "parts of the address"))
            data = snapshot.url.encode("utf-8", "replace")
            for span in secret_spans(b"", data):
                self._secrets |= _parts(data[span.start : span.end])
        dialled = _code(snapshot.dialled) if snapshot.dialled else translate("Report", "nothing")
        parts = [
            translate("Report", "Address: {asked}, dialled {dialled}").format(
                asked=_code(_cut(url)), dialled=dialled
            )
        ]
        if snapshot.role is Role.SERVER:
            asked = f", {translate('Report', 'asked for')} {_code(_cut(url))}" if url else ""
            reached = translate("Report", "Client: {client}, reached us at {dialled}")
            parts = [reached.format(client=_code(snapshot.client), dialled=dialled) + asked]
        others = [each for each in snapshot.addresses if each != snapshot.dialled]
        if others:
            parts.append(f"{translate('Report', 'found')} {', '.join(map(_code, others[:6]))}")
        yield f"- {'; '.join(parts)}"
        yield f"- {_when(snapshot)}"
        if snapshot.tls is not None:
            yield f"- TLS: {self._tls()}"
        if snapshot.end is not None:
            yield f"- {translate('Report', 'Ended')}: {_escaped(_ended(snapshot, snapshot.end))}"
        elif snapshot.live:
            yield f"- {translate('Report', 'Not ended yet')}"
        if snapshot.opened_at is not None:
            yield f"- {self._traffic()}"
        elif not snapshot.undecided and snapshot.role is Role.CLIENT:
            yield from _refused(snapshot)
        changed = ", ".join(label for _, label in self._options.changed())
        options = f"; {translate('Report', 'options')}: {_escaped(visible(changed))}" if changed else ""
        made = f"wsinspector {__version__}, {translate('Report', 'attempt')} {snapshot.number}"
        if snapshot.agreed.dialect != NOTHING_AGREED.dialect and snapshot.opened_at is not None:
            made += f", {translate('Report', 'frames read as')} {snapshot.agreed.dialect}"
        yield f"- {made}, {translate('Report', 'policy')} {snapshot.policy}{options}"

    def _tls(self) -> str:
        tls = self._snapshot.tls
        assert tls is not None
        trust = (
            translate("Report", "verified")
            if tls.verified and not tls.trouble
            else translate("Report", "not verified")
        )
        parts = [_escaped(tls_summary(tls)), trust]
        if tls.trouble:
            parts.append(_escaped(_cut(visible(tls.trouble))))
        if tls.sni:
            parts.append(f"SNI {_code(tls.sni)}")
        for certificate in tls.chain[:1]:
            until = translate("Report", "{subject} until {day}")
            parts.append(
                until.format(subject=_code(_cut(certificate.subject, 80)), day=certificate.not_after)
            )
        return ", ".join(part for part in parts if part)

    def _traffic(self) -> str:
        snapshot = self._snapshot
        text = translate("Report", "Frames: {0} in, {1} out").format(snapshot.frames_in, snapshot.frames_out)
        if snapshot.faults:
            text += ", " + translate("Report", "%n fault(s)", "", snapshot.faults)
        stop = snapshot.would_stop or snapshot.stopped
        if stop is not None:
            side = (
                translate("Report", "server")
                if snapshot.role is Role.SERVER
                else translate("Report", "client")
            )
            text += "; " + translate("Report", "a conforming {3} stops at frame {0} with {1}: {2}").format(
                stop.number, stop.code, _escaped(visible(stop.text)), side
            )
        return text

    def _head(self, head: Head, side: str) -> list[str]:
        """The lines of a head, secrets as dots; what was hidden is noted."""
        if not head.start_line and not head.lines:
            return []
        lines = [self._line(b"", head.start_line, side) + _ending(head.start_ending)]
        for each in head.lines:
            name = each.name.strip(b" \t").lower()
            begin = visible((each.name + each.between).decode("latin-1"))
            lines.append(_cut(begin + self._line(name, each.value, side)) + _ending(each.ending))
        return lines

    def _line(self, name: bytes, value: bytes, side: str) -> str:
        shown, at = "", 0
        for span in secret_spans(name, value):
            if span.start < at:
                continue
            self._secrets |= _parts(value[span.start : span.end])
            shown += visible(value[at : span.start].decode("latin-1")) + f"{DOTS} ({len(span)} bytes)"
            at = span.end
        if at:
            what = name.decode("latin-1") or translate("Report", "start line")
            self._left_out.append(translate("Report", "{0} of the {1}").format(visible(what), side))
        return _cut(shown + visible(value[at:].decode("latin-1")))

    # -- frames

    def _frames(self, numbers: Sequence[int], reader: CaptureReader | None) -> list[str]:
        if reader is None or not numbers:
            return []
        source = AttemptSource(reader, self._snapshot.attempt_id)
        reading = FrameReading(source, self._snapshot.agreed, self._snapshot.role)
        inflation = Inflation(reading)
        found = []
        for number in numbers[:MOST_LINES]:
            facts = reading.facts(number)
            if facts is not None:
                found.append(self._frame(facts, reading, inflation))
        # The others are not read, only counted among the lines that did not fit.
        return found + [""] * max(len(numbers) - MOST_LINES, 0)

    def _frame(self, facts: FrameFacts, reading: FrameReading, inflation: Inflation) -> str:
        snapshot = self._snapshot
        at = clock(snapshot.wall_ns + facts.time - snapshot.mono_ns)
        arrow = "↑" if facts.out else "↓"
        labels = [] if facts.fin else [translate("Report", "not final")]
        labels += [label.text for label in anomaly_labels(facts.anomalies, reading.agreed.dialect)]
        data, untold = reading.payload(facts, 0, PAYLOAD), ""
        if facts.compressed:
            labels.insert(0, "deflate")
            near = facts.end <= INFLATED_UPTO and facts.opcode and facts.fin
            read = read_payload(reading, inflation, array("Q", [facts.number]), PAYLOAD) if near else None
            data = read.data if read is not None else data
            untold = self._not_inflated(facts, read)
        kind = type_name(reading, facts)
        marks = f" [{', '.join(labels)}]" if labels else ""
        said = untold or self._payload(facts, data)
        return f"{arrow} {facts.number} {at} {kind} {size(facts.length)}{marks} {said}".rstrip()

    def _not_inflated(self, facts: FrameFacts, read: Payload | None) -> str:
        """What stands for compressed data that is not inflated: its bytes would show what nobody masked."""
        if read is None:
            return (
                translate("Report", "(not inflated, as much travelled before)")
                if facts.opcode and facts.fin
                else translate("Report", "(a part of a compressed message, not shown)")
            )
        if read.fault is InflateFault.LEFT_OUT:
            return translate("Report", "(not inflated: bytes were left out when it was shared)")
        return ""

    def _payload(self, facts: FrameFacts, data: bytes) -> str:
        agreed = self._snapshot.agreed
        if facts.opcode == 8 and code_in(data, agreed) is not None:
            return " ".join(close_text(data, agreed)).rstrip()
        bad = first_bad_utf8(data)
        if facts.opcode not in (0x0, 0x1, 0x8, 0x9, 0xA) or (bad is not None and bad < len(data) - 4):
            return data[:32].hex(" ") + ("…" if facts.length > 32 else "")
        more = "…" if facts.length > len(data) and not facts.compressed else ""
        shown, at = b"", 0
        for span in secret_spans(b"", data):
            if span.start >= at:
                shown += data[at : span.start] + DOTS.encode()
                at = span.end
        if at:
            self._left_out.append(translate("Report", "part of frame {0}").format(facts.number))
        return preview(shown + data[at:], 2 * PAYLOAD) + more

    # -- the end

    def _below(self, lost: bool) -> list[str]:
        snapshot = self._snapshot
        made = repeating(snapshot.url, snapshot.request, self._options)
        lines = []
        if made.command:
            fence = _fence([made.command])
            lines += [f"{fence}sh", made.command, fence]
        else:
            lines.append(
                translate(
                    "Report", "The request is too long for a command; its bytes can be sent with --raw."
                )
            )
        said = []
        if self._left_out:
            text = translate("Report", "Left out as secret: {0}.").format(
                _escaped(", ".join(dict.fromkeys(self._left_out)))
            )
            said.append(_cut(text, 2 * WIDTH))
        else:
            said.append(translate("Report", "Nothing was left out as secret."))
        if SECRET.decode() in made.command:
            said.append(
                translate("Report", "The command has {0} in its place.").format(_code(SECRET.decode()))
            )
        if made.without:
            said.append(
                translate("Report", "The command cannot say: {0}.").format(_escaped(", ".join(made.without)))
            )
        if lost:
            said.append(translate("Report", "The frames are not in the capture."))
        return [*lines, " ".join(said)]

    def _scrubbed(self, text: str) -> str:
        """A last look: no secret of the heads stands anywhere else, in a payload or a finding."""
        for secret in sorted(self._secrets, key=len, reverse=True):
            for shape in {visible(secret.decode("latin-1")), visible(secret.decode("utf-8", "replace"))}:
                text = without_secret(text, shape)
        return text


def _parts(secret: bytes) -> set[bytes]:
    """A secret and what it is made of: a cookie's values, a user's password."""
    found = {secret, *_SEPARATORS.split(secret)}
    with contextlib.suppress(ValueError):
        found |= set(base64.b64decode(secret, validate=True).split(b":", 1))
    return {part for part in found if len(part) >= (_SHORTEST if part == secret else _SHORTEST_PART)}


def _when(snapshot: AttemptSnapshot) -> str:
    offset = datetime.datetime.fromtimestamp(snapshot.wall_ns // 1_000_000_000).astimezone()
    times = snapshot.timings
    steps = (
        (translate("Report", "look-up"), times.lookup),
        ("TCP", times.tcp),
        ("TLS", times.tls),
        (translate("Report", "first byte"), times.first_byte),
        (translate("Report", "total"), times.total),
    )
    taken = [f"{name} {milliseconds(value)}" for name, value in steps if value is not None]
    later = response_when(snapshot)
    answered = (
        f"; {translate('Report', 'answered')} {later}" if snapshot.response_at is not None and later else ""
    )
    begun = f"{clock(snapshot.wall_ns, date=True)} {offset:%z}"
    return f"{translate('Report', 'Begun')}: {begun}{answered}" + (f"; {', '.join(taken)}" if taken else "")


def _refused(snapshot: AttemptSnapshot) -> Iterator[str]:
    """Who signed a refusal and where it was lost, where the evidence tells."""
    refusal = understood(snapshot)
    lost = where_lost(snapshot)
    if refusal is not None and refusal.spoke:
        yield f"- {translate('Report', 'Answer signed by')}: {_escaped(who_spoke(refusal))}"
    if lost is not None:
        text = f"{lost.sentence} {lost.rests_on}"
        yield f"- {translate('Report', 'Where it was lost')}: {_escaped(_cut(text, 2 * WIDTH))}"


_KINDS = {
    EndKind.CLOSE_FRAME: "closing handshake",
    EndKind.FIN: "FIN",
    EndKind.RST: "RST",
    EndKind.CANCELLED: "cancelled",
    EndKind.TIMEOUT: "time-out",
    EndKind.RESPONSE_DONE: "the answer was read to its end",
    EndKind.FAILED: "failed",
}
_WHO = {EndedBy.PEER: "by the peer", EndedBy.US: "by us", EndedBy.NETWORK: "by the network"}


def _ended(snapshot: AttemptSnapshot, end: End) -> str:
    if not end.kept:
        return translate("Report", "no end was kept")
    agreed = snapshot.agreed
    parts = [translate("Report", _WHO[end.by]), translate("Report", _KINDS[end.kind])]
    code = reported_code(agreed.dialect, end.code)
    if code is not None:
        parts.append(describe_code(code, agreed))
    if frame_facts(agreed.dialect).close is CloseStyle.CODES and end.code is not None:
        for name, each in (
            (translate("Report", "sent"), end.sent_code),
            (translate("Report", "received"), end.received_code),
        ):
            parts.append(
                f"{name} {each}" if each is not None else translate("Report", "none {0}").format(name)
            )
    if forbidden := forbidden_text(snapshot):
        parts.append(translate("Report", "the peer sent {0}").format(forbidden))
    if end.reason:
        parts.append(f"“{_cut(visible(end.reason), 124)}”")
    parts.append(
        translate("Report", "after {0}, {1} of silence before").format(
            duration(end.age), duration(end.silence)
        )
    )
    return ", ".join(parts)


_MARKS = {Severity.BREAKS: "✕", Severity.VIOLATES: "✕"}


def _finding(finding: Finding) -> str:
    fault = f", {finding.fault.value}" if finding.fault is not Fault.NOBODY else ""
    text = _escaped(_cut(visible(finding.text)))
    return f"- {_MARKS.get(finding.severity, '!')} {text} ({finding.clause}; {finding.severity.value}{fault})"


def _matters(line: str) -> bool:
    """Whether a header line is kept where there is no room for all."""
    name = line[2:].partition(":")[0].strip().lower()
    return name in _TELLING or name.startswith("sec-websocket-")


def _ending(ending: bytes) -> str:
    """CRLF is the ordinary end of a line; any other is shown."""
    return "" if ending in (b"\r\n", b"") else visible(ending.decode("latin-1"))


def _cut(text: str, most: int = WIDTH) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)


def _fence(lines: Sequence[str]) -> str:
    """A fence that nothing within can close."""
    return "`" * max([3, *(_longest_run(line) + 1 for line in lines)])


def _code(text: str) -> str:
    shown = visible(text)
    ticks = "`" * (_longest_run(shown) + 1)
    pad = " " if "`" in shown else ""
    return f"{ticks}{pad}{shown}{pad}{ticks}"


def _escaped(text: str) -> str:
    """Text of the network in Markdown as it stands: no emphasis, no link, no tag."""
    return _MARKDOWN.sub(r"\\\1", text)
