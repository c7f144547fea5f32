"""Writes a sequence as a person would: TOML in which every value stands at its name."""

from typing import Any

import tomlkit
from tomlkit.items import AoT, InlineTable, Table

from wsinspector.conversation.sequences.model import (
    RUN_SECONDS,
    Action,
    Close,
    Connect,
    Craft,
    Expect,
    ExpectClose,
    ExpectHandshake,
    ExpectNot,
    HalfClose,
    Handshake,
    Pause,
    Payload,
    Repeat,
    Reset,
    Rule,
    Send,
    Sequence,
    Step,
    Wait,
)
from wsinspector.protocol.opcodes import BINARY, PING, PONG


def sequence_text(sequence: Sequence) -> str:
    """The file of ``sequence``: what is read from it is equal to what was written."""
    document = tomlkit.document()
    for name in ("name", "url"):
        value = getattr(sequence, name)
        if value:
            document[name] = _text(value)
    if sequence.timeout != RUN_SECONDS:
        document["timeout"] = _number(sequence.timeout)
    if sequence.go_on:
        document["go_on"] = True
    if sequence.handshake != Handshake():
        document["handshake"] = _handshake(sequence.handshake)
    for name, pairs in (("options", sequence.options), ("variables", sequence.variables)):
        if pairs:
            table = tomlkit.table()
            for key, value in pairs:
                table[key] = _plain(value)
            document[name] = table
    if sequence.rules:
        document["auto"] = _tables([_rule(rule) for rule in sequence.rules])
    if sequence.steps:
        document["step"] = _tables([_step(step) for step in sequence.steps])
    return tomlkit.dumps(document)


def step_text(step: Step) -> str:
    """One step as it stands in a file, its header among it."""
    return sequence_text(Sequence(steps=(step,)))


def _tables(tables: list[Table]) -> AoT:
    made = tomlkit.aot()
    for table in tables:
        made.append(table)
    return made


def _handshake(handshake: Handshake) -> Table:
    table = tomlkit.table()
    if handshake.versions is not None:
        table["version"] = list(handshake.versions)
    for name in ("subprotocols", "extensions", "without"):
        values = getattr(handshake, name)
        if values:
            table[name] = list(values)
    if handshake.dialect:
        table["dialect"] = handshake.dialect
    if handshake.headers:
        headers = tomlkit.table()
        grouped: dict[str, list[str]] = {}
        for name, value in handshake.headers:
            grouped.setdefault(name, []).append(value)
        for name, values in grouped.items():
            headers[name] = _text(values[0]) if len(values) == 1 else values
        table["headers"] = headers
    return table


def _rule(rule: Rule) -> Table:
    table = tomlkit.table()
    table["when"] = _text(rule.filter)
    for answer in rule.answers:
        _put(table, answer)
    if rule.a_second != 20:
        table["a_second"] = rule.a_second
    if rule.in_all != 1000:
        table["in_all"] = rule.in_all
    return table


def _step(step: Step) -> Table:
    table = tomlkit.table()
    if step.name:
        table["name"] = _text(step.name)
    if step.after:
        table["after"] = _number(step.after)
    _put(table, step.action)
    if step.within is not None:
        table["within"] = _number(step.within)
    if step.fresh:
        table["fresh"] = True
    if step.go_on:
        table["go_on"] = True
    if isinstance(step.action, Repeat) and step.action.steps:
        table["step"] = _tables([_step(inner) for inner in step.action.steps])
    return table


def _put(table: Table, action: Action) -> None:
    match action:
        case Send(payload):
            name = {PING: "ping", PONG: "pong"}.get(payload.opcode, "send")
            table[name] = _payload(payload, control=name != "send")
        case Craft(values):
            table["craft"] = _plain(values)
        case Close(code, reason):
            inner = tomlkit.inline_table()
            if code is not None:
                inner["code"] = code
            if reason:
                inner["reason"] = reason
            table["close"] = code if code is not None and not reason else inner
        case HalfClose():
            table["half_close"] = True
        case Reset():
            table["reset"] = True
        case Connect(url):
            table["connect"] = _text(url) if url else True
        case Pause(seconds):
            table["pause"] = _number(seconds)
        case Wait(filter):
            table["wait"] = _text(filter)
        case Expect(filter):
            table["expect"] = _text(filter)
        case ExpectNot(filter):
            table["expect_not"] = _text(filter)
        case ExpectClose(codes):
            table["expect_close"] = True if not codes else codes[0] if len(codes) == 1 else list(codes)
        case ExpectHandshake():
            table["expect_handshake"] = _expected(action)
        case Repeat():
            table["repeat"] = _rounds(action)


def _payload(payload: Payload, *, control: bool) -> Any:
    if payload.kind == "text" and (control or payload.usual):
        return _text(payload.source)
    inner = tomlkit.inline_table()
    inner[payload.kind] = _text(payload.source)
    if not control and not payload.usual:
        inner["as"] = "binary" if payload.opcode == BINARY else "text"
    return inner


def _expected(action: ExpectHandshake) -> InlineTable:
    inner = tomlkit.inline_table()
    if action.statuses:
        inner["status"] = action.statuses[0] if len(action.statuses) == 1 else list(action.statuses)
    if action.subprotocol is not None:
        inner["subprotocol"] = action.subprotocol
    if action.headers:
        headers = tomlkit.inline_table()
        for name, value in action.headers:
            headers[name] = False if value is None else value
        inner["headers"] = headers
    return inner


def _rounds(action: Repeat) -> Any:
    if action.times and not action.every and not action.during:
        return action.times
    inner = tomlkit.inline_table()
    for name in ("times", "every", "during"):
        value = getattr(action, name)
        if value:
            inner[name] = _number(value)
    return inner


def _number(value: float) -> int | float:
    return int(value) if value == int(value) else value


def _plain(value: Any) -> Any:
    """Values as TOML has them: tables within a line."""
    if isinstance(value, dict):
        inner = tomlkit.inline_table()
        for name, each in value.items():
            inner[name] = _plain(each)
        return inner
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return _text(value) if isinstance(value, str) else value


def _text(value: str) -> Any:
    """Quoted so that nothing has to be escaped where that can be: JSON and filters are full of quotes."""
    plain = value.isprintable() and "'" not in value
    return tomlkit.string(value, literal=True) if plain and ('"' in value or "\\" in value) else value
