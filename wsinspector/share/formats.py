"""The one list of what an attempt can be written as, for the window and the command line alike."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from wsinspector.share.har import write_har
from wsinspector.share.html_report import write_html
from wsinspector.share.json_lines import write_json_lines
from wsinspector.share.leaving import Leaving
from wsinspector.share.pcapng import write_pcapng
from wsinspector.share.reproducer import write_reproducer
from wsinspector.share.shared_capture import write_capture
from wsinspector.share.tables import write_csv
from wsinspector.share.transcript import write_transcript
from wsinspector.translate import translate

Write = Callable[[BinaryIO, Leaving], None]
"""Writes an attempt, from its first byte to its last; the stream need not seek.

Raises what the stream raises, CaptureError, and Cancelled.
"""


@dataclass(frozen=True, slots=True)
class Format:
    """``name``: as typed. ``suffix``: of files, with its dot. ``title``, ``about``: for a person.

    ``binary``: not to be shown on a terminal. ``together``: several attempts can go into one file.
    ``bare``: payloads can be left out of it. ``wire``: it holds frames as bytes, and has no way to say of one
    that it is not known how it lay on the wire.
    """

    name: str
    suffix: str
    title: str
    about: str
    write: Write
    binary: bool = False
    together: bool = False
    bare: bool = False
    wire: bool = False


def formats() -> tuple[Format, ...]:
    """Every format, the most used first."""
    return (
        Format(
            "har",
            ".har",
            "HAR 1.2",
            translate("Formats", "messages, as browsers' developer tools have them"),
            write_har,
        ),
        Format(
            "jsonl",
            ".jsonl",
            "JSON lines",
            translate("Formats", "every field; import gives it back"),
            write_json_lines,
        ),
        Format("csv", ".csv", "CSV", translate("Formats", "a line a frame, for a spreadsheet"), write_csv),
        Format(
            "text",
            ".txt",
            translate("Formats", "Transcript"),
            translate("Formats", "plain text, to be read"),
            write_transcript,
        ),
        Format(
            "pcapng",
            ".pcapng",
            "pcapng",
            translate("Formats", "packets, for Wireshark"),
            write_pcapng,
            binary=True,
            together=True,
            wire=True,
        ),
        Format("html", ".html", "HTML", translate("Formats", "a report in one page"), write_html),
        Format(
            "python",
            ".py",
            "Python",
            translate("Formats", "a script that sends the same bytes again"),
            write_reproducer,
            wire=True,
        ),
        Format(
            "wsi",
            ".wsi",
            translate("Formats", "Capture"),
            translate("Formats", "to be opened here again"),
            write_capture,
            binary=True,
            together=True,
            bare=True,
        ),
    )


def format_called(name: str) -> Format:
    """Raises KeyError."""
    for each in formats():
        if each.name == name:
            return each
    raise KeyError(name)
