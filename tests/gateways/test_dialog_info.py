"""Dialog information as telephone systems send it, and as somebody sends it who means harm."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.gateways.dialog_info import MAX_BYTES, MAX_DIALOGS, BadDialogInfo, Dialog, read_dialog_info

HEAD = (
    '<?xml version="1.0"?><dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" '
    'version="{version}" state="{state}" entity="sip:1001@pbx">'
)


def document(inside: str = "", version: int | str = 0, state: str = "full") -> bytes:
    return (HEAD.format(version=version, state=state) + inside + "</dialog-info>").encode()


RINGING = """
<dialog id="as7d900as8" call-id="a84b4c76e66710" local-tag="1928301774" direction="recipient">
  <state event="2xx" code="200"> early </state>
  <duration>3</duration>
  <local><identity>sip:1001@pbx</identity>
    <target uri="sip:1001@10.0.0.3"><param pname="+sip.rendering" pval="{rendering}"/></target></local>
  <remote><identity display="홍&#x202e;길동 &lt;b&gt;">sip:01000001234@pbx</identity>
    <target uri="sip:gw@pbx"><param pname="+sip.rendering" pval="no"/></target></remote>
</dialog>"""


@pytest.mark.parametrize(("rendering", "held"), [("yes", False), ("no", True), ("NO", True)])
def test_a_whole_dialog(rendering: str, held: bool) -> None:
    found = read_dialog_info(document(RINGING.format(rendering=rendering), version=17, state="partial"))
    assert (found.version, found.full, found.entity) == (17, False, "sip:1001@pbx")
    assert found.dialogs == (
        Dialog(
            id="as7d900as8", state="early", call_id="a84b4c76e66710", local_tag="1928301774", direction="recipient",
            event="2xx", code="200", local="sip:1001@pbx", remote="sip:01000001234@pbx",
            remote_name="홍\u202e길동 <b>", held=held,
        ),
    )  # fmt: skip


def test_the_least_a_system_sends() -> None:
    found = read_dialog_info(document('<dialog id="1001"><state>confirmed</state></dialog>'))
    assert found.dialogs == (Dialog("1001", "confirmed"),)
    assert read_dialog_info(document()).dialogs == ()


def test_elements_of_others_are_not_ours() -> None:
    strange = '<x:dialog xmlns:x="urn:x" id="x"><state>early</state></x:dialog>'
    mixed = '<dialog id="1"><x:state xmlns:x="urn:x">early</x:state><state>trying</state></dialog>'
    assert read_dialog_info(document(strange + mixed)).dialogs == (Dialog("1", "trying"),)


LAUGHS = (
    '<!DOCTYPE d [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<a/>",
        b"\xff\xfe\x00",
        LAUGHS.encode() + document("&i;")[21:],
        b'<!DOCTYPE d SYSTEM "http://127.0.0.1:9/evil.dtd">' + document()[21:],
        b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + document("&x;")[21:],
        b'<!DOCTYPE d [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>' + document()[21:],
        document("&undefined;"),
        document("<dialog>" * 20 + "</dialog>" * 20),
        document('<dialog id="1"><state>early</state></dialog>' * (MAX_DIALOGS + 1)),
        document('<dialog id="1"><state>flying</state></dialog>'),
        document('<dialog id="1"/>'),
        document("<dialog><state>early</state></dialog>"),
        document(f'<dialog id="{"x" * 600}"><state>early</state></dialog>'),
        document(f'<dialog id="1"><state>{"x" * 600}</state></dialog>'),
        document(state="some"),
        document(version="-1"),
        document(version="9" * 20),
        document(" " * MAX_BYTES),
        document().replace(b"urn:ietf", b"urn:else"),
        document().replace(b'version="1.0"', b'version="1.0" encoding="no-such"'),
        document().replace(b'version="1.0"', b'version="1.0" encoding="rot13"'),
        document().replace(b'version="1.0"', b'version="1.0" encoding="base64"'),
        document().replace(b"</dialog-info>", b""),
    ],
)
def test_what_is_refused(data: bytes) -> None:
    with pytest.raises(BadDialogInfo):
        read_dialog_info(data)


@given(st.binary(max_size=400))
def test_any_bytes_are_a_document_or_refused(data: bytes) -> None:
    for around in (data, document(data.decode("latin-1"))):
        try:
            read_dialog_info(around)
        except BadDialogInfo:
            continue


PIECES = [
    "<dialog id='1'>", "</dialog>", "<state>", "</state>", "early", "<!DOCTYPE x>", "<![CDATA[", "]]>", "<local>",
    "</local>", "<identity>", "</identity>", "<target>", "<param pname='+sip.rendering'/>", "&#0;", "<!--", "-->",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=25))
def test_broken_documents_are_refused_and_nothing_worse(pieces: list[str]) -> None:
    try:
        found = read_dialog_info(document("".join(pieces)))
    except BadDialogInfo:
        return
    assert len(found.dialogs) <= MAX_DIALOGS
