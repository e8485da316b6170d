"""psycopg 3: binary, pipelines, COPY both ways, server cursors, asyncio, prepared statements, notices, notifications.

Each step prints one line, `name<TAB>JSON`. The same program runs directly and through the gateway; see ../transcript.ts.
"""
import asyncio
import json
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import psycopg
from psycopg import sql
from psycopg.rows import dict_row, namedtuple_row
from psycopg.types.json import Jsonb


def plain(value):
    if isinstance(value, (bytes, memoryview)):
        return bytes(value).hex()
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return f"{type(value).__name__} {value}"


def error_of(error):
    diag = getattr(error, "diag", None)
    return ["error", type(error).__name__, getattr(error, "sqlstate", None),
            (diag and diag.message_primary) or str(error), diag and diag.message_detail, diag and diag.constraint_name]


def step(name, work):
    try:
        result = work()
    except Exception as error:  # every step tells what became of it
        result = error_of(error)
    print(name, json.dumps(plain(result)), sep="\t", flush=True)


connection = psycopg.connect("", autocommit=True)
notices = []
connection.add_notice_handler(lambda diag: notices.append([diag.severity, diag.message_primary]))


def rows(query, parameters=None, **options):
    return connection.execute(query, parameters, **options).fetchall()


step("every type in text", lambda: rows("SELECT * FROM public.items WHERE id = 7"))
step("every type in binary", lambda: rows("SELECT * FROM public.items WHERE id = 7", binary=True))
step("parameters of every type", lambda: rows(
    "SELECT %s::int, %s::int8, %s::float8, %s::numeric, %s::text, %s::bytea, %s::bool, %s::date, %s::timestamptz,"
    " %s::interval, %s::int[], %s::text[], %s::jsonb, %s::uuid, %s::inet",
    (1, 2**40, 1.5, Decimal("12.34"), "é✓\u2028", b"\x00\xff", True, date(2026, 1, 2),
     datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc), timedelta(days=1, seconds=2), [1, None, 3], ["a", 'b"', None],
     Jsonb({"a": [1, None]}), "00000000-0000-0000-0000-000000000001", "10.0.0.1")))
step("parameters in binary", lambda: rows(
    "SELECT %b::int, %b::int8, %b::float8, %b::text, %b::bytea, %b::int[], %b::numeric",
    (1, 2**40, 1.5, "é", b"\x00", [1, 2], Decimal("-0.001")), binary=True))
step("dict rows", lambda: connection.cursor(row_factory=dict_row).execute("SELECT id, name FROM public.items WHERE id = 1").fetchone())
step("named tuples", lambda: connection.cursor(row_factory=namedtuple_row).execute("SELECT id, name FROM public.items WHERE id = 1").fetchone().name)
step("description", lambda: [[c.name, c.type_code, c.internal_size, c.precision, c.scale] for c in
                             connection.execute("SELECT * FROM public.items LIMIT 0").description])
step("several statements", lambda: [connection.execute("SELECT 1; SELECT 2").fetchall()])
step("no result", lambda: connection.execute("SET extra_float_digits TO 1").statusmessage)
step("prepared after five runs", lambda: [rows("SELECT name FROM public.items WHERE id = %s", (i,)) for i in range(1, 9)])
step("prepared at once", lambda: rows("SELECT name FROM public.items WHERE id = %s", (3,), prepare=True))
step("many prepared", lambda: [rows(f"SELECT {i} + %s", (1,), prepare=True)[0][0] for i in range(150)])


def changed_table():
    connection.execute("CREATE TEMP TABLE moving (a int)")
    connection.execute("INSERT INTO moving VALUES (1)")
    first = rows("SELECT * FROM moving", prepare=True)
    connection.execute("ALTER TABLE moving ADD COLUMN b text DEFAULT 'new'")
    try:
        second = rows("SELECT * FROM moving", prepare=True)
    except psycopg.Error as error:
        second = error_of(error)
    connection.execute("DROP TABLE moving")
    return [first, second]


step("a prepared statement after its table changed", changed_table)
step("division by zero", lambda: rows("SELECT 1 / 0"))
step("after an error", lambda: rows("SELECT 5"))
step("bad input", lambda: rows("SELECT %s::int", ("x",)))
step("a duplicate", lambda: [connection.execute("INSERT INTO public.scratch VALUES (1, 'a')").rowcount,
                             connection.execute("INSERT INTO public.scratch VALUES (1, 'b')")])
step("no such table", lambda: rows("SELECT * FROM public.nothing_here"))
step("executemany", lambda: [(c := connection.cursor()).executemany(
    "INSERT INTO public.scratch VALUES (%s, %s)", [(i, f"n{i}") for i in range(10, 60)]), c.rowcount][1])


def executemany_returning():
    cursor = connection.cursor()
    cursor.executemany("INSERT INTO public.scratch VALUES (%s, %s) RETURNING id", [(i, None) for i in (100, 101)], returning=True)
    found = []
    while True:
        found.append(cursor.fetchall())
        if not cursor.nextset():
            return found


step("executemany with RETURNING", executemany_returning)


def pipeline():
    with connection.pipeline() as pipe:
        cursors = [connection.execute("SELECT %s::int", (i,)) for i in range(300)]
        pipe.sync()
        return sum(cursor.fetchone()[0] for cursor in cursors)


step("a pipeline", pipeline)


def broken_pipeline():
    try:
        with connection.pipeline() as pipe:
            connection.execute("SELECT 1")
            broken = connection.execute("SELECT 1 / %s", (0,))
            connection.execute("SELECT 2")
            pipe.sync()
            return broken.fetchone()
    except psycopg.Error as error:
        return [error_of(error)[:4], connection.info.transaction_status.name, rows("SELECT 3")]


step("an error in the middle of a pipeline", broken_pipeline)


def nested():
    with connection.transaction():
        connection.execute("INSERT INTO public.scratch VALUES (200, 'kept')")
        try:
            with connection.transaction():
                connection.execute("INSERT INTO public.scratch VALUES (201, 'lost')")
                connection.execute("INSERT INTO public.scratch VALUES (201, 'again')")
        except psycopg.Error as error:
            kept = error_of(error)
    return [kept, rows("SELECT id FROM public.scratch WHERE id >= 200 ORDER BY id")]


step("nested transactions", nested)


def server_cursor():
    with connection.transaction():
        with connection.cursor("walk", scrollable=True) as walk:
            walk.execute("SELECT id FROM public.items ORDER BY id")
            first = walk.fetchmany(3)
            walk.scroll(10)
            second = walk.fetchone()
            walk.scroll(5, mode="absolute")
            return [first, second, walk.fetchone(), walk.rownumber]


step("a scrollable server cursor", server_cursor)


def held_cursor():
    with connection.cursor("kept", withhold=True) as kept:
        kept.execute("SELECT id FROM public.items ORDER BY id LIMIT 5")
        return kept.fetchall()


step("a cursor WITH HOLD", held_cursor)


def binary_cursor():
    with connection.transaction(), connection.cursor("b", binary=True) as walk:
        walk.execute("SELECT id, at, raw FROM public.items ORDER BY id LIMIT 3")
        return walk.fetchall()


step("a binary server cursor", binary_cursor)
step("stream", lambda: sum(row[0] for row in connection.cursor().stream("SELECT id FROM public.items")))
step("a stream left early", lambda: next(connection.cursor().stream("SELECT id FROM public.items ORDER BY id")))


def copied(query, read):
    with connection.cursor().copy(query) as copy:
        return read(copy)


step("COPY out, text", lambda: copied("COPY (SELECT * FROM public.items WHERE id < 4 ORDER BY id) TO STDOUT", lambda c: list(c.rows())))
step("COPY out, csv", lambda: copied("COPY (SELECT * FROM public.items WHERE id < 4 ORDER BY id) TO STDOUT (FORMAT csv, HEADER)",
                                     lambda c: b"".join(c)))


def binary_rows(copy):
    copy.set_types(["int4", "text", "numeric", "bytea"])
    return list(copy.rows())


step("COPY out, binary", lambda: copied("COPY (SELECT id, name, price, raw FROM public.items WHERE id < 4 ORDER BY id) TO STDOUT (FORMAT binary)", binary_rows))


def copy_in(query, write):
    cursor = connection.cursor()
    try:
        with cursor.copy(query) as copy:
            write(copy)
        return [cursor.rowcount, cursor.statusmessage]
    finally:
        connection.execute("DELETE FROM public.scratch WHERE id >= 1000")


def binary_write(copy):
    copy.set_types(["int4", "text"])
    for i in range(3):
        copy.write_row((2000 + i, f"b{i}"))


step("COPY in, text", lambda: copy_in("COPY public.scratch FROM STDIN", lambda c: [c.write_row((1000 + i, f"x\t{i}")) for i in range(500)]))
step("COPY in, binary", lambda: copy_in("COPY public.scratch FROM STDIN (FORMAT binary)", binary_write))
step("COPY in that fails", lambda: copy_in("COPY public.scratch FROM STDIN", lambda c: c.write(b"not a number\tx\n")))
step("COPY in, given up by the client", lambda: copy_in("COPY public.scratch FROM STDIN", lambda c: 1 / 0))
step("after COPY", lambda: rows("SELECT count(*) FROM public.scratch WHERE id < 1000"))
step("sql composition", lambda: rows(sql.SQL("SELECT {} FROM {} WHERE id = {}").format(
    sql.Identifier("name"), sql.Identifier("public", "items"), sql.Literal(2))))
step("client cursor", lambda: psycopg.ClientCursor(connection).execute("SELECT %s, %s", (1, "it's")).fetchone())
step("a warning", lambda: [connection.execute("COMMIT").statusmessage, notices[-1:]])
step("LISTEN", lambda: connection.execute("LISTEN somewhere").statusmessage)
step("NOTIFY", lambda: connection.execute("NOTIFY elsewhere, 'x'").statusmessage)
step("isolation", lambda: [setattr(connection, "isolation_level", psycopg.IsolationLevel.SERIALIZABLE),
                           connection.transaction().__enter__() and rows("SHOW transaction_isolation"),
                           connection.execute("ROLLBACK").statusmessage][1:])
step("parameter status", lambda: [connection.info.parameter_status(name) for name in
                                  ("server_encoding", "client_encoding", "DateStyle", "TimeZone", "integer_datetimes",
                                   "standard_conforming_strings", "IntervalStyle", "is_superuser", "in_hot_standby")])


def cancelled():
    import threading
    timer = threading.Timer(0.3, connection.cancel)
    timer.start()
    try:
        return rows("SELECT pg_sleep(30)")
    finally:
        timer.join()


step("cancel", cancelled)
step("after cancel", lambda: rows("SELECT 1"))
connection.close()


async def in_async():
    connection = await psycopg.AsyncConnection.connect("", autocommit=True)
    async with connection:
        cursors = await asyncio.gather(*[connection.execute("SELECT %s::int", (i,)) for i in range(5)])
        values = [(await cursor.fetchone())[0] for cursor in cursors]
        async with connection.pipeline():
            piped = [await connection.execute("SELECT %s::text", (str(i),)) for i in range(20)]
            values += [(await cursor.fetchone())[0] for cursor in piped]
        async with connection.transaction(), connection.cursor("walk") as walk:
            await walk.execute("SELECT id FROM public.items ORDER BY id")
            values.append(sum([row[0] async for row in walk]))
        async with connection.cursor().copy("COPY (SELECT id FROM public.items) TO STDOUT") as copy:
            values.append(len([row async for row in copy.rows()]))
        return values


step("asyncio", lambda: asyncio.run(in_async()))


def masked():
    with psycopg.connect("", autocommit=True) as connection:
        found = [connection.execute("SELECT id, name, ssn FROM public.people ORDER BY id LIMIT 2", binary=b).fetchall() for b in (False, True)]
        with connection.cursor().copy("COPY public.people TO STDOUT") as copy:
            found.append([row[2] for row in copy.rows()][:2])
        return found


step("MASKED", masked)
