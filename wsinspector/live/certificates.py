"""The certificates a peer showed, as texts ready to read."""

import hashlib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from cryptography import x509


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """One certificate as shown: texts ready to read, ``pem`` as it came."""

    subject: str
    issuer: str
    names: tuple[str, ...]
    not_before: str
    not_after: str
    fingerprint: str
    pem: str


class _RawCertificate(Protocol):
    def public_bytes(self, encoding: int, /) -> bytes: ...


_ENCODING_DER = 2


def sent_chain(stream: ssl.SSLObject) -> tuple[bytes, ...]:
    """The certificates the peer sent, its own first, each as DER; also where none was verified.

    ``SSLObject.get_unverified_chain`` is public from Python 3.13; before, the object within has
    it. Where neither is there, only the peer's own certificate is returned.
    """
    public = cast("Callable[[], list[bytes]] | None", getattr(stream, "get_unverified_chain", None))
    if public is not None:
        return tuple(public() or ())
    inner = getattr(getattr(stream, "_sslobj", None), "get_unverified_chain", None)
    if inner is not None:
        raw = cast("list[_RawCertificate] | None", inner())
        return tuple(certificate.public_bytes(_ENCODING_DER) for certificate in raw or ())
    own = stream.getpeercert(binary_form=True)
    return (own,) if own else ()


def describe_chain(chain: tuple[bytes, ...]) -> tuple[CertificateFacts, ...]:
    """Facts of each certificate; imports ``cryptography``, so not for the loop's thread."""
    return tuple(describe(der) for der in chain)


def describe(der: bytes) -> CertificateFacts:
    """Facts of one certificate. One that cannot be read gives its fingerprint and says so."""
    from cryptography import x509

    fingerprint = hashlib.sha256(der).digest().hex(":").upper()
    pem = ssl.DER_cert_to_PEM_cert(der)
    try:
        certificate = x509.load_der_x509_certificate(der)
        return CertificateFacts(
            subject=certificate.subject.rfc4514_string(),
            issuer=certificate.issuer.rfc4514_string(),
            names=_names(certificate),
            not_before=f"{certificate.not_valid_before_utc:%Y-%m-%d %H:%M:%S} UTC",
            not_after=f"{certificate.not_valid_after_utc:%Y-%m-%d %H:%M:%S} UTC",
            fingerprint=fingerprint,
            pem=pem,
        )
    except Exception as error:  # received bytes: whatever the parser thinks of them is a fact to show
        return CertificateFacts(f"cannot be read ({error})", "", (), "", "", fingerprint, pem)


def _names(certificate: "x509.Certificate") -> tuple[str, ...]:
    from cryptography import x509

    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    return tuple(str(name.value) for name in found)
