"""The product as it is run, for measuring: gunicorn and a worker on a database of their own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

ROOT = Path(__file__).parent.parent.parent
START_SECONDS = 60


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Product:
    """Web and worker, started by ``flask serve``."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.port = free_port()
        address = {
            "EVENTSYS_PORT": str(self.port),
            "EVENTSYS_BASE_URL": f"http://127.0.0.1:{self.port}",
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "flask", "serve", "--no-demo"],
            cwd=ROOT,
            env={**os.environ, **environment, **address},
            stderr=subprocess.DEVNULL,
        )
        start = time.monotonic()
        while time.monotonic() < start + START_SECONDS:
            try:
                with urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2):
                    self.started_after = time.monotonic() - start
                    return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("the server did not start")

    def family(self) -> list[int]:
        """List the process ids of everything that runs."""
        parent_of = {}
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit():
                try:
                    stat = (folder / "stat").read_text().rsplit(")", 1)[1].split()
                except OSError:
                    continue
                parent_of[int(folder.name)] = int(stat[1])
        found = {self.process.pid}
        while more := {pid for pid, parent in parent_of.items() if parent in found} - found:
            found |= more
        return sorted(found)

    def cpu_seconds(self) -> float:
        """Sum the processor time of everything that runs."""
        ticks = os.sysconf("SC_CLK_TCK")
        total = 0.0
        for pid in self.family():
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            total += (int(fields[11]) + int(fields[12])) / ticks
        return total

    def memory_megabytes(self) -> float:
        """Sum the proportional set size of everything that runs."""
        total = 0
        for pid in self.family():
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
        return total / 1024

    def stop(self) -> None:
        """End everything."""
        self.process.terminate()
        self.process.wait(60)
