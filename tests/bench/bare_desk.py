"""The least that a desk does to take in what comes: `python -m tests.bench.bare_desk DSN CHANNEL DB`, its own process.

It listens, asks for the rows behind the last one, and commits them to SQLite as the link's thread commits what comes.
Says «ready», and when its stdin ends one JSON object: the system's monotonic seconds at which each row was committed.
"""

import json
import select
import sys
from contextlib import closing
from pathlib import Path
from time import perf_counter

import psycopg
from psycopg import sql

from callcenter.store.engine import open_writer
from callcenter.store.transactions import writing_unsynced

_NEWER = b"SELECT id, text FROM raw_note WHERE id > %s ORDER BY id"


def main(dsn: str, channel: str, path: str) -> None:
    """Take in rows until stdin ends."""
    committed: dict[str, float] = {}
    last = -1
    with (
        closing(open_writer(Path(path))) as file,
        psycopg.connect(dsn, autocommit=True) as heard,
        psycopg.connect(dsn, autocommit=True) as asked,
    ):
        file.execute("CREATE TABLE raw_note (id INTEGER PRIMARY KEY, text TEXT NOT NULL)")
        cursor = asked.cursor(binary=True)
        heard.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
        print("ready", flush=True)
        while sys.stdin not in select.select([heard.pgconn.socket, sys.stdin], [], [])[0]:
            heard.pgconn.consume_input()
            while heard.pgconn.notifies() is not None:
                pass
            rows = cursor.execute(_NEWER, (last,), prepare=True).fetchall()
            with writing_unsynced(file):
                file.executemany("INSERT INTO raw_note VALUES (?, ?)", rows)
            at = perf_counter()
            for number, _text in rows:
                committed[str(number)], last = at, number
    print(json.dumps(committed), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
