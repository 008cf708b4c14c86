"""What the state file says after a run, without what differs by chance: keys, versions, times of the clock."""

import contextlib
import sqlite3

import marks

# Each must be empty after a run that was let end.
_EMPTY = {
    "writes that are still open in the journal": "SELECT run, seq, external FROM journal WHERE state = 0",
    "bands that nobody settled": "SELECT run, seq, band FROM band_entries",
    "contacts that wait to be written": "SELECT contact FROM pending",
    "contacts that wait to be scored": "SELECT contact FROM dirty",
    "pages that wait to be merged": "SELECT id FROM inbox",
    "handoffs that wait to be told": "SELECT id, target, trouble FROM outbox",
}
_SAME = {
    "connections": "SELECT name, wrote, contacts FROM connections ORDER BY name",
    "contacts": "SELECT connection, external, emails, created, writable FROM contacts ORDER BY 1, 2",
    "what is held": """
        SELECT c.connection, c.external, h.score, h.band, h.tags, h.reasons
        FROM held h JOIN contacts c ON c.id = h.id ORDER BY 1, 2""",
    "persons": """
        SELECT c.connection, c.external, (SELECT min(o.connection || '/' || o.external) FROM contacts o
          WHERE o.person = c.person) FROM contacts c ORDER BY 1, 2""",
    "scores": """
        SELECT c.connection, c.external, s.score, s.actions, s.profile, s.band, s.tags, s.changes_at
        FROM scores s JOIN contacts c ON c.person = s.person ORDER BY 1, 2""",
    "who stands in a band": """
        SELECT c.connection, c.external, s.band FROM standing s JOIN contacts c ON c.id = s.contact
        ORDER BY 1, 2""",
    "the last scores in the history": """
        SELECT c.connection, c.external, h.score, h.band, h.reasons FROM history h JOIN contacts c ON c.id = h.contact
        WHERE h.run = (SELECT max(run) FROM history l WHERE l.contact = h.contact) ORDER BY 1, 2""",
    "writes that are done": """
        SELECT connection, external, count(*) FROM journal WHERE state = 1 GROUP BY 1, 2 ORDER BY 1, 2""",
    "contacts that the runs say they have written": "SELECT sum(written) FROM runs",
    "records that were refused": "SELECT connection, stream, place, reason FROM rejected ORDER BY 1, 2, 3",
    "contacts that are forgotten or missing": """
        SELECT (SELECT count(*) FROM forgotten), (SELECT count(*) FROM missing)""",
    "streams": """
        SELECT connection, name, cursor IS NULL, complete, everything FROM streams ORDER BY 1, 2""",
}


def read(path, stores_zero, knows_times):
    """By name: rows as lines.

    Where a platform stores no 0, a score of 0 and none are the same. When a score will change by itself is compared
    only where all times are known.
    """
    tables = {}
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        for name, query in (_EMPTY | _SAME).items():
            if not stores_zero:
                query = query.replace("h.score, h.band, h.tags", "ifnull(h.score, 0), h.band, h.tags")
            if not knows_times:
                query = query.replace("s.changes_at", "s.changes_at IS NULL")
            # Somebody else's tags need not be known, only left alone.
            tables[name] = [
                str(row).replace("\\n" + marks.TAG, "").replace(marks.TAG + "\\n", "") for row in db.execute(query)]
    return tables


def left_open(tables):
    """The first thing that must be empty and is not; nil if all are."""
    for name in _EMPTY:
        if tables[name]:
            return f"{name}: {tables[name][:3]}"
    return None
