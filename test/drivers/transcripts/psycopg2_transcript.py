"""psycopg2: execute_values, named cursors, copy_expert, large objects, notices, notifications, two-phase commit.

Each step prints one line, `name<TAB>JSON`. The same program runs directly and through the gateway; see ../transcript.ts.
"""
import io
import json
from datetime import date

import psycopg2
import psycopg2.extensions
import psycopg2.extras


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


c = psycopg2.connect("")
c.autocommit = True


def step(name, work):
    try:
        result = work()
    except psycopg2.Error as error:
        result = ["error", type(error).__name__, error.pgcode, str(error)]
    print(name, json.dumps(plain(result)), sep="\t", flush=True)


def rows(query, parameters=None, factory=None):
    with c.cursor(cursor_factory=factory) as cursor:
        cursor.execute(query, parameters)
        return cursor.fetchall() if cursor.description else cursor.statusmessage


def large_object():
    c.autocommit = False
    try:
        return ["created", c.lobject(0, "w").oid > 0]
    except psycopg2.Error as error:
        return ["refused", error.pgcode]
    finally:
        c.rollback()
        c.autocommit = True


def named():
    c.autocommit = False
    with c.cursor("walk", scrollable=True) as walk:
        walk.itersize = 70
        walk.execute("SELECT id FROM public.items ORDER BY id")
        total = sum(row[0] for row in walk)
        walk.scroll(3, mode="absolute")
        found = [total, walk.fetchone(), walk.fetchmany(2)]
    c.commit()
    c.autocommit = True
    return found


def copy(sql, text=None):
    file = io.StringIO(text or "")
    with c.cursor() as cursor:
        cursor.copy_expert(sql, file)
        return [cursor.rowcount, file.getvalue() if text is None else None]


def values():
    with c.cursor() as cursor:
        returned = psycopg2.extras.execute_values(
            cursor, "INSERT INTO public.scratch (id, note) VALUES %s RETURNING id", [(i, f"it's {i}") for i in range(250)], page_size=100, fetch=True)
        psycopg2.extras.execute_batch(cursor, "UPDATE public.scratch SET note = %s WHERE id = %s", [("x", i) for i in range(250)])
        cursor.execute("SELECT count(*), min(note), max(note) FROM public.scratch")
        found = [len(returned), cursor.fetchone()]
        cursor.execute("DELETE FROM public.scratch")
        return found


def two_phase():
    other = psycopg2.connect("")
    try:
        other.tpc_begin(other.xid(1, "here", "branch"))
        other.tpc_prepare()
        return "prepared"
    except psycopg2.Error as error:
        return ["refused", error.pgcode]
    finally:
        other.close()


def asynchronous():
    other = psycopg2.connect("", async_=True)
    psycopg2.extras.wait_select(other)
    cursor = other.cursor()
    cursor.execute("SELECT generate_series(1, 3)")
    psycopg2.extras.wait_select(other)
    found = cursor.fetchall()
    other.close()
    return found


step("types", lambda: rows("SELECT * FROM public.items WHERE id = 7"))
step("parameters", lambda: rows("SELECT %s, %s, %s, %s, %s::bytea, %s", (1, "it's é\\", None, [1, 2], psycopg2.Binary(b"\x00\xff"), date(2026, 1, 2))))
step("dict cursor", lambda: rows("SELECT id, name FROM public.items WHERE id < 3 ORDER BY id", None, psycopg2.extras.RealDictCursor))
step("several statements", lambda: rows("SELECT 1; SELECT 2, 3"))
step("values", values)
step("a named cursor", named)
step("copy out", lambda: copy("COPY (SELECT id, name FROM public.items WHERE id < 4 ORDER BY id) TO STDOUT WITH CSV HEADER"))
step("copy in", lambda: copy("COPY public.scratch FROM STDIN", "1\ta\n2\t\\N\n"))
step("copy in that fails", lambda: copy("COPY public.scratch FROM STDIN", "x\ta\n"))
step("clean", lambda: rows("DELETE FROM public.scratch"))
step("division by zero", lambda: rows("SELECT 1 / 0"))
step("no such column", lambda: rows("SELECT nothing FROM public.items"))
step("notices", lambda: [rows("DROP TABLE IF EXISTS public.never_there"), c.notices[-1:]])
step("sessions", lambda: [c.set_session(isolation_level="SERIALIZABLE", readonly=True, deferrable=True), rows("SHOW transaction_isolation"), c.set_session(isolation_level="DEFAULT", readonly=False, deferrable=False)])
step("encoding", lambda: [c.encoding, c.server_version > 90000, c.protocol_version, c.info.ssl_in_use in (True, False)])
step("json", lambda: rows("SELECT %s::jsonb", (psycopg2.extras.Json({"a": [1, None]}),)))
step("a composite", lambda: rows("SELECT i FROM public.items i WHERE id = 1"))
step("registered types", lambda: [psycopg2.extras.register_uuid(), psycopg2.extras.register_inet() and None, rows("SELECT '00000000-0000-0000-0000-000000000001'::uuid")][2])
step("registered composite", lambda: [psycopg2.extras.register_composite("public.items", c).attnames])
step("registered hstore", lambda: psycopg2.extras.HstoreAdapter.get_oids(c))
step("a large object", large_object)
step("after a large object", lambda: rows("SELECT 1"))
step("two-phase", two_phase)
step("async", asynchronous)
step("listen", lambda: [rows("LISTEN nobody"), c.poll(), len(c.notifies)])
step("MASKED", lambda: rows("SELECT * FROM public.people ORDER BY id LIMIT 2"))
step("MASKED copy", lambda: copy("COPY (SELECT ssn FROM public.people ORDER BY id LIMIT 2) TO STDOUT"))
