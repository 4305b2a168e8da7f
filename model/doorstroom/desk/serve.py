"""The desk on this machine alone, where a position can be run by the model itself at a button.

It listens on the loopback address only. Whoever asks must name this very host (else a web site could reach it under a
name of its own that leads here), must hold the token that was printed when it began, and to run the model must come
from its own page (Origin). Anything else is refused before it is read. A signal to end (SIGTERM, Ctrl-C) ends it with
what it runs.
"""

from __future__ import annotations

import hmac
import json
import math
import multiprocessing
import secrets
import signal
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final, NoReturn
from urllib.parse import parse_qs, urlsplit

import numpy as np

from doorstroom.desk.file import Desk
from doorstroom.desk.levers import LEVER, Array, Position
from doorstroom.desk.made import read_desk
from doorstroom.desk.page import CHECK_DRAWS, page
from doorstroom.desk.position import scenario_of
from doorstroom.desk.runs import seen, simulate
from doorstroom.errors import DoorstroomError
from doorstroom.experiment.worker_setup import one_thread

LOOPBACK: Final = "127.0.0.1"
MOST_BYTES: Final = 20_000
"""A position needs less than one."""
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}

Run = Callable[[Position], dict[str, Any]]


class Refused(Exception):
    """A request that is not answered, with the status that says why."""

    def __init__(self, status: HTTPStatus, why: str) -> None:
        super().__init__(why)
        self.status = status


class DeskServer(ThreadingHTTPServer):
    """The server; `run` makes what the model says of a position.

    Attributes
    ----------
    token : what a request has to hold
    """

    daemon_threads = True

    def __init__(self, port: int, write: Callable[[str], str], run: Run) -> None:
        super().__init__((LOOPBACK, port), _Handler)
        self.token = secrets.token_urlsafe(24)
        self.page = write(self.token).encode()
        self.run = run
        self.busy = threading.Lock()

    @property
    def hosts(self) -> tuple[str, ...]:
        """What it may be called."""
        port = self.server_address[1]
        return f"{LOOPBACK}:{port}", f"localhost:{port}"

    @property
    def address(self) -> str:
        """Where its page is, with the token."""
        return f"http://{self.hosts[0]}/?token={self.token}"


class _Handler(BaseHTTPRequestHandler):
    server: DeskServer
    server_version = "doorstroom"
    sys_version = ""
    timeout = 60

    def do_GET(self) -> None:
        try:
            self._known_host()
            asked = urlsplit(self.path)
            if asked.path != "/":
                raise Refused(HTTPStatus.NOT_FOUND, "there is only the desk here")
            self._known_token(parse_qs(asked.query).get("token", [""])[0])
            self._send(HTTPStatus.OK, "text/html; charset=utf-8", self.server.page)
        except Refused as error:
            self._tell(error)

    def do_POST(self) -> None:
        try:
            self._known_host()
            if self.headers.get("Origin") not in {f"http://{host}" for host in self.server.hosts}:
                raise Refused(HTTPStatus.FORBIDDEN, "only the desk's own page may ask this")
            self._known_token(self.headers.get("X-Desk-Token", ""))
            if self.path != "/run":
                raise Refused(HTTPStatus.NOT_FOUND, "only /run can be asked")
            found = self._run(position_of(self._content()))
            self._send(HTTPStatus.OK, "application/json", json.dumps(found).encode())
        except Refused as error:
            self._tell(error)

    def _known_host(self) -> None:
        if self.headers.get("Host") not in self.server.hosts:
            raise Refused(HTTPStatus.FORBIDDEN, "not the name of this desk")

    def _known_token(self, token: str) -> None:
        if not hmac.compare_digest(token.encode(), self.server.token.encode()):
            raise Refused(HTTPStatus.FORBIDDEN, "use the address that was printed when the desk began")

    def _content(self) -> Any:
        if self.headers.get("Content-Type", "").split(";")[0].strip() != "application/json":
            raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "a position comes as JSON")
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or not 0 < int(length) <= MOST_BYTES:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"a position has 1 to {MOST_BYTES} bytes")
        try:
            return json.loads(self.rfile.read(int(length)))
        except (ValueError, RecursionError) as error:
            raise Refused(HTTPStatus.BAD_REQUEST, "this is not JSON") from error

    def _run(self, position: Position) -> dict[str, Any]:
        if not self.server.busy.acquire(blocking=False):
            raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, "the model is running already")
        try:
            return self.server.run(position)
        except DoorstroomError as error:
            raise Refused(HTTPStatus.BAD_REQUEST, str(error)) from error
        finally:
            self.server.busy.release()

    def _tell(self, error: Refused) -> None:
        self._send(error.status, "application/json", json.dumps({"error": str(error)}).encode())

    def _send(self, status: HTTPStatus, kind: str, content: bytes) -> None:
        self.send_response(status)
        for name, value in {**_HEADERS, "Content-Type": kind, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)
        self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is logged: an address holds the token."""


def position_of(content: Any) -> dict[str, float]:
    """A position from what a page sent.

    Raises
    ------
    Refused
        Where it is no table of levers within their widest ranges.
    """
    if not isinstance(content, Mapping):
        raise Refused(HTTPStatus.BAD_REQUEST, "a position is a table of levers")
    for key, value in content.items():
        if key not in LEVER:
            raise Refused(HTTPStatus.BAD_REQUEST, f"{key!r} is no lever; they are {', '.join(LEVER)}")
        number = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
        if not number or not LEVER[key].low <= value <= LEVER[key].high:
            raise Refused(
                HTTPStatus.BAD_REQUEST, f"{key}: allowed is a number from {LEVER[key].low:g} to {LEVER[key].high:g}"
            )
    return {key: float(value) for key, value in content.items()}


def one_draw(study: Desk, position: Position, draw: int) -> Array:
    """Effect of a position in one draw, shape (years, outcomes)."""
    policy = study.policy_of()
    with one_thread():
        present, moved = simulate([policy, scenario_of(position, policy)], draw, study.fraction)
    return seen(moved)[0] - seen(present)[0]


def serve(
    folder: Path, *, port: int = 0, processes: int = 1, told: Callable[[str], None] = lambda address: None
) -> NoReturn:
    """Serve the desk in a folder until a signal ends it; `told` is called with its address."""
    desk = read_desk(folder)
    pool = ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn"))

    def run(position: Position) -> dict[str, Any]:
        begun, draws = time.monotonic(), min(CHECK_DRAWS, desk.study.draws)
        scenario_of(position, desk.study.policy_of())  # a fault is told before anything runs
        jobs = [pool.submit(one_draw, desk.study, position, draw) for draw in range(1, draws + 1)]
        values = np.stack([job.result() for job in jobs]).transpose(2, 1, 0)
        return {"values": values.tolist(), "draws": draws, "seconds": time.monotonic() - begun}

    def ended(number: int, frame: Any) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, ended)
    server = DeskServer(port, lambda token: page(desk, token), run)
    told(server.address)
    try:
        server.serve_forever(poll_interval=0.2)
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()
        pool.shutdown(wait=False, cancel_futures=True)
        for worker in multiprocessing.active_children():
            worker.terminate()
    raise SystemExit(0)
