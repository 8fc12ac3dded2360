import os
import subprocess
import sys

import pytest

READ = "from textual import constants; print(constants.DISABLE_KITTY_KEY, constants.MAX_FPS)"


def textual_sees(call: str, **environment: str) -> str:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("TEXTUAL_")}
    code = f"import sys; from callcenter.console.terminal import prepare_terminal; {call}\n"
    code += f"assert not [name for name in sys.modules if name.startswith('textual')]\n{READ}"
    done = subprocess.run(
        [sys.executable, "-c", code], env=inherited | environment, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("call", "environment", "seen"),
    [
        ("prepare_terminal()", {}, "True 4000"),
        ("prepare_terminal(kitty_keys=True, frames=60)", {}, "False 60"),
        ("prepare_terminal()", {"TEXTUAL_DISABLE_KITTY_KEY": "0", "TEXTUAL_FPS": "30"}, "False 30"),
        ("prepare_terminal(kitty_keys=True)", {"TEXTUAL_DISABLE_KITTY_KEY": "1"}, "True 4000"),
    ],
)
def test_textual_sees_what_was_prepared(call: str, environment: dict[str, str], seen: str) -> None:
    assert textual_sees(call, **environment) == seen
