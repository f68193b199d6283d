"""A store for a test: an SQLite file, or a database of its own on the cluster that MADOGUCHI_TEST_POSTGRESQL names (a file of
postgresql.py). Tests look into both with the same few words: connect, execute, fetchone, fetchall."""
import atexit
import itertools
import os
import pathlib
import re
import sqlite3
import subprocess

from .postgresql import store_file

CLUSTER_FILE = os.environ.get("MADOGUCHI_TEST_POSTGRESQL")
SEPARATOR = "\x1f"
OF_ALL_CITIES = {**os.environ, "PGOPTIONS": "-c app.municipality=*"}  # the fence shows nothing to who does not say whose rows
numbers = itertools.count(1)


def is_postgresql():
    return CLUSTER_FILE is not None


def _cluster():
    return pathlib.Path(CLUSTER_FILE).read_text(encoding="utf-8").strip()


def psql(connection, sql):
    """Rows as lists of texts. A rule that the database keeps is sqlite3.IntegrityError, as it is there."""
    done = subprocess.run(["psql", "-X", "-q", "-A", "-t", "-F", SEPARATOR, "-v", "ON_ERROR_STOP=1", "-v", "VERBOSITY=verbose",
                           connection], input=sql, env=OF_ALL_CITIES, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        is_rule = re.search(r"ERROR:\s+(23...|P0001):", done.stderr)
        raise (sqlite3.IntegrityError if is_rule else RuntimeError)(done.stderr)
    return [line.split(SEPARATOR) for line in done.stdout.splitlines()]


def make(path, like=None):
    """Make PATH name an empty store, or one that begins like the store LIKE (which nobody uses now). On SQLite an absent file
    is an empty store."""
    if not is_postgresql():
        return
    name = f"test_{os.getpid()}_{next(numbers)}"
    template = "template0" if like is None else connection_of(like).split("dbname=")[1]
    psql(f"{_cluster()} dbname=postgres", f"CREATE DATABASE {name} TEMPLATE {template}")
    atexit.register(psql, f"{_cluster()} dbname=postgres", f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    store_file(path, f"{_cluster()} dbname={name}")


def drop(path):
    """The store PATH, that nobody uses now, is gone."""
    path = pathlib.Path(path)
    if is_postgresql():
        psql(f"{_cluster()} dbname=postgres", f"DROP DATABASE {connection_of(path).split('dbname=')[1]}")
    path.unlink()


def connection_of(path):
    return re.search(r"^connection = (.*)$", pathlib.Path(path).read_text(encoding="utf-8"), re.MULTILINE).group(1)


def _literal(value):
    if isinstance(value, (bytes, bytearray)):
        return f"'\\x{bytes(value).hex()}'::bytea"
    return str(value) if isinstance(value, int) else "'" + str(value).replace("'", "''") + "'"


def _value(cell):
    if cell.startswith("\\x"):
        return bytes.fromhex(cell[2:])
    return int(cell) if re.fullmatch(r"-?(0|[1-9]\d*)", cell) else cell


class Rows(list):
    def fetchone(self):
        return self[0] if self else None

    def fetchall(self):
        return list(self)


class Postgresql:
    """What tests use of an sqlite3 connection; every statement is a transaction of its own."""

    def __init__(self, path):
        self.connection = connection_of(path)

    def execute(self, sql, values=()):
        values = iter(values)
        text = re.sub(r"\?", lambda _: _literal(next(values)), sql)
        text = re.sub(r"\bx'([0-9a-f]*)'", r"'\\x\1'::bytea", text)
        return Rows(tuple(_value(cell) for cell in row) for row in psql(self.connection, text))

    def commit(self):
        pass

    def rollback(self):
        pass

    def close(self):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass


def connect(path, **options):
    return Postgresql(path) if is_postgresql() else sqlite3.connect(path, **options)


class Holder:
    """A transaction that stays open with what SQL locked, until it is released."""

    def __init__(self, path, sql):
        self.process = subprocess.Popen(["psql", "-X", "-q", "-A", "-t", connection_of(path)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True, env=OF_ALL_CITIES)
        self.process.stdin.write(f"BEGIN;\n{sql};\nSELECT 'held';\n")
        self.process.stdin.flush()
        while self.process.stdout.readline().strip() != "held":
            pass

    def release(self):
        self.process.stdin.write("COMMIT;\n")
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()
