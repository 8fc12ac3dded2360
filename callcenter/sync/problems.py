"""What can stand between a desk and its centre, in words that say what to do."""

from callcenter.errors import CallcenterError
from callcenter.language import mark


class LinkProblem(CallcenterError):
    """Something keeps a desk from its centre. Values: reason, where a driver or server gave one."""

    code = "link"
    sentence = mark("The centre cannot be reached: {reason}")


class Unreachable(LinkProblem):
    """No connection could be made. Values: reason."""

    code = "centre_unreachable"
    sentence = mark("The centre cannot be reached ({reason}). The desk goes on working; it tries again by itself.")


class LinkCut(LinkProblem):
    """A connection that stood broke. Values: reason."""

    code = "link_cut"
    sentence = mark("The link to the centre was cut ({reason}). The desk goes on working; it tries again by itself.")


class CentreSilent(LinkProblem):
    """The centre did not answer in time. Values: seconds."""

    code = "centre_silent"
    sentence = mark(
        "The centre did not answer within {seconds} seconds. The desk goes on working; it tries again by itself."
    )


class NotTheCentre(LinkProblem):
    """Who answers at the centre's address has no certificate of the organisation for it. Values: reason."""

    code = "not_the_centre"
    sentence = mark(
        "Whoever answers at the centre's address cannot prove to be the centre ({reason}). "
        "Nothing was sent. Tell whoever runs the centre."
    )


class WrongPassword(LinkProblem):
    """The centre does not know this desk with this password. Values: desk."""

    code = "centre_password"
    sentence = mark(
        "The centre refuses the password of desk {desk}. Ask the centre for a new connection file, then join again."
    )


class DeskRevoked(LinkProblem):
    """The centre lets this desk in no more. Values: desk."""

    code = "desk_revoked"
    sentence = mark(
        "The centre no longer lets desk {desk} in; it works alone, and what it offers is provisional. "
        "Ask whoever runs the centre for a new connection file and join with it, or leave with "
        "«callcenter sync leave --anyway»."
    )


class CentreRefuses(LinkProblem):
    """The server answered, and refused. Values: reason, state."""

    code = "centre_refuses"
    sentence = mark("The centre refuses: {reason} Ask whoever runs the centre.")

    @property
    def state(self) -> str:
        """The five letters by which SQL names what was wrong."""
        return str(self.values["state"])

    @property
    def is_late(self) -> bool:
        """Whether the server gave up because it took too long."""
        return self.state == "57014"


class NoSuchCentre(LinkProblem):
    """The database is no centre, or an older one that lacks what is asked for. Values: function."""

    code = "no_centre"
    sentence = mark("That database is not a centre, or too old a one ({function}). Run «callcenter centre upgrade».")


class WeakConnection(CallcenterError):
    """The connection file asks for less safety than a child's data need. Values: what."""

    code = "weak_connection"
    sentence = mark(
        "The connection file is not safe enough: {what}. "
        "Over a network it needs sslmode verify-full, channel_binding require and the organisation's certificate."
    )


class WrongDesk(LinkProblem):
    """The connection file belongs to another desk. Values: file, desk."""

    code = "wrong_desk"
    sentence = mark(
        "The connection file is for desk {file}, and this is desk {desk}. Ask the centre for the right one."
    )


class NotJoined(LinkProblem):
    """The desk has joined no centre, or left it meanwhile."""

    code = "not_joined"
    sentence = mark("This desk has joined no centre. Join with «callcenter sync join FILE».")


class ChainMoved(LinkProblem):
    """Another program of this desk has taken a new chain meanwhile."""

    code = "chain_moved"
    sentence = mark("Another program of this desk talked to the centre; this one begins again.")
