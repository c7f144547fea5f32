"""Whatever a client sends, no task of the lab dies and every connection comes to an end."""

import asyncio
from urllib.parse import quote

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.lab.old_clients import OLD_CLIENTS
from tests.lab.wire import KEY, Wire, request, with_lab
from wsinspector.lab.scenarios import SCENARIOS
from wsinspector.lab.server import Lab

PATHS = [scenario.path for scenario in SCENARIOS] + ["/", "/%", "/echo?seconds=%ff", "*"]

OLD = st.sampled_from([(client, path) for client in OLD_CLIENTS for path in PATHS])

HEADS = st.one_of(
    OLD.map(lambda pair: pair[0].request(pair[1].encode() + b"?every=0&seconds=0&count=2")),
    st.tuples(st.sampled_from(OLD_CLIENTS), st.binary(max_size=60)).map(
        lambda pair: pair[0].request(b"/echo", pair[1])
    ),
    st.tuples(st.sampled_from(OLD_CLIENTS), st.integers(0, 400)).map(
        lambda pair: pair[0].request()[: pair[1]]
    ),
    st.text(max_size=20).map(lambda text: request(f"/versions/{quote(text)}")),
    st.binary(max_size=200),
    st.binary(max_size=80).map(lambda data: request("/echo", data)),
    st.binary(max_size=20).map(lambda data: request("/echo", version=(data,))),
    st.binary(max_size=30).map(lambda data: request("/echo", key=data)),
    st.sampled_from(PATHS).map(request),
    st.sampled_from(PATHS).map(lambda path: request(path + "?every=0&seconds=0&count=2", key=KEY)),
)


@given(sent=st.lists(st.tuples(HEADS, st.binary(max_size=300)), min_size=1, max_size=6))
@settings(max_examples=40, deadline=None)
def test_any_bytes(sent: list[tuple[bytes, bytes]]) -> None:
    async def one(lab: Lab, head: bytes, frames: bytes) -> None:
        wire = await Wire.dial(lab, head + frames)
        wire.finish()
        try:
            async with asyncio.timeout(20):
                await wire.skip()
        except ConnectionError:
            pass
        await wire.hang_up()

    async def talk(lab: Lab) -> None:
        await asyncio.gather(*(one(lab, head, frames) for head, frames in sent))

    with_lab(talk)
