"""The help of every command, in words."""

EXIT_CODES = """\
exit codes:
  0  the connection opened
  1  it did not open: refused, failed, not-http, no-answer or closed
  2  wrong arguments
  3  network-error: name look-up, TCP or TLS
  4  system libraries of the window are missing
"""

MAIN = """\
An inspector for WebSocket opening handshakes and frames.

Without a command the window opens. With a URL its draft is filled in, with a capture file
that conversation is opened.
"""

MAIN_AFTER = """\
commands without a window:
  handshake URL   send one opening handshake and say what came back
  connect URL     open, send and print frames, say how it ended
  run FILE...     carry out sequences: send, wait, expect, and say what came of it
  replay FILE     send again what a capture holds of our side, and compare the answers
  frames FILE     print the frames of a capture, or those that fit a filter
  sweep URL...    send many odd handshakes and say what stands out
  provoke URL...  send what no client may send, and say what the server did
  lab             run the built-in server alone
  dialects        list the versions of the protocol and what is known of them
  rules           list the rules that bytes are judged by, each with its examples
  library         find attempts in the history; list, send, share and import saved requests
  lessons         list the lessons, check the files of one's own, or say how to write one
  export FILE     write an attempt of a capture as HAR, JSON lines, CSV, pcapng and others
  import FILE     make a capture of HAR or JSON lines
  judge FILE      hold a capture against today's rules
  info FILE       say what a capture holds
  check FILE      hold a capture against its own bytes, and repair it
Each has its own --help. A file with the name of a command is opened as ./NAME.
One whose output nobody reads on, as with `| head`, ends quietly, with 141 unless its outcome was known.

examples:
  wsinspector
  wsinspector wss://example.com/chat --connect
  wsinspector handshake ws://127.0.0.1:8080/ --version 8
  wsinspector connect ws://127.0.0.1:8080/echo --send hello --frames 2

exit codes:
  0  ended in order
  1  there is no display
  2  wrong arguments
  4  system libraries of the window are missing
"""

HANDSHAKE = """\
Send one opening handshake and say what came back, without a window. After a 101 the
connection is ended; no frame is sent.
"""

HANDSHAKE_AFTER = f"""\
The request is Host, Upgrade, Connection, Sec-WebSocket-Key and Sec-WebSocket-Version, in this
order, or what --dialect demands. First --without takes lines out, then --version and --key change
theirs, then --header adds lines at the end, exactly as typed. Nothing is corrected or added.

outcomes:
  open           a 101 without a finding that breaks the handshake
  failed         a 101 that a client must fail
  refused        any other final status
  not-http       bytes that are no HTTP answer
  no-answer      silence or half a head until the time-out
  closed         FIN or RST before a complete head
  network-error  name look-up, TCP or TLS

In the times, first byte counts from the request, total from the look-up to the blank line. In
JSON, dialect is the version of the protocol whose handshake the request is, and speaks the one
whose frames would follow a 101; --speak alone makes them differ.

examples:
  wsinspector handshake ws://127.0.0.1:8080/ --version 13 --version 8
  wsinspector handshake ws://127.0.0.1:8080/ --escapes --version '1\\x33\\t'
  wsinspector handshake wss://example.com/ --connect-to 10.0.3.7:443 --json
  wsinspector handshake ws://127.0.0.1:8080/ --without Origin --header 'Origin: https://a.example'
  wsinspector handshake ws://127.0.0.1:8080/ --raw request.bin
  wsinspector handshake ws://127.0.0.1:8080/ --dialect hixie-76

{EXIT_CODES}"""

CONNECT = """\
Open a connection, send what is asked, print every frame of both directions, and say in the
last line how it ended.
"""

_CRAFT = """\
--craft takes the members of a frame, as TOML has them in a line, or JSON: opcode (0 to 15, or text,
binary, close, ping, pong, continuation), fin, rsv1, rsv2, rsv3, mask (off, zero, fresh, or a key of eight
hex digits), length (as declared, up to "0xffffffffffffffff"), form (7, 16, 64), the payload as one of
text, hex, base64, file, pattern with size, random (a seed) with size, invalid (bad-byte, overlong-2,
high-surrogate, incomplete ...) with size, code with reason; compression (yes, rsv1-alone, no-rsv1,
tail-kept, final-block, corrupt, window, missing-context); fragments (sizes, one size, or
"split-sequence") and between (frames, each with after); raw (hex: bytes as they are). Several frames are
a list under frames. write is "each" (a write a frame) or {size = 1, delay = 0.1} or {chunks = [2, 3]}.
Before it leaves, standard error has what a conforming peer must do about it, with the clause.
"""

CONNECT_AFTER = f"""\
Frames are printed as lines of text on a terminal. With --json, and wherever the output is no
terminal, each is one JSON object a line: no, dir (in, out), at (seconds since connecting
began), fin, rsv (0 to 7, RSV1 is 4), opcode, name, masked, key (8 hex digits or null), length,
payload (base64, unmasked), wire (the header as it travelled, in hex), findings. The opcode is
numbered as in RFC 6455, whatever the dialect writes. The last line is an object with the member
ended. In it, dialect is the version of the protocol whose handshake the request is; speaks the
one as which frames were written and read, another only with --speak; fits is null, or, where the
peer's first frames look like another version's, that dialect and the reason.

--send, --send-hex and --ping leave in the order given. On a terminal without any of them it
is interactive: a line sends a text, Ctrl-D closes. Without --frames and --for the connection
stays until the peer ends it or Ctrl-C closes it; a second Ctrl-C gives up. Once the end is
asked for, printing goes on for two seconds at most; what it had not come to by then is counted.

With --step nothing leaves and nothing is printed before Return lets it go: first the request, then
the answer, then each frame. What waits is told on standard error. A line that is not empty is held as
a text; the end of standard input lets everything go. Held time is not counted in any time-out.

{_CRAFT}
Frames that a limit (--keep-frames, say) dropped before they were printed are one line in their
place: an object with dropped (how many), first, last and reason.

The outcome does not depend on the policy: a 101 with a wrong Sec-WebSocket-Accept is failed
also where the tolerant policy went on to frames.

examples:
  wsinspector connect ws://127.0.0.1:8080/echo --send hello --ping --frames 4
  wsinspector connect wss://example.com/feed --for 30 --capture feed.wsi --json
  wsinspector connect ws://127.0.0.1:8080/ --policy conforming --send-hex 00ff
  wsinspector connect ws://127.0.0.1:8080/echo --dialect hybi-05 --send hello --frames 2
  wsinspector connect ws://127.0.0.1:8080/ --craft 'opcode = 3, text = "x"' --for 2
  wsinspector connect ws://127.0.0.1:8080/ --craft 'text = "x", write = {{size = 1, delay = 0.1}}' --for 2

{EXIT_CODES}\
  5  the capture could not be written whole: a full disk, say
"""

LAB = """\
Run the built-in server on 127.0.0.1 until it is stopped with Ctrl-C, and print its URLs. The
path of a URL chooses what it does; / is the conforming echo. It answers every version of the
protocol by what the client sends.
"""

LAB_AFTER = """\
The same paths answer over TLS behind a good certificate of the lab's own authority, a
self-signed one, an expired one and one for another host. They are made at start, in memory.
A second server, made with the websockets library, echoes on every path.

--versions takes values of Sec-WebSocket-Version, and names of dialects (hixie-76) for those that
had none; without it every version that there was is taken. In --refuse the code is followed by
how the versions are listed:
{manners}

The same can be asked of one connection: /echo?versions=13,8&refuse=400-list on any path, or
/versions/13,8/400-list for an echo.

examples:
  wsinspector lab --versions 13,8,7 --refuse 400-list
  wsinspector lab --versions hixie-76,13 --refuse hixie-when-absent
  wsinspector lab --host 0.0.0.0 --beyond-loopback --port 9000

exit codes:
  0  stopped
  2  wrong arguments
  3  the port cannot be had
"""


DIALECTS = """\
List every version of the protocol that was ever deployed, oldest first, and what each did
otherwise than the one before. With NAME, tell all of one.
"""

DIALECTS_AFTER = """\
What is only recalled, and not confirmed against a draft's text, says so. With --json each fact
has its source: read (in the specification or registry), implemented (in the source or bytes of
implementations), recalled or inferred (a guess); and since, the dialect that first did it so.

examples:
  wsinspector dialects
  wsinspector dialects hybi-07
  wsinspector dialects --json

exit codes:
  0  printed
  2  wrong arguments
"""


LESSONS = """\
List the lessons of the window's Learn page. With --check, say of files of one's own whether they are
lessons, and where not, in which line and why. With --read, print one, with the keys that the window
has at first. They are done in the window: Learn, Lessons.
"""

LESSONS_AFTER = """\
The exit code is 1 where a file that was checked is no lesson.

examples:
  wsinspector lessons
  wsinspector lessons --read strange-values
  wsinspector lessons --check mine.md
  wsinspector lessons --how > WRITING.md
"""

RULES = """\
List the rules that requests, answers and frames are judged by, each with its clause. With ID,
tell one whole: why it is there, bytes that meet it and bytes that break it.
"""

RULES_AFTER = """\
severities:
  breaks    no conforming peer goes on: a server refuses, a client fails the connection
  violates  a clause is not met, and peers may go on
  unusual   allowed, or too small to matter, and worth a look
  note      a fact that accuses nobody

A line that begins with > is the client's, one with < the server's; frames are in hexadecimal.
In JSON the examples' bytes are base64.

examples:
  wsinspector rules
  wsinspector rules accept
  wsinspector rules --json

exit codes:
  0  printed
  2  wrong arguments
"""


INFO = """\
Say what a capture file holds: conversations and their attempts, dialect, address, counts, sizes and
times, what was dropped, and which versions of the program wrote it. Secrets in addresses are left out.
"""

INFO_AFTER = """\
Times in JSON are nanoseconds; wall_ns, created_ns and changed_ns count from 1970.
With --statistics every frame's index entry is read: ten million take some seconds. Of compressed
payloads the first 16 MB are inflated for the ratio.

examples:
  wsinspector info overnight.wsi
  wsinspector info overnight.wsi --statistics
  wsinspector info overnight.wsi --json

exit codes:
  0  printed
  2  no capture, or wrong arguments
"""

CHECK = """\
Look at every byte of a capture file: the database, its check sums, and every frame of the index
against a scan of the recorded bytes. Nothing is written unless --repair is given.
"""

CHECK_AFTER = """\
what is said of a finding:
  repairable, repaired  worked out of the recorded bytes again
  changed               there, but not as it was written
  lost                  not there; it reads as zeros, and a repair notes the gap
  noted                 no new damage: dropped by a limit or a full disk, not indexed yet, or lost or
                        changed earlier and noted by a repair

Check sums cover recorded bytes and their times, the index, conversations and attempts. Of events, marks
and notes of gaps it is only seen whether they can be read.

Where the database itself is damaged, --repair puts a sound copy in the file's place and leaves the
damaged file beside it.

examples:
  wsinspector check overnight.wsi
  wsinspector check overnight.wsi --repair --json

exit codes:
  0  nothing is wrong
  1  something is, or was and is repaired
  2  no capture, or wrong arguments
"""
