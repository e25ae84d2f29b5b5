"""What is tracked on a host: told by its key, numbered once, never doubled, whatever was killed."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.module_utils.host import tracked
from ansible_collections.tta.ops.plugins.module_utils.host.errors import HostError, UsageError
from ansible_collections.tta.ops.plugins.module_utils.host.state import State
from ansible_collections.tta.ops.plugins.module_utils.host.tracked.shelf import Shelf
from ansible_collections.tta.ops.plugins.plugin_utils import host_program


def issue(key: str = "promotion/carbon/staging/0123", **changes: Any) -> dict[str, Any]:
    facts = {
        "kind": "promotion",
        "key": key,
        "component": "carbon",
        "title": "[PROMOTION] carbon: development → staging",
        "labels": ["component:carbon"],
        "body": "ready",
        "state": "open",
        "at": "2026-11-20T08:45:01Z",
    }
    return {**facts, **changes}


def files_in(folder: Path) -> dict[str, tuple[bytes, int]]:
    found = (path for path in folder.rglob("*") if path.is_file() and path.name != ".lock")
    return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in found}


def test_the_same_again_changes_nothing_not_even_a_file(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    assert shelf.put([issue(), issue("blocker/carbon/x")]) == [
        {"key": "promotion/carbon/staging/0123", "number": 1, "state": "open", "changed": True},
        {"key": "blocker/carbon/x", "number": 2, "state": "open", "changed": True},
    ]
    before = files_in(tmp_path)
    assert [one["changed"] for one in shelf.put([issue("blocker/carbon/x"), issue(at="2027-01-01T00:00:00Z")])] == [
        False,
        False,
    ]
    assert files_in(tmp_path) == before


def test_a_comment_is_edited_in_place_and_others_stay(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.put([issue(comments=[{"marker": "a", "body": "one"}, {"marker": "b", "body": "two"}])])
    shelf.put([issue(comments=[{"marker": "a", "body": "three"}], at="2026-11-21T08:45:01Z")])
    (kept,) = shelf.read()
    assert [(one["marker"], one["body"], one["at"][:10]) for one in kept["comments"]] == [
        ("a", "three", "2026-11-20"),
        ("b", "two", "2026-11-20"),
    ]
    assert (kept["opened"][:10], kept["updated"][:10]) == ("2026-11-20", "2026-11-21")


def test_closing_and_opening_again_keeps_the_number(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.put([issue()])
    shelf.put([issue(state="closed", at="2026-11-22T00:00:00Z")])
    assert shelf.read()[0]["closed"] == "2026-11-22T00:00:00Z"
    assert "**State**: closed" in (tmp_path / "issues" / "0001.md").read_text()
    (again,) = shelf.put([issue()])
    assert (again["number"], shelf.read()[0]["closed"]) == (1, None)


def test_links_become_numbers_also_those_that_come_later(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.put([issue(links=["blocker/carbon/x", "blocker/carbon/none"])])
    shelf.put([issue("blocker/carbon/x")])
    assert "- **Related**: #2\n" in (tmp_path / "issues" / "0001.md").read_text()


def test_further_files_lie_below_requests_only(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.put([issue(files={"requests/carbon-staging-0123.json": "{}\n"})])
    assert (tmp_path / "requests" / "carbon-staging-0123.json").read_text() == "{}\n"
    for path in ("ledger.jsonl", "requests/../ledger.json", "requests/.json", "/etc/x.json", "requests/a/b.json"):
        with pytest.raises(UsageError, match="below requests/ only"):
            shelf.put([issue(files={path: "x"})])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["issues", "requests"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"key": "../x"}, "no proper key"),
        ({"key": "a/../../x"}, "no proper key"),
        ({"key": 3}, "no proper key"),
        ({"state": "maybe"}, "open or closed"),
        ({"title": ""}, "needs a title"),
        ({"labels": "x"}, "needs a title, labels"),
        ({"body": "x" * (5 << 20)}, "larger than"),
    ],
)
def test_what_is_no_issue_is_refused_before_anything_is_written(
    tmp_path: Path, changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        Shelf(tmp_path).put([issue("blocker/carbon/good"), {**issue(), **changes}])
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_file_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.put([issue()])
    (tmp_path / "issues" / "0001.json").write_text("{")
    with pytest.raises(HostError, match=r"0001\.json is damaged"):
        shelf.put([issue("blocker/carbon/x")])
    assert not (tmp_path / "issues" / "0002.json").exists()


def test_two_at_once_get_two_numbers(tmp_path: Path) -> None:
    keys = [f"blocker/carbon/{number}" for number in range(12)]
    threads = [threading.Thread(target=Shelf(tmp_path).put, args=([issue(key)],)) for key in keys]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    read = Shelf(tmp_path).read()
    assert sorted(one["key"] for one in read) == sorted(keys)
    assert [one["number"] for one in read] == list(range(1, 13))


@pytest.mark.parametrize("cut", range(9))
def test_killed_between_any_two_writes_the_next_run_has_it_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cut: int
) -> None:
    """Each write of a file is one moment; the program may end before any of them."""
    module = sys.modules[Shelf.__module__].files
    real, left = module.write, [cut]

    def write(path: Path, data: bytes, mode: int = 0o640) -> None:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        real(path, data, mode)

    wanted = [
        issue(comments=[{"marker": "a", "body": "x"}], files={"requests/c.json": "{}\n"}),
        issue("blocker/carbon/x"),
        issue("blocker/carbon/y"),
    ]
    monkeypatch.setattr(module, "write", write)
    try:
        Shelf(tmp_path).put(wanted)
        assert cut >= 7
    except KeyboardInterrupt:
        assert cut < 7
    monkeypatch.setattr(module, "write", real)
    Shelf(tmp_path).put(wanted)
    read = Shelf(tmp_path).read()
    assert [(one["number"], one["key"], len(one["comments"])) for one in read] == [
        (1, wanted[0]["key"], 1),
        (2, "blocker/carbon/x", 0),
        (3, "blocker/carbon/y", 0),
    ]
    assert len(list((tmp_path / "issues").glob("*.md"))) == 3


def test_the_program_tracks_and_lists(tmp_path: Path) -> None:
    program = tmp_path / "tta-ops"
    program.write_bytes(host_program.build().data)

    def call(*arguments: str, stdin: bytes = b"") -> tuple[int, dict[str, Any]]:
        told = [sys.executable, str(program), "--json", *arguments, "--state", str(tmp_path / "state")]
        done = subprocess.run(told, input=stdin, capture_output=True, check=False)
        assert b"Traceback" not in done.stderr
        return done.returncode, json.loads(done.stdout.splitlines()[-1])["result"]

    code, first = call("track", stdin=json.dumps({"environment": "staging", "issues": [issue()]}).encode())
    assert (code, first["changed"], first["issues"][0]["number"]) == (0, True, 1)
    (tmp_path / "state" / "staging" / "ledger.jsonl").touch()
    assert call("issues", "carbon")[1]["environments"]["staging"][0]["title"] == issue()["title"]
    assert call("issues", "redis")[1]["environments"]["staging"] == []
    for bad in (b"", b"[]", b'{"environment": "../x", "issues": []}', b'{"environment": "staging"}'):
        assert call("track", stdin=bad)[0] == 2
    (told,) = tracked.summary(State(tmp_path / "state"), "staging")["entries"]
    assert (told["number"], "body" in told) == (1, False)
    (tmp_path / "state" / "staging" / "issues" / "0001.json").write_text("{")
    damaged = tracked.summary(State(tmp_path / "state"), "staging")
    assert damaged["entries"] == []
    assert "0001.json is damaged" in damaged["problem"]
