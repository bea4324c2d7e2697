"""A cable between a browser and a server that a test can cut: while it is, nothing passes and nobody gets through."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

READ = 1 << 16


class Cable:
    """Listens on a port of its own and passes bytes on to the server's. The server answers only to its own address, so
    the address in a request's head is rewritten; both ports have five digits."""

    def __init__(self, to_port: int) -> None:
        self._to_port = to_port
        self.port = 0
        self._whole = True
        self._writers: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()

    def cut(self) -> None:
        """Break every connection, and let no new one through."""
        self._loop.call_soon_threadsafe(self._cut)

    def mend(self) -> None:
        """New connections pass again."""
        self._loop.call_soon_threadsafe(setattr, self, "_whole", True)

    def run(self, ready: threading.Event) -> None:
        """Until ``stop``."""
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        self._loop.run_forever()
        server.close()
        self._cut()
        pending = asyncio.all_tasks(self._loop)
        self._loop.run_until_complete(asyncio.gather(*pending, return_exceptions=True))
        self._loop.close()

    def stop(self) -> None:
        """End."""
        self._loop.call_soon_threadsafe(self._loop.stop)

    def _cut(self) -> None:
        self._whole = False
        for writer in self._writers:
            writer.transport.abort()

    async def _serve(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        if not self._whole:
            back.transport.abort()
            return
        far, forth = await asyncio.open_connection("127.0.0.1", self._to_port)
        ours, theirs = f"127.0.0.1:{self.port}".encode(), f"127.0.0.1:{self._to_port}".encode()
        assert len(ours) == len(theirs)
        self._writers |= {back, forth}
        await asyncio.gather(_pass(near, forth, ours, theirs), _pass(far, back, b"", b""))
        self._writers -= {back, forth}


async def _pass(source: asyncio.StreamReader, target: asyncio.StreamWriter, old: bytes, new: bytes) -> None:
    try:
        while data := await source.read(READ):
            target.write(data.replace(old, new) if old else data)
            await target.drain()
    except OSError:
        pass
    finally:
        target.close()


@contextmanager
def cable(to_port: int) -> Iterator[Cable]:
    """A whole one."""
    made, ready = Cable(to_port), threading.Event()
    thread = threading.Thread(target=made.run, args=(ready,), daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield made
    finally:
        made.stop()
        thread.join(10)
