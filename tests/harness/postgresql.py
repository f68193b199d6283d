"""PostgreSQL clusters for tests: made in a folder of their own under /tmp, reached over a Unix socket only, gone afterwards.
PostgreSQL refuses to run as root, so that root runs it as `postgres`.

    postgresql.py start FILE     one cluster for a whole run of tests: FILE says where it is
    postgresql.py stop FILE
"""
import os
import pathlib
import pwd
import shutil
import subprocess
import sys
import tempfile

ROLE = "madoguchi"
# Nothing of a test outlives the machine: what syncs is for is tried where a test asks for it.
QUICK = {"fsync": "off", "full_page_writes": "off", "autovacuum": "off", "max_connections": "200", "shared_buffers": "64MB"}


def tools():
    """The newest server's folder of programs."""
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[4]))
    if not found:
        raise RuntimeError("no PostgreSQL server is installed (Debian: postgresql-15)")
    return found[-1].parent


def as_owner(command, **options):
    """Run COMMAND as the account that owns clusters."""
    if os.geteuid() == 0:
        command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *map(str, command)]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    done = subprocess.run([str(word) for word in command], cwd="/", env=environment, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **options)
    if done.returncode != 0:
        raise RuntimeError(f"{command[-1]}: {done.stdout}")
    return done.stdout


class Cluster:
    """One server. `settings` are postgresql.conf's."""

    def __init__(self, folder=None, **settings):
        self.folder = pathlib.Path(folder or tempfile.mkdtemp(prefix="madoguchi-pg-", dir="/tmp"))
        self.data = self.folder / "data"
        self.settings = {**QUICK, **settings}
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        self.folder.chmod(0o755)

    def make(self):
        as_owner([tools() / "initdb", "-D", self.data, "-U", "postgres", "--encoding=UTF8", "--locale=C", "-A", "trust",
                  "--no-sync"])
        self.start()
        self.sql(f"CREATE ROLE {ROLE} LOGIN CREATEDB IN ROLE pg_signal_backend")
        return self

    def start(self):
        options = " ".join(f"-c {name}={value}" for name, value in self.settings.items())
        # The server keeps its parent's output open: a pipe would never end.
        as_owner([tools() / "pg_ctl", "-D", self.data, "-w", "-t", "60", "-l", self.folder / "log", "-o",
                  f"-c listen_addresses='' -c unix_socket_directories={self.folder} {options}", "start"])

    def stop(self, mode="immediate"):
        try:
            as_owner([tools() / "pg_ctl", "-D", self.data, "-w", "-m", mode, "stop"])
        except RuntimeError:
            if (self.data / "postmaster.pid").exists():
                raise

    def remove(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def sql(self, text, database="postgres", user="postgres"):
        return as_owner(["psql", "-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-h", self.folder, "-U", user, "-d", database,
                         "-c", text])

    def place(self, user=ROLE):
        """Where it is, as libpq wants it, without a database."""
        return f"host={self.folder} user={user}"

    def make_database(self, name):
        self.sql(f"CREATE DATABASE {name} OWNER {ROLE} TEMPLATE template0")
        return f"{self.place()} dbname={name}"


def store_file(path, connection):
    """The file that names the store at CONNECTION."""
    pathlib.Path(path).write_text(f"[store]\nkind = postgresql\nconnection = {connection}\n", encoding="utf-8")


def main():
    verb, file = sys.argv[1], pathlib.Path(sys.argv[2])
    if verb == "start":
        if file.exists():  # of a run that was broken off
            stop(file)
        file.write_text(Cluster().make().place() + "\n", encoding="utf-8")
    else:
        stop(file)


def stop(file):
    folder = file.read_text(encoding="utf-8").split()[0].removeprefix("host=")
    if pathlib.Path(folder).is_dir():
        Cluster(folder).remove()
    file.unlink()


if __name__ == "__main__":
    main()
