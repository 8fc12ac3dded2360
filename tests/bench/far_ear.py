"""A listener on a channel, a process of its own: `python -m tests.bench.far_ear DSN CHANNEL`.

Says «ready», and when its stdin ends one JSON object: the system's monotonic seconds at which each payload was heard.
"""

import json
import select
import sys
from time import perf_counter

import psycopg
from psycopg import sql


def main(dsn: str, channel: str) -> None:
    """Listen until stdin ends."""
    heard: dict[str, float] = {}
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
        print("ready", flush=True)
        while sys.stdin not in select.select([connection.pgconn.socket, sys.stdin], [], [])[0]:
            connection.pgconn.consume_input()
            while (ring := connection.pgconn.notifies()) is not None:
                heard[ring.extra.decode()] = perf_counter()
    print(json.dumps(heard), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
