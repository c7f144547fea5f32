"""Certificates as facts, of a connection or read by a second handshake that sends nothing."""

import dataclasses

from wsinspector.live.certificates import CertificateFacts, describe_chain, sent_chain
from wsinspector.live.dial import DialError, Target, dial
from wsinspector.live.threads import in_daemon_thread
from wsinspector.live.tls import TlsStream


async def described(stream: TlsStream) -> tuple[CertificateFacts, ...]:
    """The chain the peer of ``stream`` sent; parsed off the loop's thread."""
    chain = sent_chain(stream.ssl_object)
    return await in_daemon_thread(lambda: describe_chain(chain), "certificates")


async def read_unverified(target: Target, within: float) -> tuple[TlsStream | None, str]:
    """A TLS handshake that verifies nothing and is ended at once; what it found, or why not."""
    if target.tls is None:
        return None, "This connection has no TLS."
    settings = dataclasses.replace(target.tls, verify=False, ca_file="", ca_pem="")
    try:
        link = await dial(dataclasses.replace(target, tls=settings), within=within)
    except DialError as error:
        return None, str(error)
    except TimeoutError:
        return None, f"No answer within {within:g} s."
    link.close()
    return link.tls, ""
