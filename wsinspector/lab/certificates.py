"""Make the lab's authority and its certificates in memory, so that TLS can be tried with nothing installed.

Nothing is kept: every start draws new keys, and none of them is written to a disk.
"""

import enum
import os
import ssl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

AUTHORITY_NAME = "wsinspector lab authority"
WRONG_NAME = "other-host.invalid"
"""The only name of the wrong-host certificate; RFC 2606 §2 keeps .invalid from ever resolving."""


class Certificate(enum.Enum):
    """The certificates the lab shows, by what is wrong with them."""

    GOOD = "good"
    SELF_SIGNED = "self-signed"
    EXPIRED = "expired"
    WRONG_HOST = "wrong-host"


@dataclass(frozen=True, slots=True)
class KeyedCertificate:
    """A certificate, followed by its authority where it has one, and its private key; both PEM."""

    certificate_pem: bytes
    key_pem: bytes


@dataclass(frozen=True, slots=True)
class LabCertificates:
    """The authority's certificate (PEM) and one server certificate a kind."""

    authority_pem: bytes
    servers: dict[Certificate, KeyedCertificate]


def make_certificates(now: datetime, addresses: tuple[str, ...] = ("127.0.0.1", "::1")) -> LabCertificates:
    """Make an authority and its server certificates, valid for ``localhost`` and ``addresses``.

    ``now`` is timezone-aware. The key pairs are P-256; this takes some milliseconds, and the
    first call also imports ``cryptography``.
    """
    from cryptography.hazmat.primitives.asymmetric import ec

    authority_key = ec.generate_private_key(ec.SECP256R1())
    authority = _authority(authority_key, now)
    names = ("localhost", *addresses)
    week = (now - timedelta(days=1), now + timedelta(days=7))
    past = (now - timedelta(days=8), now - timedelta(days=1))
    servers = {
        Certificate.GOOD: _server("localhost", names, week, authority, authority_key),
        Certificate.SELF_SIGNED: _server("localhost", names, week, None, None),
        Certificate.EXPIRED: _server("localhost", names, past, authority, authority_key),
        Certificate.WRONG_HOST: _server(WRONG_NAME, (WRONG_NAME,), week, authority, authority_key),
    }
    return LabCertificates(_pem(authority), servers)


def server_context(made: KeyedCertificate) -> ssl.SSLContext:
    """A server's TLS context that shows ``made`` and answers ALPN with ``http/1.1``."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_alpn_protocols(["http/1.1"])
    with _readable(made.certificate_pem + made.key_pem) as path:
        context.load_cert_chain(path)
    return context


@contextmanager
def _readable(data: bytes) -> Iterator[str]:
    # load_cert_chain reads only files; an anonymous one lives in memory and has no name.
    if hasattr(os, "memfd_create"):
        descriptor = os.memfd_create("wsinspector-lab")
        try:
            os.write(descriptor, data)
            yield f"/proc/self/fd/{descriptor}"
        finally:
            os.close(descriptor)
        return
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        yield file.name


def _pem(certificate: "x509.Certificate") -> bytes:
    from cryptography.hazmat.primitives import serialization

    return certificate.public_bytes(serialization.Encoding.PEM)


def _key_pem(key: "EllipticCurvePrivateKey") -> bytes:
    from cryptography.hazmat.primitives import serialization

    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _name(common: str) -> "x509.Name":
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _authority(key: "EllipticCurvePrivateKey", now: datetime) -> "x509.Certificate":
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    subject = _name(AUTHORITY_NAME)
    signs_only = x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    # So that an authority saved and installed elsewhere vouches for this machine only (RFC 5280 §4.2.1.10).
    loopback_only = x509.NameConstraints(
        permitted_subtrees=[
            x509.DNSName("localhost"),
            x509.DNSName(WRONG_NAME),
            x509.IPAddress(ip_network("127.0.0.0/8")),
            x509.IPAddress(ip_network("::1/128")),
        ],
        excluded_subtrees=None,
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=30))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(signs_only, critical=True)
        .add_extension(loopback_only, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    return builder.sign(key, hashes.SHA256())


def _server(
    common: str,
    names: tuple[str, ...],
    valid: tuple[datetime, datetime],
    authority: "x509.Certificate | None",
    authority_key: "EllipticCurvePrivateKey | None",
) -> KeyedCertificate:
    """One server certificate; without an authority it signs itself."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID

    key = ec.generate_private_key(ec.SECP256R1())
    signing_key = authority_key or key
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(common))
        .issuer_name(authority.subject if authority else _name(common))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(valid[0])
        .not_valid_after(valid[1])
        .add_extension(x509.SubjectAlternativeName([_general_name(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signing_key.public_key()), critical=False
        )
    )
    chain = _pem(builder.sign(signing_key, hashes.SHA256()))
    if authority is not None:
        # The authority goes with it, so that an inspector has a chain to show.
        chain += _pem(authority)
    return KeyedCertificate(chain, _key_pem(key))


def _general_name(name: str) -> "x509.GeneralName":
    from cryptography import x509

    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)
