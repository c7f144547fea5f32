"""Write the lab's HTTP answers, the right ones and the wrong ones, as literal bytes."""

Lines = tuple[tuple[bytes, bytes], ...]

SERVER: tuple[bytes, bytes] = (b"Server", b"lab")
PROXY_PAGE = (
    b"<!DOCTYPE html>\n<html>\n<head><title>400 Bad Request</title></head>\n<body>\n"
    b"<h1>Bad Request</h1>\n<p>Your browser sent a request that this server could not understand.</p>\n"
    b"<hr><address>gateway</address>\n</body>\n</html>\n"
)


def answer(status_line: bytes, lines: Lines, body: bytes = b"") -> bytes:
    """A head of ``status_line`` and ``lines``, CRLF throughout, then ``body``."""
    head = b"".join(name + b": " + value + b"\r\n" for name, value in lines)
    return status_line + b"\r\n" + head + b"\r\n" + body


def refusal(status: bytes, lines: Lines, body: bytes, kind: bytes = b"text/plain; charset=utf-8") -> bytes:
    """A well-formed final answer that closes the connection; ``status`` is code and reason."""
    length = b"%d" % len(body)
    # A 426 must name the protocol to upgrade to (RFC 9110 §15.5.22).
    connection = b"Upgrade, close" if any(name == b"Upgrade" for name, _ in lines) else b"close"
    upgrade = tuple(line for line in lines if line[0] == b"Upgrade")
    rest = tuple(line for line in lines if line[0] != b"Upgrade")
    about = ((b"Content-Type", kind), (b"Content-Length", length), SERVER)
    return answer(b"HTTP/1.1 " + status, (*upgrade, (b"Connection", connection), *rest, *about), body)
