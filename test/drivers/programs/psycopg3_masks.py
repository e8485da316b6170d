"""Reads the tables named as arguments through psycopg 3, in text, in binary and through a server-side cursor.

Prints as JSON what was read in text, and every cell that came out as another value in another way.
"""
import json
import sys

import psycopg

connection = psycopg.connect("", autocommit=True)
# Types for which the driver has no binary loader: their bytes come as they are.
UNREAD = {"c_letter", "c_money", "c_macaddr", "c_xml", "c_lsn", "c_tsvector", "c_varbit", "c_bit"}


def read(table, **options):
    cursor = connection.cursor(**options)
    with cursor:
        cursor.execute(f"SELECT * FROM {table}")
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row)) for row in cursor.fetchall()]


report = {"cells": 0, "nulls": 0, "differences": []}
for table in sys.argv[1:]:
    in_text = read(table)
    with connection.transaction():
        cursor = read(table, name="rows")
    ways = {"binary": read(table, binary=True), "cursor": cursor}
    for at, row in enumerate(in_text):
        for name, value in row.items():
            report["cells"] += 1
            report["nulls"] += value is None
            for way, rows in ways.items():
                if way == "binary" and name in UNREAD:
                    continue
                other = rows[at][name]
                if other != value:
                    report["differences"].append([table, name, way, repr(value), repr(other)])
print(json.dumps(report))
