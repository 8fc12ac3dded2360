"""The program's entry: picks the language, then opens the front door."""

import sys

from callcenter import language, settings
from callcenter.errors import CallcenterError


def main() -> None:
    """Run `callcenter`; a refusal is one sentence on stderr and exit code 1."""
    settings.speak_utf8()
    try:
        language.use(settings.early_language(sys.argv[1:]))
        from callcenter.cli import app

        app()
    except CallcenterError as refusal:
        print(refusal, file=sys.stderr)
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
