"""Single inserts into a PostgreSQL of our own on loopback: each row its own durable transaction, as pgbench does it."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

BIN = pathlib.Path("/usr/lib/postgresql/15/bin")
SECONDS = 5

SCRIPT = """INSERT INTO line (terminal, sequence, line, hash)
VALUES ('L-' || :client_id, nextval('number'), repeat('x', {row_bytes})::bytea, decode(repeat('00', 32), 'hex'));
"""
SCHEMA = """CREATE SEQUENCE number;
CREATE TABLE line (terminal text NOT NULL, sequence bigint NOT NULL, line bytea NOT NULL, hash bytea NOT NULL);
CREATE UNIQUE INDEX line_key ON line (terminal, sequence);"""


def version():
    if not (BIN / "initdb").exists():
        return None
    return subprocess.run([BIN / "postgres", "--version"], capture_output=True, text=True, check=False).stdout.split()[2]


def _run(folder, *command, **more):
    """PostgreSQL refuses to run as root."""
    as_somebody = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
    return subprocess.run([*as_somebody, *map(str, command)], cwd=folder, capture_output=True, text=True, check=True, **more).stdout


def single_inserts(work, row_bytes, clients):
    """Rows a second with CLIENTS connections; None where there is no PostgreSQL."""
    if version() is None:
        return None
    folder = pathlib.Path(tempfile.mkdtemp(prefix="madoguchi-bench-", dir="/tmp" if os.geteuid() == 0 else work))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    data = folder / "data"
    (folder / "insert.sql").write_text(SCRIPT.format(row_bytes=row_bytes))
    (folder / "insert.sql").chmod(0o644)
    try:
        _run(folder, BIN / "initdb", "-D", data, "-U", "bench", "--auth=trust", "--no-sync")
        _run(folder, BIN / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o",
             f"-k {folder} -c listen_addresses='' -c max_connections={clients + 10}", "start")
        try:
            _run(folder, BIN / "psql", "-h", folder, "-U", "bench", "-d", "postgres", "-q", "-c", SCHEMA)
            said = _run(folder, BIN / "pgbench", "-h", folder, "-U", "bench", "-n", "-f", folder / "insert.sql", "-c", clients, "-j", 2,
                        "-T", SECONDS, "postgres")
        finally:
            _run(folder, BIN / "pg_ctl", "-D", data, "-m", "fast", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return float(re.search(r"tps = ([\d.]+)", said).group(1))
