"""The lab's certificates, judged by OpenSSL over sans-I/O TLS."""

import ssl
from datetime import UTC, datetime

import pytest

from wsinspector.lab.certificates import Certificate, LabCertificates, make_certificates, server_context


@pytest.fixture(scope="module")
def made() -> LabCertificates:
    return make_certificates(datetime.now(UTC))


def shake_hands(made: LabCertificates, kind: Certificate, name: str, *, verify: bool = True) -> ssl.SSLObject:
    """A whole TLS handshake between two memory pipes; raises what the client raises."""
    context = ssl.create_default_context(cadata=made.authority_pem.decode())
    context.set_alpn_protocols(["http/1.1"])
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = context.wrap_bio(to_client, to_server, server_hostname=name)
    server = server_context(made.servers[kind]).wrap_bio(to_server, to_client, server_side=True)
    waiting = [client, server]
    while waiting:
        side = waiting.pop(0)
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            waiting.append(side)
    return client


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "::1"])
def test_the_good_certificate_is_trusted_for_every_name_of_the_lab(made: LabCertificates, name: str) -> None:
    client = shake_hands(made, Certificate.GOOD, name)
    assert client.selected_alpn_protocol() == "http/1.1"
    assert client.version() == "TLSv1.3"


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (Certificate.SELF_SIGNED, "self-signed certificate"),
        (Certificate.EXPIRED, "certificate has expired"),
        (Certificate.WRONG_HOST, "IP address mismatch"),
    ],
)
def test_each_bad_certificate_fails_for_its_own_reason(
    made: LabCertificates, kind: Certificate, reason: str
) -> None:
    with pytest.raises(ssl.SSLCertVerificationError) as caught:
        shake_hands(made, kind, "127.0.0.1")
    assert reason in caught.value.verify_message
    assert shake_hands(made, kind, "127.0.0.1", verify=False).version() == "TLSv1.3"


def test_the_authority_may_vouch_for_loopback_only(made: LabCertificates) -> None:
    from cryptography import x509

    authority = x509.load_pem_x509_certificate(made.authority_pem)
    permitted = authority.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees
    assert permitted is not None
    assert {str(name.value) for name in permitted} == {
        "localhost",
        "other-host.invalid",
        "127.0.0.0/8",
        "::1/128",
    }


def test_every_start_draws_new_keys(made: LabCertificates) -> None:
    again = make_certificates(datetime.now(UTC))
    assert again.authority_pem != made.authority_pem
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(LabCertificates(made.authority_pem, again.servers), Certificate.GOOD, "127.0.0.1")
