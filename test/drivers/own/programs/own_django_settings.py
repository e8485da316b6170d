"""Django's tests on the database that the PG* variables name; the second database that they want is one in memory."""
import os
import warnings

import own_outcomes
from django.test.runner import DiscoverRunner


# Without a way to the server's own database, Django asks the one that is there; the tests take every warning for an error.
warnings.filterwarnings("ignore", message="Normally Django will use a connection to the 'postgres' database")


class Runner(DiscoverRunner):
    def get_resultclass(self):
        return own_outcomes.Recorder


DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ["PGDATABASE"],
        "USER": os.environ["PGUSER"],
        "PASSWORD": os.environ["PGPASSWORD"],
        "HOST": os.environ["PGHOST"],
        "PORT": os.environ["PGPORT"],
        # Kept: what creates databases is no part of what is compared.
        "TEST": {"NAME": os.environ["PGDATABASE"]},
    },
    "other": {"ENGINE": "django.db.backends.sqlite3"},
}
SECRET_KEY = "of tests"
TEST_RUNNER = "own_django_settings.Runner"
USE_TZ = False
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
