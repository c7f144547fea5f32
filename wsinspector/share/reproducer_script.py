"""The part of a reproducer that is the same in every one; what was recorded is put in front of it."""

LEAD = '''#!/usr/bin/env python3
"""Sends again, byte for byte, what a client of a WebSocket server sent, and prints what comes back.

Python 3.8 or later and its own library are enough. Nothing is worked out anew: the request, its key,
the frames and their masks are those that were recorded. Where a secret was left out, its place is
marked in STEPS, and its value is taken from the environment variable of that name.
"""

import argparse
import os
import select
import socket
import ssl
import sys
import time

'''

BODY = '''

SHOWN = 400  # bytes of what comes that are printed


def arguments():
    parser = argparse.ArgumentParser(description="Send again what was recorded.", epilog=NOTE or None)
    parser.add_argument("--to", metavar="HOST:PORT", help="dial this in place of %s:%d" % DIALLED)
    parser.add_argument("--fast", action="store_true", help="without the recorded pauses")
    parser.add_argument("--longest", type=float, default=2.0, metavar="S",
                        help="bound of a recorded pause, in seconds (default: 2)")
    parser.add_argument("--wait", type=float, default=5.0, metavar="S",
                        help="go on reading until nothing came for so long (default: 5)")
    parser.add_argument("--timeout", type=float, default=10.0, metavar="S",
                        help="for connecting, and for the head of the answer (default: 10)")
    if SECURE:
        parser.add_argument("--insecure", action="store_true", help="take any certificate")
        parser.add_argument("--ca-file", metavar="FILE", help="trust the certificates in this file (PEM)")
    return parser.parse_args()


def values():
    """The secrets out of the environment; what is missing or does not fit ends the program."""
    found, complaints = {}, []
    for name, (size, fixed, where) in SECRETS.items():
        text = os.environ.get(name)
        value = None if text is None else os.fsencode(text)
        if value is None:
            complaints.append("%s is not set: %d bytes, %s." % (name, size, where))
        elif fixed and len(value) != size:
            complaints.append("%s has %d bytes and must have %d: %s." % (name, len(value), size, where))
        else:
            found[name] = value
    if complaints:
        print("Nothing was sent. Left out of this script, and to be set in the environment:", file=sys.stderr)
        for line in complaints:
            print("  " + line, file=sys.stderr)
        sys.exit(2)
    return found


def joined(parts, secrets):
    """The bytes of one step; a part is bytes, or the name of a secret and the mask it travelled under.

    Of a secret that was cut two numbers follow: where the part begins and ends.
    """
    made = b""
    for part in parts:
        if isinstance(part, bytes):
            made += part
        else:
            name, mask = part[:2]
            value = secrets[name][part[2]:part[3]] if len(part) > 2 else secrets[name]
            made += bytes(a ^ b for a, b in zip(value, mask)) if mask else value
    return made


def dialled(given):
    if not given:
        return DIALLED
    host, _, port = given.rpartition(":")
    return host.strip("[]"), int(port)


def connected(options):
    plain = socket.create_connection(dialled(options.to), options.timeout)
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if not SECURE:
        return plain
    context = ssl.create_default_context(cafile=options.ca_file)
    if options.insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if ALPN:
        context.set_alpn_protocols(ALPN)
    return context.wrap_socket(plain, server_hostname=SNI)


class Answer:
    """What comes back, printed as it comes."""

    def __init__(self, sock):
        self.sock = sock
        self.data = b""
        self.over = False
        self.began = time.monotonic()

    def read(self, seconds):
        """Print what comes within ``seconds``; whether something came."""
        pending = SECURE and self.sock.pending()
        if not pending and not select.select([self.sock], [], [], max(seconds, 0))[0]:
            return False
        try:
            came = self.sock.recv(65536)
        except (ssl.SSLWantReadError, socket.timeout):
            return False
        except OSError as error:
            print("%8.3f <- ended: %s" % (time.monotonic() - self.began, error))
            self.over = True
            return False
        if not came:
            print("%8.3f <- end" % (time.monotonic() - self.began))
            self.over = True
            return False
        if b"\\n" not in self.data:
            self.data += came
        more = "" if len(came) <= SHOWN else " ..."
        print("%8.3f <- %d bytes: %r%s" % (time.monotonic() - self.began, len(came), came[:SHOWN], more))
        return True

    def read_for(self, seconds):
        until = time.monotonic() + seconds
        while not self.over and time.monotonic() < until:
            self.read(until - time.monotonic())

    def read_head(self, seconds):
        """Until the first line of the answer is there."""
        until = time.monotonic() + seconds
        while not self.over and b"\\n" not in self.data and time.monotonic() < until:
            self.read(until - time.monotonic())

    @property
    def first_line(self):
        return self.data.split(b"\\n")[0].rstrip(b"\\r")


def main():
    options = arguments()
    secrets = values()
    try:
        sock = connected(options)
    except (OSError, ValueError) as error:
        print("No connection: %s" % error, file=sys.stderr)
        return 3
    with sock:
        answer = Answer(sock)
        try:
            for number, (pause, parts) in enumerate(STEPS):
                if number == REQUEST_STEPS:
                    answer.read_head(options.timeout)
                if not options.fast:
                    answer.read_for(min(pause, options.longest))
                while not answer.over and answer.read(0):
                    pass
                if answer.over:
                    break
                data = joined(parts, secrets)
                print("%8.3f -> %d bytes" % (time.monotonic() - answer.began, len(data)))
                sock.settimeout(options.timeout)
                sock.sendall(data)
            while not answer.over and answer.read(options.wait):
                pass
        except OSError as error:
            print("The connection was lost: %s" % error, file=sys.stderr)
    if NOTE:
        print(NOTE)
    if answer.first_line == STATUS_LINE:
        print("The answer's first line is as recorded: %r" % STATUS_LINE)
        return 0
    print("The answer's first line differs: recorded %r, now %r" % (STATUS_LINE, answer.first_line))
    return 1


if __name__ == "__main__":
    sys.exit(main())
'''
