"""The program's entry: picks the language, then opens the front door."""

import errno
import gc
import os
import sys
from typing import NoReturn

from callcenter import language, settings
from callcenter.errors import CallcenterError
from callcenter.language import mark


class FileTrouble(CallcenterError):
    """The system refused a file or folder. Values: path, reason."""

    code = "file_trouble"
    sentence = mark("{path}: {reason}. Check the path and that you may use it.")


class OutputTrouble(CallcenterError):
    """What was to be printed could not be written. Values: reason."""

    code = "output_trouble"
    sentence = mark("The output could not be written: {reason}. Free some space or send it elsewhere.")


_NOT_WRITTEN = frozenset({errno.ENOSPC, errno.EIO, errno.EFBIG, errno.EPIPE})


def main() -> None:
    """Run `callcenter`; a refusal is one sentence on stderr and exit code 1."""
    settings.speak_utf8()
    try:
        try:
            _run()
        finally:
            # Here a full disk can still be told of; when the interpreter flushes it is too late.
            sys.stdout.flush()
    except CallcenterError as refusal:
        _refuse(refusal)
    except OSError as error:
        if error.filename is not None:
            _refuse(FileTrouble(path=error.filename, reason=error.strerror))
        if error.errno not in _NOT_WRITTEN:
            raise
        # What is left in the buffer would be tried again, and fail again, at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if error.errno == errno.EPIPE:
            # Whoever read it has seen enough.
            raise SystemExit(1) from None
        _refuse(OutputTrouble(reason=error.strerror))


def _run() -> None:
    language.use(settings.early_language(sys.argv[1:]))
    if len(sys.argv) == 1 and (found := settings.load()).db.exists():
        # The operator's own way in: nothing to parse, so nothing that parses is loaded before the first paint.
        # What a start makes stays; looking through it for garbage again and again would delay that paint.
        gc.disable()
        from callcenter.console.start import open_console

        open_console(found)
        return
    from callcenter.cli import app

    app(prog_name="callcenter")


def _refuse(refusal: CallcenterError) -> NoReturn:
    print(refusal, file=sys.stderr)
    raise SystemExit(1) from None


if __name__ == "__main__":
    main()
