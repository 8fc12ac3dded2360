"""What Textual must know of the terminal before it is imported for the first time."""

import os


def prepare_terminal(*, kitty_keys: bool = False, frames: int = 4000) -> None:
    """Set Textual's environment; call it before the first import of textual, which reads it once.

    The kitty keyboard protocol stays off unless asked for: iTerm2, WezTerm and others lose text composed by an
    input method in it. `frames` is the highest number of paints a second: what changes right after a paint, as the
    request after the cursor, waits for up to two of them, in whole milliseconds. What the user has set wins.
    """
    os.environ.setdefault("TEXTUAL_DISABLE_KITTY_KEY", "0" if kitty_keys else "1")
    os.environ.setdefault("TEXTUAL_FPS", str(frames))
