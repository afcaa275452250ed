"""A mail server that takes every mail and keeps none: ``python -m tools.bench.sink PORT``.

A process of its own, so that taking mails is not counted as work of the product.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any, Self

from aiosmtpd.controller import Controller

from tools.bench.server import ROOT, free_port

if TYPE_CHECKING:
    from types import TracebackType


class _Taker:
    async def handle_DATA(self, _server: Any, _session: Any, _envelope: Any) -> str:  # noqa: ANN401, N802 (aiosmtpd's)
        return "250 OK"


class Sink:
    """The mail server, for as long as the block lasts; ``url`` is what the product is told."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"smtp://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        """Start, and wait until it listens."""
        command = [sys.executable, "-m", "tools.bench.sink", str(self.port)]
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
        if self._process.stdout is None or not self._process.stdout.readline():
            raise RuntimeError("the mail server did not start")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        self._process.kill()
        self._process.wait()


def main() -> None:
    """Take mails until killed."""
    controller = Controller(_Taker(), hostname="127.0.0.1", port=int(sys.argv[1]))
    controller.start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    threading.Event().wait()


if __name__ == "__main__":
    main()
