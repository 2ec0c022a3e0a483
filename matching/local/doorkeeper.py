"""The web process's door: whether it is alive is told even while all hands are busy."""

from __future__ import annotations

import selectors
import socket
import struct
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

ALIVE = b"GET /healthz"
PATIENCE_SECONDS = 10  # with somebody who stops in the middle of a sentence


class Doorkeeper(ThreadWorker):  # type: ignore[misc]
    """A threaded worker that waits for a caller's first words before a thread is given to them.

    Callers who say nothing hold no thread, who stops half way holds one for a while only.
    `/healthz` has a thread of its own: pages may all wait for a database that does not answer, and
    the process still says that it is alive.
    """

    patience_seconds = PATIENCE_SECONDS

    def init_process(self) -> None:
        """Make the thread before the worker begins to listen."""
        self.bell = ThreadPoolExecutor(max_workers=1)
        super().init_process()

    def accept(self, listener: Any) -> None:
        """Take a caller in, and wait with all the others for what they say."""
        try:
            caller, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return  # another process was first, or the caller has left
        self.nr_conns += 1
        caller.setblocking(False)
        patience = struct.pack("ll", self.patience_seconds, 0)
        caller.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, patience)
        conn = TConn(self.cfg, caller, address, listener.getsockname())
        conn.timeout = time.monotonic() + max(self.cfg.keepalive, 5)
        self.pending_conns.append(conn)
        readable = partial(self.on_pending_socket_readable, conn)
        self.poller.register(caller, selectors.EVENT_READ, readable)

    def enqueue_req(self, conn: Any) -> None:
        """Give the question of life to its own thread, everything else to the others."""
        if not self._asks_for_life(conn.sock):
            super().enqueue_req(conn)
            return
        answer = self.bell.submit(self.handle, conn)
        answer.add_done_callback(
            lambda done: self.method_queue.defer(self.finish_request, conn, done)
        )

    @staticmethod
    def _asks_for_life(caller: socket.socket) -> bool:
        try:
            return caller.recv(len(ALIVE), socket.MSG_PEEK | socket.MSG_DONTWAIT) == ALIVE
        except OSError:
            return False
