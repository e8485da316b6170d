"""Django's tests on the database that the PG* variables name, and on a second one beside it."""
import os
import warnings

import own_outcomes
from django.test.runner import DiscoverRunner


# Without a way to the server's own database, Django asks the one that is there; the tests take every warning for an error.
warnings.filterwarnings("ignore", message="Normally Django will use a connection to the 'postgres' database")


def database(name, user, password):
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": user,
        "PASSWORD": password,
        "HOST": os.environ["PGHOST"],
        "PORT": os.environ["PGPORT"],
        # Kept: what creates databases is no part of what is compared.
        "TEST": {"NAME": name},
    }


class Runner(DiscoverRunner):
    def get_resultclass(self):
        return own_outcomes.Recorder


DATABASES = {
    "default": database(os.environ["PGDATABASE"], os.environ["PGUSER"], os.environ["PGPASSWORD"]),
    "other": database(os.environ["PGDATABASE"] + "_other", os.environ["OTHER_USER"], os.environ["OTHER_PASSWORD"]),
}
SECRET_KEY = "of tests"
TEST_RUNNER = "own_django_settings.Runner"
USE_TZ = False
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
