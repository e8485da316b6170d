"""psycopg 3 against the server of the PG* environment variables; prints the report of ../data.ts as JSON.

Rows come in the binary format here, and statements are prepared by the driver at their second run.
"""
import json
from datetime import timezone

import psycopg

connection = psycopg.connect("", autocommit=True, prepare_threshold=1)


def one(sql, parameters=None):
    return connection.execute(sql, parameters, binary=True).fetchone()[0]


def milliseconds(value):
    return value.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


report = {"sum": one("SELECT 1 + 1")}

row = connection.execute("SELECT * FROM public.items WHERE id = %s", (7,), binary=True).fetchone()
(id_, name, price, big, ratio, is_new, at, raw, tags, extra, missing) = row
report["row"] = [str(id_), name, str(price), str(big), str(ratio), str(is_new).lower(), milliseconds(at),
                 bytes(raw).hex(), tags[1], str(extra["n"]), missing]

report["prepared"] = [one("SELECT name FROM public.items WHERE id = %s", (i,)) for i in range(1, 11)]

with connection.transaction():
    with connection.cursor("all_items") as named:
        named.itersize = 100
        named.execute("SELECT id, name FROM public.items")
        report["cursorRows"] = sum(1 for _ in named)

try:
    with connection.transaction():
        connection.execute("INSERT INTO public.scratch VALUES (1, 'a'), (2, 'b')")
        raise psycopg.Rollback()
except psycopg.Rollback:
    pass
report["afterRollback"] = one("SELECT count(*) FROM public.scratch")
with connection.transaction(), connection.pipeline():
    connection.execute("INSERT INTO public.scratch VALUES (%s, %s)", (1, "a"))
    connection.execute("INSERT INTO public.scratch VALUES (%s, %s)", (2, "b"))
report["afterCommit"] = one("SELECT count(*) FROM public.scratch")

try:
    connection.execute("SELECT 1 / 0")
except psycopg.Error as error:
    report["errorState"] = error.sqlstate
report["afterError"] = one("SELECT 2 + 3")

cursor = connection.cursor()
with cursor.copy("COPY public.items TO STDOUT") as copy:
    report["copiedOut"] = sum(1 for _ in copy.rows())
with cursor.copy("COPY public.scratch FROM STDIN") as copy:
    for values in ((10, "x"), (11, "y"), (12, None)):
        copy.write_row(values)
report["copiedIn"] = cursor.rowcount

report["ssn"] = one("SELECT ssn FROM public.people WHERE id = %s", (1,))
connection.close()
print(json.dumps(report))
