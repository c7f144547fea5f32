"""Python and JavaScript programs that open as the request does, and print what comes."""

import json

from wsinspector.share.copying_as.asked import Asked, text_of


def python(asked: Asked) -> str:
    """A program for the ``websockets`` library."""
    options, address = asked.options, asked.address
    lines = ["import asyncio"]
    if address.secure and (options.ca_file or not options.verify):
        lines.append("import ssl")
    lines += ["", "from websockets.asyncio.client import connect", "", "", "async def main():"]
    given = _python_tls(asked, lines)
    headers = _texts(asked)
    if headers:
        lines.append("    headers = [")
        lines += [f"        ({name!r}, {value!r})," for name, value in headers]
        lines.append("    ]")
        given.append("additional_headers=headers")
    for value in asked.values(b"Origin")[:1]:
        given.append(f"origin={(text_of(value) or '')!r}")
    if asked.subprotocols:
        given.append(f"subprotocols={[(text_of(name) or '') for name in asked.subprotocols]!r}")
    agents = _agents(asked)
    given.append(f"user_agent_header={(text_of(agents[0]) or '') if agents else None!r}")
    if not offers_deflate(asked):
        given.append("compression=None")
    to = asked.dialled
    if to is not None:
        given += [f"host={to[0]!r}", f"port={to[1]}"]
    lines += [f"    url = {asked.url!r}", "    async with connect(", "        url,"]
    lines += [f"        {each}," for each in given]
    lines += [
        "    ) as connection:",
        "        print(connection.response.status_code, connection.response.headers)",
        "        async for message in connection:",
        "            print(message)",
        "",
        "",
        "asyncio.run(main())",
        "",
    ]
    return "\n".join(lines)


def _python_tls(asked: Asked, lines: list[str]) -> list[str]:
    options = asked.options
    if not asked.address.secure:
        return []
    given = []
    if options.ca_file:
        lines.append(f"    tls = ssl.create_default_context(cafile={options.ca_file!r})")
    elif not options.verify:
        lines.append("    tls = ssl.create_default_context()")
    if not options.verify:
        lines += ["    tls.check_hostname = False", "    tls.verify_mode = ssl.CERT_NONE"]
    if options.ca_file or not options.verify:
        given.append("ssl=tls")
    if options.sni:
        given.append(f"server_hostname={options.sni!r}")
    return given


def node(asked: Asked) -> str:
    """A program for Node and the ``ws`` library."""
    options = asked.options
    lines = ["const WebSocket = require('ws');"]
    settings: list[str] = []
    headers = [*_texts(asked), *(("User-Agent", text_of(value) or "") for value in _agents(asked))]
    if headers:
        together: dict[str, list[str]] = {}
        for name, value in headers:
            together.setdefault(name, []).append(value)
        settings.append("headers: {")
        settings += [
            f"  {json.dumps(name)}: {json.dumps(values[0] if len(values) == 1 else values)},"
            for name, values in together.items()
        ]
        settings.append("},")
    for origin in asked.values(b"Origin")[:1]:
        settings.append(f"origin: {json.dumps(text_of(origin) or '')},")
    if asked.version == b"8":
        settings.append("protocolVersion: 8,")
    if not offers_deflate(asked):
        settings.append("perMessageDeflate: false,")
    if asked.address.secure:
        if not options.verify:
            settings.append("rejectUnauthorized: false,")
        if options.ca_file:
            settings.append(f"ca: require('fs').readFileSync({json.dumps(options.ca_file)}),")
        if options.sni:
            settings.append(f"servername: {json.dumps(options.sni)},")
    protocols = json.dumps([text_of(name) or "" for name in asked.subprotocols])
    lines += ["", f"const socket = new WebSocket({json.dumps(asked.url)}, {protocols}, {{"]
    lines += [f"  {each}" for each in settings]
    lines += [
        "});",
        "socket.on('upgrade', (response) => console.log(response.statusCode, response.headers));",
        "socket.on('unexpected-response', (request, response) => {",
        "  console.log(response.statusCode, response.headers);",
        "  response.pipe(process.stdout);",
        "});",
        "socket.on('message', (data, isBinary) => console.log(isBinary ? data : data.toString()));",
        "socket.on('close', (code, reason) => console.log('closed', code, reason.toString()));",
        "socket.on('error', (error) => console.log(String(error)));",
        "",
    ]
    return "\n".join(lines)


def browser(asked: Asked) -> str:
    """Lines for a page or a browser's console."""
    protocols = [text_of(name) or "" for name in asked.subprotocols]
    given = json.dumps(asked.url) + (f", {json.dumps(protocols)}" if protocols else "")
    return "\n".join(
        [
            f"const socket = new WebSocket({given});",
            "socket.onopen = () => console.log('open', socket.protocol, socket.extensions);",
            "socket.onmessage = (event) => console.log(event.data);",
            "socket.onclose = (event) => console.log('closed', event.code, event.reason);",
            "",
        ]
    )


def offers_deflate(asked: Asked) -> bool:
    """Whether permessage-deflate is among what the request offers."""
    offered = b",".join(asked.values(b"Sec-WebSocket-Extensions")).lower()
    return any(part.split(b";")[0].strip() == b"permessage-deflate" for part in offered.split(b","))


def _agents(asked: Asked) -> list[bytes]:
    return asked.values(b"User-Agent")[:1]


def _texts(asked: Asked) -> list[tuple[str, str]]:
    """Names and values of the further lines whose values are text."""
    found = []
    for line in asked.others:
        name, value = text_of(line.name.strip()), text_of(line.value)
        if name is not None and value is not None:
            found.append((name, value))
    return found
