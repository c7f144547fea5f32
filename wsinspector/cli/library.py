"""The command ``library``: the history and the saved requests, without the window."""

import argparse
import contextlib
import dataclasses
import json
from datetime import date
from pathlib import Path

import platformdirs

from wsinspector.cli.answer_report import answer_length, as_json, as_text, exit_code
from wsinspector.cli.request import WrongArgumentError
from wsinspector.cli.results import ReaderGoneError, put
from wsinspector.cli.running import received
from wsinspector.cli.telling import say
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.engine import Engine
from wsinspector.conversation.filling_in import named_in
from wsinspector.library.environments import EnvironmentStore, why_not_a_name
from wsinspector.library.request_store import RequestStore
from wsinspector.library.requests import Node, RequestFolder, SavedRequest, called, free_name, slashed
from wsinspector.library.requests import Path as Place
from wsinspector.library.taking import put_into
from wsinspector.present.plain import visible
from wsinspector.present.request_told import told_request
from wsinspector.present.secrets import masked_address

SHOWN = 19  # characters of a date


def run(arguments: argparse.Namespace) -> int:
    """Do what ``arguments.deed`` names; return the exit code. Raises WrongArgumentError."""
    match arguments.deed:
        case "history":
            return _history(arguments)
        case "list":
            return _list(arguments)
        case "show":
            return _show(arguments)
        case "run":
            return _run(arguments)
        case "export":
            return _export(arguments)
        case _:
            return _import(arguments)


def _history(arguments: argparse.Namespace) -> int:
    from wsinspector.library.history import History
    from wsinspector.library.wanted import read_wanted

    path = Path(platformdirs.user_data_dir("wsinspector", appauthor=False)) / "history.db"
    if not path.is_file():
        say("there is no history yet: the window writes it")
        return 1
    wanted = read_wanted(" ".join(arguments.words), date.today())
    history = History(path)
    try:
        if history.put_aside is not None:
            say(f"the history could not be read; it was put aside as {history.put_aside.name}")
        if history.trouble:
            raise WrongArgumentError(f"the history cannot be read: {history.trouble}")
        ids = history.find(wanted)[: arguments.limit]
        entries = history.entries(ids)
        found = [entries[each] for each in ids if each in entries]
    finally:
        history.close()
    if arguments.json:
        put(json.dumps(dataclasses.asdict(each) | {"there": Path(each.path).is_file()}) for each in found)
    else:
        put(
            f"{each.date[:SHOWN]}  {each.address}  version {each.versions or 'none'}  {each.outcome}"
            f"  {each.path} #{each.number}{'' if Path(each.path).is_file() else ' (gone)'}"
            for each in found
        )
    if not found and wanted.doubt:
        say(wanted.doubt)
    return 0 if found else 1


def _store(arguments: argparse.Namespace, *, to_write: bool = False) -> RequestStore:
    store = RequestStore(Path(arguments.requests)) if arguments.requests else RequestStore()
    store.load()
    if store.trouble:
        if to_write or not store.whole.nodes:
            raise WrongArgumentError(store.trouble)
        say(store.trouble)
    return store


def _list(arguments: argparse.Namespace) -> int:
    whole = _store(arguments).whole
    rows = [(slashed(whole.names(path)), each) for path, each in whole.requests()]
    if arguments.json:
        told = [
            {
                "name": name,
                "address": masked_address(each.address),
                "notes": each.notes,
                "variables": list(named_in(each.address, each.draft)),
            }
            for name, each in rows
        ]
        put([json.dumps(told)])
    else:
        put(f"{visible(name)}  {visible(masked_address(each.address))}" for name, each in rows)
    return 0


def _one(whole: RequestFolder, name: str) -> tuple[Place, SavedRequest]:
    found = called(whole, name)
    if not found:
        raise WrongArgumentError(f"there is no saved request {name!r}; `wsinspector library list` lists them")
    if len(found) > 1:
        listed = ", ".join(slashed(whole.names(path)) for path in found)
        raise WrongArgumentError(f"{name!r} may be any of {listed}")
    node = whole.at(found[0])
    assert isinstance(node, SavedRequest)
    return found[0], node


def _show(arguments: argparse.Namespace) -> int:
    whole = _store(arguments).whole
    path, request = _one(whole, arguments.name)
    names = named_in(request.address, request.draft)
    if arguments.json:
        told = {
            "name": slashed(whole.names(path)),
            "address": masked_address(request.address),
            "notes": request.notes,
            "variables": list(names),
            "request": told_request(request).split("\n"),
            "options": dict(request.options.changed()),
        }
        put([json.dumps(told)])
        return 0
    lines = [visible(slashed(whole.names(path))), visible(masked_address(request.address)), ""]
    lines += told_request(request).split("\n")
    if names:
        lines += ["", f"variables: {', '.join(names)}"]
    if request.options.changed():
        lines += ["", "options: " + ", ".join(label for _, label in request.options.changed())]
    if request.notes:
        lines += ["", *(visible(line) for line in request.notes.split("\n"))]
    put(lines)
    return 0


def _values(arguments: argparse.Namespace) -> dict[str, str]:
    store = EnvironmentStore()
    environments = store.load()
    if store.trouble:
        say(store.trouble)
    if arguments.variables is not None:
        if arguments.variables and environments.named(arguments.variables) is None:
            raise WrongArgumentError(f"--variables: there is no set {arguments.variables!r}")
        environments = environments.using(arguments.variables)
    values = dict(environments.values)
    for text in arguments.set:
        name, sign, value = text.partition("=")
        wrong = why_not_a_name(name) if sign else "expected NAME=VALUE"
        if wrong:
            raise WrongArgumentError(f"--set {text}: {wrong}")
        values[name] = value
    return values


def _run(arguments: argparse.Namespace) -> int:
    _, request = _one(_store(arguments).whole, arguments.name)
    values = _values(arguments)
    given = {text.partition("=")[0] for text in arguments.set}
    own = tuple(each for each in request.options.variables if each[0] not in given)
    request = dataclasses.replace(request, options=dataclasses.replace(request.options, variables=own))
    engine = Engine().start()
    conversation = Conversation(engine)
    try:
        conversation.use_environment(lambda: values)
        put_into(conversation, request)
        attempt = conversation.connect(handshake_only=True)
        if attempt is None:
            raise WrongArgumentError(conversation.address.error or conversation.filled().problem)
        snapshot = attempt.wait_ended(request.options.timeout + request.options.body_idle + 5)
        if snapshot is None:
            attempt.cancel()
            snapshot = attempt.wait_ended(3) or attempt.snapshot
        answer = received(conversation, snapshot, answer_length(snapshot))
    finally:
        conversation.close()
        engine.stop()
    with contextlib.suppress(ReaderGoneError):
        put([json.dumps(as_json(snapshot, answer))] if arguments.json else as_text(snapshot, answer))
    for trouble in (snapshot.network_error if arguments.json else "", snapshot.hint):
        if trouble:
            say(trouble)
    return exit_code(snapshot)


def _export(arguments: argparse.Namespace) -> int:
    from wsinspector.library.whole_file import write_fresh
    from wsinspector.share.shared_requests import shared_requests

    whole = _store(arguments).whole
    node: Node | None = _folder(whole, arguments.name) if arguments.name else whole
    if node is None:
        node = _one(whole, arguments.name)[1]
    shared = shared_requests(node, secrets=arguments.with_secrets)
    trouble = write_fresh(Path(arguments.output), shared.text)
    if trouble:
        say(trouble)
        return 1
    for line in shared.left_out:
        say(f"left out: {line}")
    return 0


def _folder(whole: RequestFolder, name: str, before: tuple[str, ...] = ()) -> RequestFolder | None:
    for node in whole.nodes:
        if isinstance(node, RequestFolder):
            names = (*before, node.name)
            found = node if slashed(names) == name else _folder(node, name, names)
            if found is not None:
                return found
    return None


def _import(arguments: argparse.Namespace) -> int:
    from wsinspector.share.importing import WrongFile
    from wsinspector.share.request_files import read_request_file

    store = _store(arguments, to_write=True)
    try:
        folder, notes = read_request_file(Path(arguments.file))
    except WrongFile as error:
        raise WrongArgumentError(str(error)) from None
    folder = dataclasses.replace(folder, name=free_name(store.whole, folder.name))
    if not store.save(store.whole.inserted((len(store.whole.nodes),), folder)):
        say(store.trouble)
        return 1
    for note in notes:
        say(note)
    put(visible(slashed((folder.name, *folder.names(path)))) for path, _ in folder.requests())
    return 0
