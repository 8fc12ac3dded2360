"""What SQLite itself does when two offers take the same place in a slot: the older one has it, the other stands behind.

Offers are compared by their identifiers, which begin with the time. So which offer has a place follows from which
offers want it, and not from the order in which that became known; and every statement that gives a place back, gives
it to the next.
"""

_SAME = "group_id = {row}.group_id AND slot = {row}.slot AND place_no = {row}.place_no"
_NEW, _OLD = _SAME.format(row="NEW"), _SAME.format(row="OLD")

_MEETS = f"""CREATE TRIGGER place_taken_meets BEFORE INSERT ON place_taken
WHEN EXISTS (SELECT 1 FROM place_taken WHERE {_NEW}) BEGIN
    INSERT OR IGNORE INTO place_contested (group_id, slot, place_no, offer_id, request_id)
    SELECT group_id, slot, place_no, max(offer_id, NEW.offer_id),
           CASE WHEN offer_id > NEW.offer_id THEN request_id ELSE NEW.request_id END
    FROM place_taken WHERE {_NEW} AND offer_id <> NEW.offer_id;
    UPDATE place_taken SET offer_id = NEW.offer_id, request_id = NEW.request_id
    WHERE {_NEW} AND offer_id > NEW.offer_id;
    SELECT RAISE(IGNORE);
END"""  # noqa: S608 - put together from the lines above

_FALLS = f"""CREATE TRIGGER place_taken_falls AFTER DELETE ON place_taken
WHEN EXISTS (SELECT 1 FROM place_contested WHERE {_OLD}) BEGIN
    INSERT INTO place_taken (group_id, slot, place_no, offer_id, request_id)
    SELECT group_id, slot, place_no, offer_id, request_id FROM place_contested WHERE {_OLD} ORDER BY offer_id LIMIT 1;
    DELETE FROM place_contested WHERE {_OLD} AND offer_id = (SELECT offer_id FROM place_taken WHERE {_OLD});
END"""  # noqa: S608 - put together from the lines above

TRIGGERS = (_MEETS, _FALLS)
"""Made after the tables and dropped with them; whoever gives places back empties `place_contested` first."""
