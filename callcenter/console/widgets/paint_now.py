"""The answer to a key, painted at once."""

from textual.widget import Widget


def paint_now(*widgets: Widget) -> None:
    """Paint what changed on these widgets of the screen that is shown.

    Textual would tell the widget, the widget its screen, and the screen wait for its next tick but one: on a busy
    desk that is most of a frame. The same steps are taken here without the messages; they find nothing left to do.
    """
    screen = widgets[0].screen
    screen._dirty_widgets.update(widgets)
    screen._on_timer_update()
