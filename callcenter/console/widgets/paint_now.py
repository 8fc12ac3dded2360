"""The answer to a key, painted at once."""

from textual.widget import Widget


def paint_now(*widgets: Widget) -> None:
    """Paint what changed on these widgets of the screen that is shown.

    Textual would tell the widget, the widget its screen, and the screen wait for its next tick but one: on a busy
    desk that is most of a frame. The same steps are taken here without the messages; they find nothing left to do.
    """
    screen = widgets[0].screen
    shown = screen._compositor.visible_widgets
    # One that only comes to be shown has to be laid out first: asked for it now, the compositor would make up its map
    # behind the layout's back, and nobody would be told of the size it got.
    if all(widget in shown for widget in widgets):
        screen._dirty_widgets.update(widgets)
        screen._on_timer_update()
