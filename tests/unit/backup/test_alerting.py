"""Who watches is told, and an address that does not answer fails nothing."""

from __future__ import annotations

import http.server
import json
import threading
from pathlib import Path

import pytest
from ansible_collections.tta.ops.plugins.module_utils.host.backup import alerting
from ansible_collections.tta.ops.plugins.module_utils.host.backup.settings import Place, parse
from ansible_collections.tta.ops.plugins.module_utils.host.errors import UsageError
from ansible_collections.tta.ops.plugins.module_utils.host.state import State


def place(folder: Path, webhook: str) -> Place:
    own = Place(State(folder), "staging")
    own.folder.mkdir(parents=True)
    (own.folder / "settings.json").write_text(json.dumps({"webhook": webhook}))
    return own


def test_it_is_posted_once_with_what_is_wrong(tmp_path: Path) -> None:
    got: list[dict[str, str]] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.handle_request, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/"
    assert alerting.alert(place(tmp_path, address), "backup", "db: no space left", print)
    server.server_close()
    assert [one["text"] for one in got] == ["backup on staging: db: no space left"]
    assert got[0]["event"] == "backups"


def test_nobody_there_is_told_and_fails_nothing(tmp_path: Path) -> None:
    told: list[str] = []
    taken = alerting.alert(
        place(tmp_path, "http://127.0.0.1:9/secret"), "backup", "x", lambda _, text: told.append(text)
    )
    assert not taken
    assert len(told) == 1
    assert "secret" not in told[0]


def test_no_address_no_word(tmp_path: Path) -> None:
    assert not alerting.alert(place(tmp_path, ""), "backup", "x", lambda *_: pytest.fail("told"))


ZEROS = dict.fromkeys(("last", "daily", "weekly", "monthly"), 0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"webhook": "ftp://x"},
        {"keep": ZEROS},
        {"keep": {"last": -1}},
        {"unknown": 1},
        {"components": {"db": {"db": {"kind": "mysql"}}}},
    ],
)
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        parse(wrong)
