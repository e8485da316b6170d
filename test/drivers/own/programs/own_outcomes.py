"""Tells how each test ended: a line of JSON in the file that OUTCOMES names, for pytest (as a plugin) and unittest."""
import json
import os
import signal
import sys
import unittest

LIMIT_SECONDS = int(os.environ.get("TEST_LIMIT_SECONDS", "60"))


def tell(test, outcome, detail=""):
    with open(os.environ["OUTCOMES"], "a", encoding="utf-8") as file:
        line = json.dumps({"test": test, "outcome": outcome, "detail": detail[-3000:]})
        file.write(line + "\n")


class TookTooLong(BaseException):
    """Not an Exception: a test that hangs in a retry would catch it."""


def start_alarm(test):
    tell(test, "started")

    def ring(_signal, _frame):
        raise TookTooLong(f"did not end within {LIMIT_SECONDS} s")

    signal.signal(signal.SIGALRM, ring)
    signal.alarm(LIMIT_SECONDS)


def pytest_runtest_logstart(nodeid, location):
    start_alarm(nodeid)


def pytest_runtest_logreport(report):
    expected = hasattr(report, "wasxfail")
    if report.when == "call" or report.outcome != "passed":
        outcome = "passed" if expected and report.outcome == "skipped" else report.outcome
        tell(report.nodeid, outcome, "" if outcome == "passed" else str(report.longrepr))


def pytest_runtest_logfinish(nodeid, location):
    signal.alarm(0)


class Recorder(unittest.TextTestResult):
    def startTest(self, test):
        super().startTest(test)
        start_alarm(test.id())

    def stopTest(self, test):
        signal.alarm(0)
        super().stopTest(test)

    def addSuccess(self, test):
        super().addSuccess(test)
        tell(test.id(), "passed")

    def addExpectedFailure(self, test, err):
        super().addExpectedFailure(test, err)
        tell(test.id(), "passed")

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        tell(test.id(), "skipped", reason)

    def addError(self, test, err):
        super().addError(test, err)
        tell(test.id(), "failed", self._exc_info_to_string(err, test))

    def addFailure(self, test, err):
        super().addFailure(test, err)
        tell(test.id(), "failed", self._exc_info_to_string(err, test))

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            tell(test.id(), "failed", self._exc_info_to_string(err, test))


if __name__ == "__main__":
    sys.exit("a plugin: pytest -p own_outcomes")
