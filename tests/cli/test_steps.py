"""``connect --step``: what waits is told on standard error, and lines of standard input let it go."""

from subprocess import PIPE, Popen

from tests.cli.command import PROGRAM, Done, decoded, run
from tests.cli.lab_process import LabProcess
from tests.cli.test_connect import frames as frames_of


def steps(lab: LabProcess, typed: str, *arguments: str) -> Done:
    return run("connect", lab.url(), "--json", "--step", *arguments, given=typed.encode())


def test_each_return_lets_one_unit_go(lab: LabProcess) -> None:
    command = [*PROGRAM, "connect", lab.url(), "--json", "--step", "--frames", "2"]
    told: list[str] = []
    with Popen(command, stdin=PIPE, stdout=PIPE, stderr=PIPE, text=True, bufsize=1) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        assert running.stderr is not None
        # Each unit is told of before the next line is typed: what is typed before lets it go unseen.
        typed = iter(["", "\n", "\nhello\n", "\n", "\n"])
        for line in running.stderr:
            told.append(line.removeprefix("wsinspector: "))
            running.stdin.write(next(typed, "\n"))
        done = Done(0, running.stdout.read(), "")
    assert running.returncode == 0
    assert [line.split(".")[0] for line in told[1:5]] == ["Held", "Came", "Held", "Came"]
    assert told[1].startswith("Held. Our request, ")
    assert "not a byte has left. [Return: Let it go]" in told[1]
    assert told[3].startswith("Held. Our Text frame, 11 bytes, has not left. 81 85 ")
    sent, came = frames_of(done)[:2]
    assert (sent["dir"], decoded(sent["payload"])) == ("out", b"hello")
    assert (came["dir"], decoded(came["payload"])) == ("in", b"hello")


def test_the_end_of_input_lets_everything_go(lab: LabProcess) -> None:
    done = steps(lab, "", "--send", "one", "--send", "two", "--frames", "4")
    assert done.code == 0
    texts = [decoded(one["payload"]) for one in frames_of(done) if one["opcode"] == 1]
    assert sorted(texts) == [b"one", b"one", b"two", b"two"]
