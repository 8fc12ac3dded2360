"""Dialog information (RFC 4235): the XML in which a telephone system says what an extension is doing.

Read with expat and nothing around it: a document type or an entity is refused before it can grow, and so is
whatever is larger, deeper or longer than a telephone's state can be.
"""

import re
from dataclasses import dataclass
from typing import Literal, NoReturn
from xml.parsers import expat

from callcenter.errors import CallcenterError
from callcenter.language import mark

MAX_BYTES = 65_536
MAX_DIALOGS = 64
_MAX_DEPTH = 16
_MAX_TEXT = 512
_NAMESPACE = "urn:ietf:params:xml:ns:dialog-info"

DialogState = Literal["trying", "proceeding", "early", "confirmed", "terminated"]
_STATES: dict[str, DialogState] = {
    "trying": "trying",
    "proceeding": "proceeding",
    "early": "early",
    "confirmed": "confirmed",
    "terminated": "terminated",
}


class BadDialogInfo(CallcenterError):
    """The document is no dialog information, or one that no telephone system sends. Values: why, for a technician."""

    code = "bad_dialog_info"
    sentence = mark("The telephone system sent something that is not the state of an extension ({why}).")


@dataclass(frozen=True, slots=True)
class Dialog:
    """One call of the extension as it stands; what was not said is "". `held` is the extension's own side."""

    id: str
    state: DialogState
    call_id: str = ""
    local_tag: str = ""
    direction: Literal["initiator", "recipient", ""] = ""
    event: str = ""
    code: str = ""
    local: str = ""
    remote: str = ""
    remote_name: str = ""
    held: bool = False


@dataclass(frozen=True, slots=True)
class DialogInfo:
    """A whole document: all dialogs (`full`) or those that changed, under a version that grows by one."""

    version: int
    full: bool
    entity: str
    dialogs: tuple[Dialog, ...]


class _Reading:
    """What expat has told so far; every handler refuses what goes too far."""

    def __init__(self) -> None:
        self.path: list[str] = []
        self.root: dict[str, str] | None = None
        self.dialogs: list[dict[str, str]] = []
        self.text = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _sign, local = name.rpartition(" ")
        self.path.append(local if namespace == _NAMESPACE else "?")
        self.text = ""
        if len(self.path) > _MAX_DEPTH:
            raise BadDialogInfo(why="too deep")
        if any(len(value) > _MAX_TEXT for value in attributes.values()):
            raise BadDialogInfo(why="an attribute is too long")
        match self.path:
            case ["dialog-info"]:
                self.root = attributes
            case ["dialog-info", "dialog"]:
                if len(self.dialogs) == MAX_DIALOGS:
                    raise BadDialogInfo(why="too many dialogs")
                self.dialogs.append(attributes.copy())
            case ["dialog-info", "dialog", "state"]:
                self._keep(event=attributes.get("event", ""), code=attributes.get("code", ""))
            case ["dialog-info", "dialog", "remote", "identity"]:
                self._keep(display=attributes.get("display", ""))
            case ["dialog-info", "dialog", "local", "target", "param"]:
                if attributes.get("pname") == "+sip.rendering":
                    self._keep(rendering=attributes.get("pval", ""))

    def say(self, text: str) -> None:
        self.text += text
        if len(self.text) > _MAX_TEXT:
            raise BadDialogInfo(why="a text is too long")

    def end(self, _name: str) -> None:
        said, self.text = self.text.strip(), ""
        match self.path:
            case ["dialog-info", "dialog", "state"]:
                self._keep(state=said)
            case ["dialog-info", "dialog", "local" | "remote" as side, "identity"]:
                self._keep(**{side: said})
        self.path.pop()

    def _keep(self, **values: str) -> None:
        self.dialogs[-1].update((f"<{name}>", value) for name, value in values.items())


def _refuse(*_arguments: object) -> NoReturn:
    # Entities can only be declared in one.
    raise BadDialogInfo(why="a document type")


def read_dialog_info(data: bytes) -> DialogInfo:
    """The dialogs in a document; raises `BadDialogInfo`."""
    if len(data) > MAX_BYTES:
        raise BadDialogInfo(why="too large")
    reading = _Reading()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = reading.start
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.say
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        # An encoding that nobody knows is a LookupError, one that is no encoding of text a ValueError.
        raise BadDialogInfo(why=type(error).__name__) from error
    root = reading.root
    if root is None or root.get("state") not in {"full", "partial"}:
        raise BadDialogInfo(why="no dialog-info")
    version = root.get("version", "").strip()
    if not re.fullmatch(r"[0-9]{1,10}", version):
        raise BadDialogInfo(why="no version")
    dialogs = tuple(map(_dialog, reading.dialogs))
    return DialogInfo(int(version), root["state"] == "full", root.get("entity", ""), dialogs)


def _dialog(said: dict[str, str]) -> Dialog:
    state = _STATES.get(said.get("<state>", ""))
    identity = said.get("id", "")
    if state is None or not identity:
        raise BadDialogInfo(why="a dialog without id or state")
    direction: Literal["initiator", "recipient", ""] = ""
    match said.get("direction"):
        case "initiator" | "recipient" as named:
            direction = named
    return Dialog(
        id=identity,
        state=state,
        call_id=said.get("call-id", ""),
        local_tag=said.get("local-tag", ""),
        direction=direction,
        event=said.get("<event>", ""),
        code=said.get("<code>", ""),
        local=said.get("<local>", ""),
        remote=said.get("<remote>", ""),
        remote_name=said.get("<display>", ""),
        held=said.get("<rendering>", "").lower() == "no",
    )
