"""asyncpg: binary only, pools, cursors, COPY both ways, statement cache, schema changes, notifications, cancellation.

Each step prints one line, `name<TAB>JSON`. The same program runs directly and through the gateway; see ../transcript.ts.
"""
import asyncio
import io
import json
import os
import ssl
from decimal import Decimal

import asyncpg


def plain(value):
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, asyncpg.Record):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return f"{type(value).__name__} {value}"


async def step(name, work):
    try:
        result = await work()
    except Exception as error:
        result = ["error", type(error).__name__, getattr(error, "sqlstate", None), str(error)]
    print(name, json.dumps(plain(result)), sep="\t", flush=True)


def options():
    context = False
    if "PGSSLROOTCERT" in os.environ:
        context = ssl.create_default_context(cafile=os.environ["PGSSLROOTCERT"])
    return {"ssl": context}


async def main():
    c = await asyncpg.connect(**options())
    await step("types", lambda: c.fetch("SELECT * FROM public.items WHERE id = $1", 7))
    await step("parameters", lambda: c.fetchrow(
        "SELECT $1::int a, $2::int8 b, $3::float8 c, $4::numeric d, $5::text e, $6::bytea f, $7::int[] g, $8::uuid h",
        1, 2**40, 1.5, Decimal("1.20"), "é✓", b"\x00\xff", [1, None], "00000000-0000-0000-0000-000000000001"))
    await step("a composite", lambda: c.fetchval("SELECT i FROM public.items i WHERE id = 1"))
    await step("an array of composites", lambda: c.fetchval("SELECT array_agg(s) FROM (SELECT id, name FROM public.items WHERE id < 3 ORDER BY id) s"))
    await step("an enum", lambda: enum(c))
    await step("script", lambda: c.execute("SELECT 1; SELECT 2; CREATE TEMP TABLE script (a int)"))
    await step("executemany", lambda: c.executemany("INSERT INTO public.scratch VALUES ($1, $2)", [(i, str(i)) for i in range(500)]))
    await step("executemany that fails", lambda: c.executemany("INSERT INTO public.scratch VALUES ($1, $2)", [(600, "a"), (600, "b")]))
    await step("count", lambda: c.fetchval("SELECT count(*) FROM public.scratch"))
    await step("status", lambda: c.execute("DELETE FROM public.scratch"))
    await step("prepared", lambda: prepared(c))
    await step("a redefined table", lambda: changed(c))
    await step("cursor", lambda: cursor(c))
    await step("nested transactions", lambda: nested(c))
    await step("division by zero", lambda: c.fetch("SELECT 1 / 0"))
    await step("bad input", lambda: c.fetch("SELECT $1::text::int", "x"))
    await step("after errors", lambda: c.fetchval("SELECT 5"))
    await step("copy out", lambda: copy_out(c))
    await step("copy in", lambda: c.copy_records_to_table("scratch", schema_name="public", records=[(i, f"c{i}") for i in range(700, 720)]))
    await step("copy in, csv", lambda: c.copy_to_table("scratch", source=io.BytesIO(b"730,x\n731,\n"), schema_name="public", format="csv"))
    await step("copy in that fails", lambda: c.copy_to_table("scratch", source=io.BytesIO(b"x\n"), schema_name="public", format="csv"))
    await step("after copy", lambda: c.fetchval("SELECT count(*) FROM public.scratch"))
    await step("clean", lambda: c.execute("DELETE FROM public.scratch"))
    await step("timeout", lambda: c.fetch("SELECT pg_sleep(30)", timeout=0.5))
    await step("after timeout", lambda: c.fetchval("SELECT 6"))
    await step("listen", lambda: c.add_listener("channel", lambda *_: None))
    await step("reset", c.reset)
    await step("settings", lambda: settings(c))
    await step("pool", pool)
    await step("server settings", server_settings)
    await step("MASKED", lambda: c.fetch("SELECT * FROM public.people ORDER BY id LIMIT 2"))
    await step("MASKED composite", lambda: c.fetchval("SELECT p FROM public.people p ORDER BY id LIMIT 1"))
    await c.close()


async def enum(c):
    await c.execute("CREATE TYPE pg_temp.colour AS ENUM ('red', 'green')")
    return await c.fetchval("SELECT $1::pg_temp.colour", "red")


async def prepared(c):
    statement = await c.prepare("SELECT id, name FROM public.items WHERE id = $1")
    rows = [await statement.fetchrow(i) for i in range(1, 5)]
    return [rows, [a.name for a in statement.get_attributes()], [p.name for p in statement.get_parameters()], statement.get_statusmsg()]


async def changed(c):
    await c.execute("CREATE TEMP TABLE moving (a int); INSERT INTO moving VALUES (1)")
    first = await c.fetch("SELECT * FROM moving")
    await c.execute("ALTER TABLE moving ADD COLUMN b text DEFAULT 'new'")
    second = await c.fetch("SELECT * FROM moving")
    statement = await c.prepare("SELECT * FROM moving")
    await c.execute("ALTER TABLE moving DROP COLUMN b")
    try:
        third = await statement.fetch()
    except asyncpg.PostgresError as error:
        third = [type(error).__name__, str(error)]
    return [first, second, third]


async def cursor(c):
    async with c.transaction():
        total = 0
        async for row in c.cursor("SELECT id FROM public.items ORDER BY id", prefetch=13):
            total += row["id"]
        walk = await c.cursor("SELECT id FROM public.items ORDER BY id")
        await walk.forward(10)
        return [total, await walk.fetch(3), await walk.fetchrow()]


async def nested(c):
    async with c.transaction():
        await c.execute("INSERT INTO public.scratch VALUES (1, 'kept')")
        try:
            async with c.transaction():
                await c.execute("INSERT INTO public.scratch VALUES (1, 'twice')")
        except asyncpg.UniqueViolationError as error:
            detail = error.detail
        return [detail, await c.fetch("DELETE FROM public.scratch RETURNING *")]


async def copy_out(c):
    out = io.BytesIO()
    tag = await c.copy_from_query("SELECT id, name FROM public.items WHERE id < $1 ORDER BY id", 4, output=out, format="csv", header=True)
    table = io.BytesIO()
    await c.copy_from_table("items", schema_name="public", columns=["id"], output=table, format="binary")
    return [tag, out.getvalue(), len(table.getvalue())]


async def settings(c):
    known = c.get_settings()
    return [known.server_encoding, known.client_encoding, known.TimeZone, c.get_server_version()[0] > 9, c.is_in_transaction()]


async def pool():
    async with asyncpg.create_pool(min_size=2, max_size=3, **options()) as pool:
        return sorted(await asyncio.gather(*[pool.fetchval("SELECT $1::int", i) for i in range(20)]))


async def server_settings():
    c = await asyncpg.connect(server_settings={"application_name": "asyncpg", "timezone": "Asia/Tokyo", "jit": "off", "search_path": "public"}, **options())
    try:
        return [await c.fetchval(f"SHOW {name}") for name in ("application_name", "timezone", "jit", "search_path")]
    finally:
        await c.close()


asyncio.run(main())
