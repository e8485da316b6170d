"""Prints everything that SQLAlchemy's inspector finds, and the tables that reflection makes of them."""
import os

from sqlalchemy import MetaData, create_engine, inspect
from sqlalchemy.engine import URL

ssl = {"sslmode": os.environ["PGSSLMODE"]}
if "PGSSLROOTCERT" in os.environ:
    ssl["sslrootcert"] = os.environ["PGSSLROOTCERT"]
engine = create_engine(
    URL.create(
        "postgresql+psycopg2",
        os.environ["PGUSER"],
        os.environ["PGPASSWORD"],
        os.environ["PGHOST"],
        int(os.environ["PGPORT"]),
        os.environ["PGDATABASE"],
        query=ssl,
    )
)


def show(name, value):
    print("##", name)
    for item in value if isinstance(value, (list, tuple)) else [value]:
        print(sorted(item.items(), key=str) if isinstance(item, dict) else item)


def plainly(found):
    """Types print their address; their own words do not."""
    return [{key: str(value) if key == "type" else value for key, value in item.items()} for item in found]


inspector = inspect(engine)
show("schemas", inspector.get_schema_names())
for schema in ("crm", "public"):
    show("tables", sorted(inspector.get_table_names(schema)))
    show("views", sorted(inspector.get_view_names(schema)))
    show("sequences", sorted(inspector.get_sequence_names(schema)))
    show("enums", inspector.get_enums(schema))
    show("foreign tables", inspector.get_foreign_table_names(schema))
    for table in sorted(inspector.get_table_names(schema)):
        show(table, plainly(inspector.get_columns(table, schema)))
        show("primary key", inspector.get_pk_constraint(table, schema))
        show("foreign keys", inspector.get_foreign_keys(table, schema))
        show("indexes", inspector.get_indexes(table, schema))
        show("unique", inspector.get_unique_constraints(table, schema))
        show("checks", inspector.get_check_constraints(table, schema))
        show("comment", inspector.get_table_comment(table, schema))
        show("oid", inspector.get_table_oid(table, schema))
    for view in sorted(inspector.get_view_names(schema)):
        show(view, inspector.get_view_definition(view, schema))
metadata = MetaData()
metadata.reflect(engine, schema="crm", views=True)
# The composite type of `home` is none that SQLAlchemy knows.
for table in metadata.sorted_tables:
    print(table.fullname, [(column.name, str(column.type), column.nullable) for column in table.columns if column.name != "home"])
