import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.gateways.sip_address import BadSipAddress, caller_of, parameters, read_name_addr, read_uri


@pytest.mark.parametrize(
    ("text", "user", "host", "port", "transport"),
    [
        ("sip:1001@pbx.example.kr", "1001", "pbx.example.kr", None, "udp"),
        ("SIP:1001@PBX.example.kr:5070", "1001", "pbx.example.kr", 5070, "udp"),
        ("sip:1001@10.0.0.1;transport=TLS", "1001", "10.0.0.1", None, "tls"),
        ("sip:1001@10.0.0.1:5061;transport=tcp;x", "1001", "10.0.0.1", 5061, "tcp"),
        ("sips:1001@pbx.example.kr", "1001", "pbx.example.kr", None, "tls"),
        ("sip:1001@[2001:db8::1]:5060", "1001", "2001:db8::1", 5060, "udp"),
        ("sip:1001:secret@pbx", "1001", "pbx", None, "udp"),
        ("sip:pbx", "", "pbx", None, "udp"),
    ],
)
def test_addresses(text: str, user: str, host: str, port: int | None, transport: str) -> None:
    found = read_uri(text)
    assert (found.user, found.host, found.port, found.transport) == (user, host, port, transport)
    assert read_uri(found.resource).resource == found.resource


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1001",
        "sip:",
        "sip:1001@",
        "http://pbx",
        "sip:a b@pbx",
        "sip:1001@pbx:0",
        "sip:1001@pbx:65536",
        "sip:a@p\r\nX: y",
    ],
)
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(BadSipAddress):
        read_uri(text)


@pytest.mark.parametrize(
    ("identity", "caller"),
    [
        ("sip:01000001234@pbx.example.kr;user=phone", "01000001234"),
        ("sips:%2B821000001234@pbx", "+821000001234"),
        ("tel:+82-10-0000-1234;phone-context=x", "+82-10-0000-1234"),
        ("sip:anonymous@anonymous.invalid", "anonymous"),
        ("sip:01000001234:pw@pbx", "01000001234"),
        ("sip:pbx.example.kr", ""),
        ("mailto:a@b", ""),
        ("", ""),
    ],
)
def test_the_number_in_an_address(identity: str, caller: str) -> None:
    assert caller_of(identity) == caller


@pytest.mark.parametrize(
    ("value", "display", "uri", "tag"),
    [
        ('"홍 길동" <sip:1@pbx>;tag=a', "홍 길동", "sip:1@pbx", "a"),
        (
            r'"a \"b\" <sip:x@y>;tag=no" <sip:1@pbx;tag=inner>;tag=a',
            'a "b" <sip:x@y>;tag=no',
            "sip:1@pbx;tag=inner",
            "a",
        ),
        ("Bob <sip:1@pbx>", "Bob", "sip:1@pbx", None),
        ("sip:1@pbx;tag=a", "", "sip:1@pbx", "a"),
        ("<sip:1@pbx>;TAG=a;tag=b", "", "sip:1@pbx", "a"),
    ],
)
def test_whom_a_header_names(value: str, display: str, uri: str, tag: str | None) -> None:
    found = read_name_addr(value)
    assert (found.display, found.uri, found.params.get("tag")) == (display, uri, tag)


@given(st.text())
def test_any_text_is_an_address_or_refused(text: str) -> None:
    for read in (read_uri, read_name_addr):
        try:
            read(text)
        except BadSipAddress:
            continue
    caller_of(text)
    parameters(text)
