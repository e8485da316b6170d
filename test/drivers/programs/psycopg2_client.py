"""psycopg2 against the server of the PG* environment variables; prints the report of ../data.ts as JSON."""
import io
import json
from datetime import timezone

import psycopg2

connection = psycopg2.connect("")
connection.autocommit = True
cursor = connection.cursor()


def one(sql, parameters=None):
    cursor.execute(sql, parameters)
    return cursor.fetchone()[0]


def milliseconds(value):
    return value.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


report = {"sum": one("SELECT 1 + 1")}

cursor.execute("SELECT * FROM public.items WHERE id = %s", (7,))
(id_, name, price, big, ratio, is_new, at, raw, tags, extra, missing) = cursor.fetchone()
report["row"] = [str(id_), name, str(price), str(big), str(ratio), str(is_new).lower(), milliseconds(at),
                 bytes(raw).hex(), tags[1], str(extra["n"]), missing]

cursor.execute("PREPARE by_id (integer) AS SELECT name FROM public.items WHERE id = $1")
report["prepared"] = [one("EXECUTE by_id (%s)", (i,)) for i in range(1, 11)]
cursor.execute("DEALLOCATE by_id")

connection.autocommit = False
with connection.cursor("all_items") as named:
    named.itersize = 100
    named.execute("SELECT id, name FROM public.items")
    report["cursorRows"] = sum(1 for _ in named)
connection.commit()

cursor.execute("INSERT INTO public.scratch VALUES (1, 'a'), (2, 'b')")
connection.rollback()
report["afterRollback"] = one("SELECT count(*) FROM public.scratch")
cursor.execute("INSERT INTO public.scratch VALUES (%s, %s), (2, 'b')", (1, "a"))
connection.commit()
report["afterCommit"] = one("SELECT count(*) FROM public.scratch")
connection.commit()

connection.autocommit = True
try:
    cursor.execute("SELECT 1 / 0")
except psycopg2.Error as error:
    report["errorState"] = error.pgcode
report["afterError"] = one("SELECT 2 + 3")

out = io.StringIO()
cursor.copy_expert("COPY public.items TO STDOUT", out)
report["copiedOut"] = out.getvalue().count("\n")
cursor.copy_expert("COPY public.scratch FROM STDIN", io.StringIO("10\tx\n11\ty\n12\t\\N\n"))
report["copiedIn"] = cursor.rowcount

report["ssn"] = one("SELECT ssn FROM public.people WHERE id = 1")
connection.close()
print(json.dumps(report))
