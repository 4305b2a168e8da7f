"""The desk's server: it answers this machine, its own page and who holds the token, and ends when it is told to."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from doorstroom.desk.basis import YEARS
from doorstroom.desk.learned import save
from doorstroom.desk.made import ABOUT
from doorstroom.desk.outcomes import TOLD
from doorstroom.desk.page import Told, page
from doorstroom.desk.serve import LOOPBACK, DeskServer, one_draw

POSITION = {"sto_end": 2030, "pay": 1.05}


@pytest.fixture(scope="module")
def server(told: Told) -> Iterator[DeskServer]:
    asked = []

    def run(position: Any) -> dict[str, Any]:
        asked.append(dict(position))
        return {"values": np.zeros((len(TOLD), len(YEARS), 5)).tolist(), "draws": 5, "seconds": 0.1}

    opened = DeskServer(0, lambda token: page(told, token), run)
    opened.asked = asked  # type: ignore[attr-defined]
    thread = threading.Thread(target=opened.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield opened
    opened.shutdown()
    thread.join()
    opened.server_close()


def ask(server: DeskServer, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(LOOPBACK, server.server_address[1], timeout=10)
    sent = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    connection.putrequest(method, path, skip_host=True)
    own = {"Host": server.hosts[0], **({"Content-Length": str(len(sent))} if sent is not None else {})}
    for name, value in {**own, **{key.replace("_", "-"): value for key, value in headers.items()}}.items():
        connection.putheader(name, value)
    connection.endheaders(sent)
    reply = connection.getresponse()
    found = reply.status, reply.read()
    connection.close()
    return found


def good(server: DeskServer) -> dict[str, str]:
    return {
        "Origin": f"http://{server.hosts[0]}",
        "X_Desk_Token": server.token,
        "Content_Type": "application/json",
    }


def test_it_listens_on_the_loopback_address_alone(server: DeskServer) -> None:
    assert server.server_address[0] == "127.0.0.1"


def test_its_own_page_runs_a_position(server: DeskServer) -> None:
    status, text = ask(server, "GET", f"/?token={server.token}")
    assert status == 200
    assert server.token in text.decode()
    status, text = ask(server, "POST", "/run", POSITION, **good(server))
    assert status == 200
    assert json.loads(text)["draws"] == 5
    assert server.asked[-1] == {"sto_end": 2030.0, "pay": 1.05}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "wrong",
    [
        {"Host": "evil.example"},
        {"Host": "evil.example:80"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"X_Desk_Token": "guess"},
        {"X_Desk_Token": ""},
    ],
)
def test_a_stranger_is_refused_and_nothing_runs(server: DeskServer, wrong: dict[str, str]) -> None:
    before = len(server.asked)  # type: ignore[attr-defined]
    status, text = ask(server, "POST", "/run", POSITION, **{**good(server), **wrong})
    assert status == 403
    assert server.token not in text.decode()
    assert len(server.asked) == before  # type: ignore[attr-defined]


def test_without_origin_nothing_runs(server: DeskServer) -> None:
    headers = good(server)
    del headers["Origin"]
    assert ask(server, "POST", "/run", POSITION, **headers)[0] == 403


@pytest.mark.parametrize(("path", "host"), [("/", ""), ("/?token=guess", ""), ("/?token={token}", "evil.example")])
def test_the_page_is_for_who_has_its_address(server: DeskServer, path: str, host: str) -> None:
    headers = {"Host": host} if host else {}
    status, text = ask(server, "GET", path.format(token=server.token), **headers)
    assert status == 403
    assert server.token not in text.decode()


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        (b"not json", 400, "JSON"),
        ([1, 2], 400, "table of levers"),
        ({"ngff": 1}, 400, "no lever"),
        ({"ngf": 9}, 400, "from 0 to 1.5"),
        ({"ngf": "1"}, 400, "a number"),
        ({"ngf": True}, 400, "a number"),
        (b"[" * 30_000, 413, "bytes"),
    ],
)
def test_what_is_no_position_is_told(server: DeskServer, body: Any, status: int, says: str) -> None:
    found, text = ask(server, "POST", "/run", body, **good(server))
    assert found == status
    assert says in json.loads(text)["error"]


def test_only_one_position_runs_at_a_time(server: DeskServer) -> None:
    with server.busy:
        status, text = ask(server, "POST", "/run", POSITION, **good(server))
    assert status == 503
    assert "running already" in json.loads(text)["error"]


def test_a_checked_position_is_drawn_over_the_desks_answer(browser: Any, server: DeskServer) -> None:
    opened = browser.new_context()
    view = opened.new_page()
    complaints: list[str] = []
    view.on("console", lambda message: complaints.append(message.text))
    view.goto(f"{server.address}#sto_end=2030&lang=en")
    view.wait_for_selector("html[data-ready]")
    view.click("#check")
    view.wait_for_selector("text=Drawn over the desk's answer")
    assert "The model itself" in view.locator("#all thead th").all_text_contents()
    assert view.locator("#p-years .key li").all_inner_texts()[-1] == "The model itself"
    opened.close()
    assert not complaints


def test_the_model_itself_is_run(told: Told) -> None:
    study = told.study.model_copy(update={"fraction": 0.01})
    effect = one_draw(study, {"sto_end": 2028.0}, 1)
    assert effect.shape == (len(YEARS), len(TOLD))
    assert not effect[:3].any()  # 2026 to 2028 are the same
    assert effect[5, TOLD.index("absorbed")] < -3e7


def test_a_signal_ends_it(told: Told, tmp_path: Path) -> None:
    save(told.learned, tmp_path)
    about = {
        "identity": told.identity, "study": told.study.model_dump(mode="json"), "command": told.command,
        "version": "0", "made": "2026-11-30", "errors": [row._asdict() for row in told.rows],
    }  # fmt: skip
    (tmp_path / ABOUT).write_text(json.dumps(about), encoding="utf-8")
    command = [sys.executable, "-u", "-m", "doorstroom", "desk", "--serve", "--out", str(tmp_path), "--processes", "1"]
    served = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=dict(os.environ))
    try:
        assert served.stdout is not None
        assert served.stdout.readline().startswith("http://127.0.0.1:")
        served.send_signal(signal.SIGTERM)
        assert served.wait(timeout=30) == 0
    finally:
        if served.poll() is None:
            served.kill()
