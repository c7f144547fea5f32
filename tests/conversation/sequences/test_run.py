"""Runs against the lab and peers that do just one thing: what each step comes to, and its evidence."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import websockets.sync.server
from aiohttp import WSMsgType, web

from tests.conversation.conftest import Peers
from tests.conversation.sequences.conftest import SECONDS, Runner, states
from wsinspector.capture import CaptureReader
from wsinspector.conversation.engine import Engine
from wsinspector.conversation.sequences.results import RunPhase, StepState
from wsinspector.conversation.snapshot import EndedBy, EndKind
from wsinspector.lab.server import Lab
from wsinspector.live.inbox import Inbox
from wsinspector.live.transport import Link
from wsinspector.protocol.frames import encode_frame
from wsinspector.protocol.spans import Direction

OK, FAILED, NOT_RUN = StepState.OK, StepState.FAILED, StepState.NOT_RUN
HOLD = "\n[[step]]\nexpect_close = true\nwithin = 15\n"


def test_echoes_come_back_and_every_step_names_its_frame(run: Runner, lab: str) -> None:
    results = run(
        """
        [variables]
        user = 'a"b'
        [[step]]
        expect_handshake = { status = 101 }
        [[step]]
        send = { json = '{"user": "{{user}}", "n": {{counter}}}' }
        [[step]]
        expect = 'json.user == "{{user}}" and json.n == {{counter}}'
        [[step]]
        send = { hex = "00 ff" }
        [[step]]
        expect = 'type == binary and size == 2'
        [[step]]
        ping = "abc"
        [[step]]
        wait = 'type == pong and payload == "abc"'
        [[step]]
        close = { code = 3000, reason = "{{user}}" }
        [[step]]
        expect_close = 3000
        """,
        f"{lab}/echo",
    )
    assert states(results) == [OK] * 10
    assert results.phase is RunPhase.PASSED
    assert [each.frame for each in results.steps] == [0, 0, 1, 2, 3, 4, 5, 6, 7, 8]
    # The evidence is in the capture.
    run.conversation.flush(SECONDS)
    reader = run.conversation.reader()
    assert reader is not None
    reader.refresh()
    attempt = run.conversation.attempts[0].attempt_id
    assert reader.columns(attempt, 4, 1).length.tolist() == [2]
    assert b'"user": "a' in reader.stream(attempt, Direction.IN, 0, 1 << 20)


def test_answers_that_come_before_they_are_awaited_are_not_missed(run: Runner, peers: Peers) -> None:
    async def talk(link: Link, inbox: Inbox, request: bytes) -> None:
        del request
        link.write(encode_frame(1, b"one") + encode_frame(1, b"two") + encode_frame(1, b"three"))
        while await inbox.read():
            pass

    results = run(
        """
        [[step]]
        expect = 'payload contains "three"'
        [[step]]
        expect = 'payload contains "two"'
        within = 0.1
        """,
        f"ws://127.0.0.1:{peers.upgraded(talk)}/",
    )
    # What came before a frame that a step used is used up with it.
    assert states(results) == [OK, OK, FAILED]
    assert results.steps[2].text == "No frame fitted within 0.1 s. None came."


def test_a_failure_says_what_came_and_how_near_it_was(run: Runner, lab: str) -> None:
    results = run(
        """
        [[step]]
        send = { json = { kind = "a", n = 1 } }
        [[step]]
        send = { json = { kind = "b", n = 2 } }
        [[step]]
        expect = 'type == text and json.kind == "b" and json.n > 100'
        within = 0.3
        [[step]]
        send = "never"
        """,
        f"{lab}/echo",
    )
    assert states(results) == [OK, OK, OK, FAILED, NOT_RUN]
    assert results.phase is RunPhase.FAILED
    text = results.steps[3].text
    assert text.startswith("No frame fitted within 0.3 s. 2 frames were looked at. Nearest: frame")
    assert text.endswith("meets 2 of 3, but not json.n > 100.")


def test_going_on_behind_a_failure_where_that_is_asked_for(run: Runner, lab: str) -> None:
    text = '[[step]]\nexpect = "x"\nwithin = 0.05\n{0}[[step]]\nsend = "a"\n'
    assert states(run(text.format(""), f"{lab}/echo")) == [OK, FAILED, NOT_RUN]
    assert states(run(text.format("go_on = true\n"), f"{lab}/echo")) == [OK, FAILED, OK]
    assert states(run("go_on = true\n" + text.format(""), f"{lab}/echo")) == [OK, FAILED, OK]


def test_nothing_that_must_not_come(run: Runner, lab: str) -> None:
    results = run(
        """
        [[step]]
        send = "a"
        [[step]]
        expect_not = 'type == binary'
        within = 0.1
        [[step]]
        expect_not = 'payload == "a"'
        within = 5
        """,
        f"{lab}/echo",
    )
    assert states(results) == [OK, OK, OK, FAILED]
    assert results.steps[2].text == "No frame fitted for 0.1 s: 1 looked at."
    assert (results.steps[3].frame, results.steps[3].text) == (2, "Frame 2 fits, which none was to do.")


def test_only_fresh_frames_where_that_is_asked_for(run: Runner, lab: str) -> None:
    results = run(
        """
        [[step]]
        send = "a"
        [[step]]
        expect_not = 'payload == "b"'
        within = 0.1
        [[step]]
        expect = 'payload == "a"'
        fresh = true
        within = 0.05
        """,
        f"{lab}/echo",
    )
    assert states(results) == [OK, OK, OK, FAILED]


def test_rounds_count_and_the_first_failure_stays(run: Runner, lab: str) -> None:
    results = run(
        """
        [[step]]
        repeat = 5
        [[step.step]]
        send = "{{counter}}"
        [[step.step]]
        expect = 'payload == "3"'
        within = 0.05
        go_on = true
        """,
        f"{lab}/echo",
    )
    repeat, sending, expecting = results.steps[1:]
    assert (repeat.rounds, sending.rounds, sending.failures) == (5, 5, 0)
    assert (expecting.rounds, expecting.failures, expecting.state) == (5, 4, FAILED)
    assert results.phase is RunPhase.FAILED


def test_rounds_by_the_clock_until_their_time_is_over(run: Runner, lab: str) -> None:
    results = run(
        """
        [[step]]
        repeat = { every = 0.1, during = 0.35 }
        [[step.step]]
        send = "tick"
        """,
        f"{lab}/echo",
    )
    assert results.phase is RunPhase.PASSED
    assert 2 <= results.steps[1].rounds <= 4


async def _leaves(link: Link, inbox: Inbox, request: bytes) -> None:
    """Opens, waits for a frame, and is gone."""
    del request
    await inbox.read()
    link.abort()


def test_rounds_without_end_end_with_the_connection(run: Runner, peers: Peers) -> None:
    results = run(
        """
        [[step]]
        send = "go"
        [[step]]
        repeat = { every = 0.02 }
        [[step.step]]
        pause = 0.001
        """,
        f"ws://127.0.0.1:{peers.upgraded(_leaves)}/",
    )
    assert results.phase is RunPhase.PASSED, results


def test_rounds_without_end_end_with_the_time_of_the_run(run: Runner, lab: str) -> None:
    results = run(
        'timeout = 0.5\n[[step]]\nrepeat = { every = 0.05 }\n[[step.step]]\nsend = "a"', f"{lab}/echo"
    )
    assert results.phase is RunPhase.PASSED
    assert results.text == "The run's 0.5 s were over."
    assert run.conversation.attempts[0].snapshot.end is not None


def test_the_time_of_the_run_fails_what_is_under_way(run: Runner, lab: str) -> None:
    results = run('timeout = 0.2\n[[step]]\nexpect = "x"\nwithin = 60\n[[step]]\nsend = "a"', f"{lab}/echo")
    assert states(results) == [OK, FAILED, NOT_RUN]
    assert results.steps[1].text == "The run's 0.2 s were over."


def test_a_run_is_stopped_and_what_it_opened_is_closed(run: Runner, lab: str) -> None:
    going = run.going('[[step]]\nexpect = "x"\nwithin = 60', f"{lab}/echo")
    assert going.wait_for(lambda results: results.current == 1, SECONDS) is not None
    going.stop()
    results = going.wait_ended(SECONDS)
    assert results is not None
    assert results.phase is RunPhase.STOPPED
    assert states(results) == [OK, StepState.UNDECIDED]
    end = run.conversation.attempts[0].snapshot.end
    assert end is not None
    assert (end.kind, end.sent_code) == (EndKind.CLOSE_FRAME, 1000)


def test_refusals_by_status_and_header(run: Runner, lab: str) -> None:
    text = '[handshake]\nversion = "99"\n[[step]]\nexpect_handshake = {0}\n'
    good = '{ status = [400, 426], headers = { Sec-WebSocket-Version = "13" } }'
    results = run(text.format(good).replace("{{", "{"), f"{lab}/426-list")
    assert run.conversation.attempts[0].snapshot.request.count(b"Sec-WebSocket-Version: 99\r\n") == 1
    given = results.steps[1].text
    wrong = run(text.format("101"), f"{lab}/426-list")
    assert states(wrong) == [OK, FAILED]
    assert wrong.steps[1].text == "Answered with 426, expected 101."
    assert given.startswith(("Answered with 426", "Sec-WebSocket-Version is"))


def test_where_nothing_opens_the_connecting_fails(run: Runner, lab: str) -> None:
    results = run('[[step]]\nsend = "a"', f"{lab}/426-list")
    assert states(results) == [FAILED, NOT_RUN]
    assert results.steps[0].text == "Not opened: answered with 426."
    unreached = run('[[step]]\nsend = "a"', "ws://127.0.0.1:1/")
    assert states(unreached) == [FAILED, NOT_RUN]
    assert "refused" in unreached.steps[0].text.lower()


def test_an_abrupt_end_is_what_an_expectation_says(run: Runner, peers: Peers) -> None:
    url = f"ws://127.0.0.1:{peers.upgraded(_leaves)}/"
    go = '[[step]]\nsend = "go"\n[[step]]\n'
    results = run(go + 'expect = "never"\nwithin = 15', url)
    assert states(results) == [OK, OK, FAILED]
    assert "before the connection ended: 1006, by the peer." in results.steps[-1].text
    assert states(run(go + "expect_close = 1006", url)) == [OK, OK, OK]
    wrong = run(go + "expect_close = 1000", url)
    assert (states(wrong), wrong.steps[2].text) == ([OK, OK, FAILED], "Ended 1006, expected 1000.")


def test_half_close_and_reset_end_what_they_say(run: Runner, peers: Peers) -> None:
    async def talk(link: Link, inbox: Inbox, request: bytes) -> None:
        del request
        while await inbox.read():
            pass
        link.write(encode_frame(1, b"still here"))
        link.end()

    url = f"ws://127.0.0.1:{peers.upgraded(talk)}/"
    results = run("[[step]]\nhalf_close = true\n[[step]]\nexpect = 'still here'", url)
    assert states(results) == [OK, OK, OK]
    results = run("[[step]]\nreset = true", url)
    assert states(results) == [OK, OK]
    end = run.conversation.attempts[0].snapshot.end
    assert end is not None
    assert (end.kind, end.by) == (EndKind.RST, EndedBy.US)


def test_connecting_anew_adds_an_attempt(run: Runner, lab: str) -> None:
    results = run(
        f"""
        [[step]]
        send = "a"
        [[step]]
        connect = "{lab}/chat?every=20"
        [[step]]
        expect = 'has json'
        """,
        f"{lab}/echo",
    )
    assert states(results) == [OK] * 4
    assert [each.attempt for each in results.steps] == [1, 1, 2, 2]
    assert [attempt.snapshot.url.rsplit("/", 1)[1] for attempt in run.conversation.attempts] == [
        "echo",
        "chat?every=20",
    ]


def test_crafted_frames_leave_as_they_are_written(run: Runner, peers: Peers) -> None:
    async def talk(link: Link, inbox: Inbox, request: bytes) -> None:
        del request
        data = b""
        while len(data) < 10 and (more := await inbox.read()):
            data += more
        link.write(encode_frame(1, data.hex().encode()))
        while await inbox.read():
            pass

    results = run(
        """
        [[step]]
        craft = { opcode = 3, rsv2 = true, text = "{{counter}}abc", mask = "01020304", write = { size = 3 } }
        [[step]]
        expect = 'payload contains "a38401020304"'
        """,
        f"ws://127.0.0.1:{peers.upgraded(talk)}/",
    )
    assert states(results) == [OK, OK, OK], results.steps


def test_a_file_beside_the_sequence_is_sent_and_a_missing_one_stops_it_before_anything_leaves(
    run: Runner, lab: str
) -> None:
    (run.folder / "big.bin").write_bytes(bytes(70_000))
    results = run('[[step]]\nsend = { file = "big.bin" }\n[[step]]\nexpect = "size == 70000"', f"{lab}/echo")
    assert states(results) == [OK, OK, OK]
    gone = run('[[step]]\nsend = { file = "none.bin" }', f"{lab}/echo")
    assert gone.phase is RunPhase.FAILED
    assert gone.text.startswith("none.bin cannot be read")
    assert run.conversation.attempts == []
    for name in ("~nobody-of-this-name/a.bin", r"~\u0000"):
        gone = run(f'[[step]]\nsend = {{ file = "{name}" }}', f"{lab}/echo", outside=True)
        assert gone.phase is RunPhase.FAILED
        assert "cannot be read" in gone.text
    assert run.conversation.attempts == []


def test_too_long_a_reason_leaves_whole_and_is_said(run: Runner, peers: Peers) -> None:
    async def talk(link: Link, inbox: Inbox, request: bytes) -> None:
        del request
        data = b""
        while len(data) < 4 + 4 + 126 and (more := await inbox.read()):
            data += more
        link.write(encode_frame(1, data[:4].hex().encode()) + encode_frame(8, b"\x03\xe8"))
        while await inbox.read():
            pass

    results = run(
        """
        [[step]]
        close = { code = 1000, reason = "{{why}}" }
        [[step]]
        expect = 'payload contains "88fe007e"'
        """,
        f"ws://127.0.0.1:{peers.upgraded(talk)}/",
        values={"why": "ä" * 62},
    )
    assert results.steps[1].text.startswith("Sent a Close frame, 1000. The reason is 124 bytes of UTF-8")
    assert states(results) == [OK, OK, OK], results.steps


def test_a_filter_that_a_value_makes_wrong_stops_it_before_anything_leaves(run: Runner, lab: str) -> None:
    text = '[variables]\nkind = "text"\n[[step]]\nsend = "a"\n[[step]]\nexpect = "type == {{kind}}"'
    assert states(run(text, f"{lab}/echo")) == [OK, OK, OK]
    wrong = run(text, f"{lab}/echo", values={"kind": "texts"})
    assert wrong.phase is RunPhase.FAILED
    assert wrong.text.startswith("line 5: The filter “type == texts”, at character 9 (“texts”): ")
    assert run.conversation.attempts == []


def test_a_file_outside_the_folder_is_only_read_where_that_is_allowed(
    run: Runner, lab: str, tmp_path: Path
) -> None:
    run.folder = tmp_path / "shared"
    run.folder.mkdir()
    (tmp_path / "secret.txt").write_bytes(b"mine")
    (run.folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    for name in ("../secret.txt", str(tmp_path / "secret.txt"), "link.txt"):
        text = f'[[step]]\nsend = {{ file = "{name}" }}\n[[step]]\nexpect = \'payload == "mine"\''
        refused = run(text, f"{lab}/echo")
        assert refused.phase is RunPhase.FAILED
        assert refused.text == (
            f"line 1: “{name}” lies outside the folder of the sequence: {tmp_path / 'secret.txt'}."
        )
        assert run.conversation.attempts == []
        assert states(run(text, f"{lab}/echo", outside=True)) == [OK, OK, OK]


def test_an_auto_answer_reads_nothing_outside_the_folder_either(
    run: Runner, lab: str, tmp_path: Path
) -> None:
    run.folder = tmp_path / "shared"
    run.folder.mkdir()
    (tmp_path / "secret.txt").write_bytes(b"mine")
    text = '[[step]]\nsend = "a"\n[[auto]]\nwhen = "type == text"\nsend = { file = "../secret.txt" }'
    refused = run(text, f"{lab}/echo")
    assert (refused.phase, run.conversation.attempts) == (RunPhase.FAILED, [])
    assert refused.text.startswith("line 3: “../secret.txt” lies outside")


def test_an_old_dialect_is_spoken_where_the_file_says_so(run: Runner, lab: str) -> None:
    results = run(
        '[handshake]\ndialect = "hixie-76"\n[[step]]\nsend = "a"\n[[step]]\nexpect = "payload == \\"a\\""',
        f"{lab}/echo",
    )
    assert states(results) == [OK, OK, OK]
    assert run.conversation.attempts[0].snapshot.dialect == "hixie-76"


def test_values_that_are_given_go_before_those_of_the_file(run: Runner, lab: str) -> None:
    text = '[variables]\nwho = "file"\n[[step]]\nsend = "{{who}}"\n[[step]]\nexpect = "payload == given"\n'
    results = run(text.replace("== given", "contains given"), f"{lab}/echo", values={"who": "given"})
    assert states(results) == [OK, OK, OK]


SECRET = """
[variables]
greeting = "Hello {{who}}"
[[auto]]
when = 'payload == "{{who}}"'
send = "auto {{greeting}}"
[[step]]
send = "{{who}}"
[[step]]
expect = 'payload == "auto Hello ada"'
"""


def test_a_set_of_variables_stands_beneath_all_others_and_is_not_kept(run: Runner, lab: str) -> None:
    before = run.environment = {"who": "ada", "room": "echo"}
    results = run(SECRET, f"{lab}/{{{{room}}}}")
    assert states(results) == [OK, OK, OK], results.steps
    # The options of an attempt are what its capture keeps of them.
    kept = run.conversation.attempts[0].options.variables
    assert dict(kept) == {"greeting": "Hello {{who}}"}
    over = run(SECRET.replace("[variables]", '[variables]\nwho = "ada"'), f"{lab}/echo")
    assert states(over) == [OK, OK, OK]
    run.environment = before | {"who": "eve"}
    assert states(run(SECRET, f"{lab}/echo", values={"who": "ada"})) == [OK, OK, OK]
    assert states(run(SECRET + "within = 0.2", f"{lab}/echo")) == [OK, OK, FAILED]


def test_a_hidden_value_is_not_shown_where_it_was_looked_for(run: Runner, lab: str) -> None:
    run.environment, run.hidden = {"who": "ada"}, frozenset({"who"})
    text = '[variables]\nall = "x{{who}}"\n[[step]]\nexpect = \'payload == "{{all}} {{who}}"\'\nwithin = 0.1'
    results = run(text, f"{lab}/echo")
    lacking = results.steps[1].lacking
    assert lacking is not None
    assert lacking.looked_for == 'payload == "••• •••"'
    text = '[[step]]\nsend = "a"\n[[step]]\nexpect = \'type == text and payload == "{{who}}"\'\nwithin = 0.2'
    (step,) = run(text, f"{lab}/echo").failed
    assert step.text.endswith('but not payload == "•••".')
    run.environment = {"who": "ada >"}
    wrong = run('[[step]]\nexpect = "size > {{who}}"', f"{lab}/echo")
    assert wrong.phase is RunPhase.FAILED
    assert wrong.text == "line 1: The filter “size > •••” cannot be read with its variables filled in."


def test_a_sequence_works_on_a_connection_that_is_open_and_leaves_it_so(run: Runner, lab: str) -> None:
    first = run.going('[[step]]\nexpect = "x"\nwithin = 60', f"{lab}/echo")
    assert first.wait_for(lambda results: results.current == 1, SECONDS) is not None
    attempt = run.conversation.attempts[0]
    from wsinspector.conversation.sequences.reading import read_sequence
    from wsinspector.conversation.sequences.run import SequenceRun

    read = read_sequence('[[step]]\nsend = "a"\n[[step]]\nexpect = "type == text"')
    assert read.sequence is not None
    results = SequenceRun(run.conversation, read.sequence, attempt=attempt).start().wait_ended(SECONDS)
    assert results is not None
    assert states(results) == [OK, OK]
    assert attempt.live
    first.stop()
    assert first.wait_ended(SECONDS) is not None


def test_what_cannot_be_told_is_neither_met_nor_missed(run: Runner, peers: Peers) -> None:
    async def talk(link: Link, inbox: Inbox, request: bytes) -> None:
        del request
        link.write(encode_frame(3, b"what this means is not known"))
        while await inbox.read():
            pass

    results = run(
        """
        [[step]]
        expect = 'payload contains "means"'
        within = 0.2
        """,
        f"ws://127.0.0.1:{peers.upgraded(talk)}/",
    )
    assert states(results) == [OK, StepState.UNDECIDED]
    assert results.phase is RunPhase.UNDECIDED
    assert results.steps[1].frame == 1


def test_a_conversation_is_reopened_at_the_frame_of_a_step(run: Runner, lab: str) -> None:
    results = run('[[step]]\nsend = "a"\n[[step]]\nexpect = "type == text"', f"{lab}/echo")
    path = run.conversation.capture_path
    assert path is not None
    run.conversation.close()
    with CaptureReader(path) as reader:
        (row,) = reader.attempts(reader.conversations()[0].id)
        assert row.facts["sequence"] == ""
        assert reader.columns(row.id, results.steps[2].frame, 1).first.tolist() == [0x81]


# -- other people's servers


@pytest.fixture
def library() -> Iterator[str]:
    """An echo of the library websockets."""

    def handler(connection: websockets.sync.server.ServerConnection) -> None:
        for message in connection:
            connection.send(message)

    with websockets.sync.server.serve(handler, "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"ws://127.0.0.1:{server.socket.getsockname()[1]}/"
        server.shutdown()
        thread.join()


@pytest.fixture
def aiohttp_server() -> Iterator[str]:
    """An echo of aiohttp that answers JSON with JSON."""

    async def handler(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(protocols=("chat",))
        await socket.prepare(request)
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                await socket.send_json({"got": json.loads(message.data)})
        return socket

    loop = Engine().start()

    async def begin() -> tuple[web.AppRunner, int]:
        application = web.Application()
        application.router.add_get("/", handler)
        runner = web.AppRunner(application)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        return runner, runner.addresses[0][1]

    runner, port = loop.run(begin()).result(SECONDS)
    yield f"ws://127.0.0.1:{port}/"
    loop.run(runner.cleanup()).result(SECONDS)
    loop.stop()


def test_against_websockets_with_compressed_messages(run: Runner, library: str) -> None:
    results = run(
        """
        [handshake]
        extensions = "permessage-deflate; client_max_window_bits"
        [[step]]
        expect_handshake = { status = 101 }
        [[step]]
        send = { json = { a = [1, 2, 3] } }
        [[step]]
        expect = 'compressed and json.a[1] == 2'
        [[step]]
        close = 1000
        [[step]]
        expect_close = 1000
        """.replace("compressed and", "compressed == 1 and"),
        library,
    )
    assert states(results) == [OK] * 6, results.steps


def test_against_aiohttp_with_a_subprotocol(run: Runner, aiohttp_server: str) -> None:
    results = run(
        """
        [handshake]
        subprotocols = ["chat", "other"]
        [[step]]
        expect_handshake = { status = 101, subprotocol = "chat" }
        [[step]]
        send = { json = { id = "{{uuid}}" } }
        [[step]]
        expect = 'json.got.id == "{{uuid}}"'
        """,
        aiohttp_server,
    )
    assert states(results) == [OK] * 4, results.steps


def test_the_folder_is_only_looked_into_for_what_is_named(run: Runner, lab: str, tmp_path: Path) -> None:
    assert run.folder == tmp_path
    assert states(run('[[step]]\nsend = { file = "/nowhere/at/all" }', f"{lab}/echo"))[0] is NOT_RUN


# -- over TLS


@pytest.fixture
def secure() -> Iterator[str]:
    """The lab's entrance over TLS."""
    loop = Engine().start()
    made = Lab(report=lambda name, error: loop.failures.append((name, error)))
    loop.run(made.start()).result(SECONDS)
    loop.run(made.ready()).result(SECONDS)
    yield next(entrance.url for entrance in made.entrances if entrance.url.startswith("wss://"))
    loop.run(made.stop()).result(SECONDS)
    loop.stop()
    assert loop.failures == []


def test_there_is_no_half_close_over_tls_and_the_connection_stays(run: Runner, secure: str) -> None:
    results = run(
        """
        [options]
        verify = false
        [[auto]]
        when = 'payload == "ask"'
        half_close = true
        [[step]]
        half_close = true
        go_on = true
        [[step]]
        send = "ask"
        [[step]]
        expect = 'payload == "ask"'
        [[step]]
        send = "still here"
        [[step]]
        expect = 'payload == "still here"'
        """,
        f"{secure}/echo",
    )
    assert states(results) == [OK, FAILED, OK, OK, OK, OK]
    assert results.steps[1].text.startswith("TLS has no half-close here")
    attempt = run.conversation.attempts[0]
    run.conversation.flush(SECONDS)
    reader = run.conversation.reader()
    assert reader is not None
    reader.refresh()
    told = [event for event in reader.events(attempt.attempt_id) if event.kind == "auto-answer"]
    assert [str(event.data["text"])[:27] for event in told] == ["TLS has no half-close here:"]
