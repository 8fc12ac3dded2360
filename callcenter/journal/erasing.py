"""Whose entries an erasure empties: the same ones at every desk, whatever arrives first."""

from callcenter.journal import bodies
from callcenter.journal.entry import Entry
from callcenter.store.entries import Erasure

PERSONAL = frozenset(kind for kind, model in bodies.KINDS.items() if model.personal)


def erasures_of(entry: Entry) -> list[Erasure]:
    """What an entry erases, if it erases somebody: the guardian, and each call and request that it names."""
    erased = bodies.PersonErased
    if (entry.kind, entry.version) != (erased.kind, erased.version) or entry.body is None:
        return []
    try:
        subjects = dict.fromkeys((entry.subject, *erased.model_validate_json(entry.body).subjects))
    except ValueError:
        # Its fold parks it; whom it names at least is sure.
        subjects = dict.fromkeys([entry.subject])
    return [Erasure(subject, entry.hlc, entry.id, entry.desk) for subject in subjects]
