"""Whether an entry is as it was written."""

from callcenter.journal.bodies import KINDS
from callcenter.journal.entry import Entry, digest_of_body, digest_of_entry, header

ALTERED = ("body", "erased", "digest")


def altered(entry: Entry) -> str | None:
    """What of an entry does not hold: its body, that a body which tells of no person is gone, its digest; or None."""
    if (entry.body is None) != (entry.salt is None):
        return "body"
    if entry.body is not None and entry.salt is not None:
        if digest_of_body(entry.salt, entry.body) != entry.body_digest:
            return "body"
    elif entry.kind in KINDS and not KINDS[entry.kind].personal:
        return "erased"
    if digest_of_entry(entry.prev, header(entry), entry.body_digest) != entry.digest:
        return "digest"
    return None
