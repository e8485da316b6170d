"""Prints the models that Django's inspectdb makes of the tables, then what its migrations see and do."""
import io
import os

import django
from django.conf import settings
from django.core.management import call_command

options = {"sslmode": os.environ["PGSSLMODE"], "options": "-c search_path=crm,public"}
if "PGSSLROOTCERT" in os.environ:
    options["sslrootcert"] = os.environ["PGSSLROOTCERT"]
settings.configure(
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": os.environ["PGHOST"],
            "PORT": os.environ["PGPORT"],
            "USER": os.environ["PGUSER"],
            "PASSWORD": os.environ["PGPASSWORD"],
            "NAME": os.environ["PGDATABASE"],
            "OPTIONS": options,
        }
    },
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth"],
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    USE_TZ=True,
)
django.setup()
from django.db import connection  # noqa: E402  Django has to be set up first

print("## inspectdb")
out = io.StringIO()
call_command("inspectdb", include_views=True, include_partitions=True, stdout=out)
print(out.getvalue())
with connection.cursor() as cursor:
    for table in connection.introspection.get_table_list(cursor):
        print("##", table)
        print(sorted(connection.introspection.get_constraints(cursor, table.name).items(), key=str))
        print(connection.introspection.get_sequences(cursor, table.name))
        print(sorted(connection.introspection.get_relations(cursor, table.name).items(), key=str))
        print(connection.introspection.get_primary_key_column(cursor, table.name))
print("## showmigrations")
out = io.StringIO()
call_command("showmigrations", plan=True, stdout=out)
print(out.getvalue())
print("## sqlmigrate")
out = io.StringIO()
call_command("sqlmigrate", "auth", "0001", stdout=out)
print(out.getvalue())
