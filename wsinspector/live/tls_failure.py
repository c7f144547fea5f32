"""Why a TLS handshake failed, in a sentence a person can act on."""

import ssl

from wsinspector.live.tls import recognise_record

# X509_V_ERR_* of OpenSSL's x509_vfy.h.
_VERIFY = {
    9: "The certificate is not valid yet",
    10: "The certificate has expired",
    18: "The certificate is self-signed",
    19: "The chain ends in an authority that is not trusted here",
    20: "The certificate was issued by an authority that is not known here",
    21: "The chain is incomplete: the issuer's certificate was not sent and is not known here",
    23: "The certificate has been revoked",
    24: "The issuer's certificate is no authority's",
    26: "The certificate may not be used for a server",
    62: "The certificate is for another name",
    64: "The certificate is for another address",
    66: "The certificate's key is too weak",
    67: "An authority's key is too weak",
    68: "The certificate is signed with a digest that is too weak",
}


def why_tls_failed(error: ssl.SSLError, name: str, *, established: bool = False) -> str:
    """One sentence: the reason, then OpenSSL's own words where they say more.

    ``name`` is the server name asked for; ``established``: the handshake was done before.
    """
    if isinstance(error, ssl.SSLCertVerificationError):
        reason = _VERIFY.get(error.verify_code, "The certificate could not be verified")
        if error.verify_code in (62, 64):
            reason += f" than {name}"
        own = error.verify_message.rstrip(".")
        more = not set(own.lower().split()) <= set(reason.lower().split())
        return f"{reason} ({own})." if more else f"{reason}."
    said = (error.reason or str(error)).replace("_", " ").lower()
    if "alert" in said:
        return f"The peer refused TLS with an alert ({said})."
    if "eof" in said:
        return "The peer ended TCP during the TLS handshake."
    if established:
        return f"The TLS connection broke ({said})."
    return f"The TLS handshake failed ({said})."


def why_client_failed(error: Exception, first: bytes) -> tuple[str, bytes]:
    """Why a client's handshake with a server of ours failed, and what it said in place of one.

    ``first``: its first bytes as they travelled; they come back where they are no TLS.
    """
    if recognise_record(first) is None:
        return (
            "The client spoke plain text to a port that speaks TLS. Its address should begin with wss://.",
            first,
        )
    said = (getattr(error, "reason", None) or str(error)).replace("_", " ").lower()
    if "alert" in said:
        about = " Probably it does not trust the lab's certificate." if _DISTRUST & set(said.split()) else ""
        return f"The client refused TLS with an alert ({said}).{about}", b""
    if isinstance(error, ConnectionError) or "eof" in said:
        return (
            "The client ended TCP during the TLS handshake. "
            "Probably it does not trust the lab's certificate, or gave up.",
            b"",
        )
    return f"The TLS handshake with the client failed ({said}).", b""


_DISTRUST = {"ca", "certificate"}
