"""curl, websocat, wscat and bare bytes as commands for a POSIX shell."""

import re

from wsinspector.share.command import printf_format, quoted
from wsinspector.share.copying_as.asked import Asked, text_of

_PLAIN = re.compile(rb"[\t\x20-\x7e]*\Z")


def word(data: bytes) -> str:
    """``data`` as one word of a POSIX shell, whatever its bytes (NUL cannot be in one)."""
    text = text_of(data)
    if text is not None and "\t" not in text:
        return quoted(text)
    return f'"$(printf {printf_format(data)})"'


_PLAIN_TARGET = re.compile(rb"/[A-Za-z0-9._~!$&'()*+,;=:@/?%\[\]{}-]*\Z")
"""A target that curl sends as it stands in an address."""


def curl(asked: Asked) -> str:
    """``curl``, which sends every line as it is given and shows what comes."""
    draft, address = asked.draft, asked.address
    words = ["curl", "--include", "--no-buffer", "--http1.1"]
    parts = draft.parts
    if parts.method != b"GET":
        words += ["--request", word(parts.method)]
    given = {line.name.strip().lower() for line in asked.sent}
    for line in asked.sent:
        if line.value:
            words += ["--header", word(line.name + line.between + line.value)]
        else:
            words += ["--header", word(line.name.rstrip() + b";")]  # how curl is told of an empty value
    for name in (b"Host", b"User-Agent", b"Accept"):
        if name.lower() not in given:
            words += ["--header", word(name + b":")]  # curl would send one unasked
    words += _curl_options(asked)
    url = asked.url.replace("wss://", "https://", 1).replace("ws://", "http://", 1)
    target = draft.target
    if not _PLAIN_TARGET.match(target) or b"/." in target:
        words += ["--request-target", word(target)]
        url = url[: url.index("/", 8)] + "/" if url.count("/") > 2 else f"{url}/"
    return " ".join([*words, _glob_free(url)]) if address.error is None else ""


def _curl_options(asked: Asked) -> list[str]:
    options, address = asked.options, asked.address
    words = []
    to = asked.dialled
    if to is not None:
        host = f"[{to[0]}]" if ":" in to[0] else to[0]
        named = f"[{address.host}]" if ":" in address.host else address.host
        words += ["--connect-to", quoted(f"{named}:{address.port}:{host}:{to[1]}")]
    if address.secure:
        if not options.verify:
            words.append("--insecure")
        if options.ca_file:
            words += ["--cacert", quoted(options.ca_file)]
    return words


def _glob_free(url: str) -> str:
    """``url`` for curl, which takes brackets and braces for a pattern."""
    host = url.split("/")[2] if url.count("/") > 1 else url
    glob = any(sign in url.replace(host, "", 1) for sign in "[]{}")
    return f"--globoff {quoted(url)}" if glob or host.startswith("[") else quoted(url)


def websocat(asked: Asked) -> str:
    """``websocat``, interactive; it writes the handshake itself."""
    words = ["websocat"]
    version = asked.version
    if version is not None and version != b"13":
        words += [f"--websocket-version={word(version)}"]
    for line in [*asked.others, *asked.named(b"User-Agent")]:
        if text_of(line.value) is not None:
            words.append(f"--header={word(line.name.strip() + b': ' + line.value)}")
    for origin in asked.values(b"Origin")[:1]:
        words.append(f"--origin={word(origin)}")
    if asked.subprotocols:
        words.append(f"--protocol={word(b', '.join(asked.subprotocols))}")
    if asked.address.secure and not asked.options.verify:
        words.append("--insecure")
    return " ".join([*words, quoted(asked.url)])


def wscat(asked: Asked) -> str:
    """``wscat``, interactive; it writes the handshake itself."""
    words = ["wscat"]
    if asked.version == b"8":
        words += ["--protocol", "8"]
    for line in [*asked.others, *asked.named(b"User-Agent")]:
        if text_of(line.value) is not None:
            words += ["--header", word(line.name.strip() + b":" + line.value)]
    hosts = asked.values(b"Host")
    if len(hosts) == 1 and not asked.ordinary_host:
        words += ["--host", word(hosts[0])]
    for origin in asked.values(b"Origin")[:1]:
        words += ["--origin", word(origin)]
    for name in asked.subprotocols:
        words += ["--subprotocol", word(name)]
    if asked.address.secure:
        if not asked.options.verify:
            words.append("--no-check")
        if asked.options.ca_file:
            words += ["--ca", quoted(asked.options.ca_file)]
    return " ".join([*words, "--connect", quoted(asked.url)])


def raw(asked: Asked) -> str:
    """The very bytes, through ``nc`` or ``openssl s_client``."""
    address, options = asked.address, asked.options
    host, port = asked.dialled or (address.host, address.port)
    sent = f"printf {printf_format(asked.request)}"
    if not address.secure:
        return f"{{ {sent}; cat; }} | nc {quoted(host)} {port}"
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    words = ["openssl", "s_client", "-quiet", "-connect", quoted(place)]
    words += ["-servername", quoted(options.sni or address.host)]
    if options.verify:
        words.append("-verify_return_error")
    if options.ca_file:
        words += ["-CAfile", quoted(options.ca_file)]
    return f"{{ {sent}; cat; }} | {' '.join(words)}"
