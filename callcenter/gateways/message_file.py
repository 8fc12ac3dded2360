"""Messages as files in a folder, one each, for a programme that sends them on and takes the files away.

The file is named for the message's id and appears whole and synced to disk, or not at all. A message that is sent again
after a crash takes the place of its own file; whoever has taken that away knows the id again.
"""

import asyncio
import os
from pathlib import Path

from callcenter.errors import CallcenterError
from callcenter.gateways.message_gateway import Gateway, Outcome, Outgoing, as_json
from callcenter.language import mark


class NoMessageFolder(CallcenterError):
    """There is no folder to put messages into. Values: path."""

    code = "no_message_folder"
    sentence = mark("There is no folder {path} for messages. Make it, or correct messages_folder in the settings.")


def file_gateway(folder: Path) -> Gateway:
    """A gateway that puts messages into the folder; raises `NoMessageFolder`."""
    if folder == Path() or not folder.is_dir():
        raise NoMessageFolder(path=folder)

    async def send(message: Outgoing) -> Outcome:
        try:
            await asyncio.to_thread(_write, folder, message)
        except OSError as error:
            return Outcome("later", error.strerror or error.__class__.__name__)
        return Outcome("sent", "file")

    return send


def _write(folder: Path, message: Outgoing) -> None:
    path = folder / f"{message.id}.json"
    # Nobody but the desk and the programme that sends them has to read what families are told.
    draft = os.open(path.with_suffix(".part"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(draft, "wb") as file:
        file.write(as_json(message) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    path.with_suffix(".part").replace(path)
    if hasattr(os, "O_DIRECTORY"):
        # Windows keeps names by itself; elsewhere a new name is on the disk once its folder is.
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
