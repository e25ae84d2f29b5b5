"""What is mounted into containers, and what their notes say."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.gates import noted_lines
from ansible_collections.tta.ops.plugins.plugin_utils.gates.notebook import Notebook
from ansible_collections.tta.ops.plugins.plugin_utils.gates.noted_lines import Noted, missing, noted, together

NOTES = (
    "start\t7\t3.11.2\ttrace\nline\t12\tsrc/lamp.py\nline\t3\tsrc/lamp.py\n"
    "differs\tsrc/bulb.py\t/app/src/bulb.py\nline\tx\tsrc/lamp.py\nli"
)


def notebook(folder: Path, *services: str) -> Notebook:
    (folder / "export" / "src").mkdir(parents=True)
    (folder / "export" / "src" / "lamp.py").write_text("WATTS = 60\n")
    subject: Any = SimpleNamespace(export=folder / "export", python_files=["src/lamp.py"], import_roots=[".", "src"])
    return Notebook(folder / "noting", subject, services)


def test_notes_are_read_and_what_is_torn_is_passed_over() -> None:
    assert noted(NOTES) == Noted({"3.11.2"}, {"src/lamp.py": {3, 12}}, {"src/bulb.py": "/app/src/bulb.py"})


def test_lines_of_all_services_count_once_and_only_of_the_component_s_files() -> None:
    one, other = noted("line\t2\ta.py\nline\t9\tb.py\n"), noted("line\t2\ta.py\nline\t1\ta.py\n")
    assert together({"one": one, "other": other}, ["a.py", "c.py"]) == {"a.py": [1, 2]}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "lamp does not say which lines it runs: its process is no Python, or one that was started without"),
        ("start\t1\t3.11.2\ttrace\n", "lamp ran none of the component's files as they are in the commit"),
        (NOTES, "/app/src/bulb.py in lamp is not src/bulb.py of the commit: its lines cannot be counted"),
    ],
)
def test_what_is_not_known_is_said_in_a_sentence(text: str, sentence: str) -> None:
    [found] = missing({"lamp": noted(text)}, ["lamp"])
    assert found.startswith(sentence)


def test_a_library_s_carrier_owes_nothing() -> None:
    assert missing({"carrier": noted("")}, []) == []


def test_a_file_that_is_there_twice_counts_where_it_is_the_commit_s() -> None:
    text = "start\t1\t3.11.2\ttrace\nline\t1\tsrc/bulb.py\ndiffers\tsrc/bulb.py\t/old/src/bulb.py\n"
    assert missing({"lamp": noted(text)}, ["lamp"]) == []


def test_only_what_notes_is_changed_and_its_own_path_stays(tmp_path: Path) -> None:
    book = notebook(tmp_path, "lamp", "bulb", "wick")
    project: dict[str, Any] = {
        "services": {
            "lamp": {"environment": {"PYTHONPATH": "/srv", "A": "1"}, "volumes": [{"type": "volume"}]},
            "bulb": {},
            "wick": {"environment": {"PYTHONPATH": None}},
            "redis": {"image": "redis"},
        }
    }
    services = book.mounted(project, {"bulb": "/opt/lib", "wick": ""})["services"]
    environments = {name: services[name].get("environment") for name in services}
    assert environments["lamp"] == {"A": "1", "PYTHONPATH": "/tta-noting:/srv", "TTA_NOTES": "/tta-notes"}
    assert environments["bulb"]["PYTHONPATH"] == "/tta-noting:/opt/lib"
    assert environments["wick"]["PYTHONPATH"] == "/tta-noting"
    assert services["redis"] == project["services"]["redis"]
    assert [mount.get("read_only") for mount in services["lamp"]["volumes"]] == [None, True, None]
    assert "TTA_NOTES" not in project["services"]["lamp"]["environment"]


def test_any_user_of_the_container_can_read_the_folder_and_write_notes(tmp_path: Path) -> None:
    book = notebook(tmp_path, "lamp")
    code, notes = (
        Path(mount["source"]) for mount in book.mounted({"services": {"lamp": {}}}, {})["services"]["lamp"]["volumes"]
    )
    assert all(path.stat().st_mode & 0o004 for path in [code, *code.rglob("*")])
    assert notes.stat().st_mode & 0o002
    assert (code / "index").read_text() == "11\tsrc/lamp.py\tlamp.py\n"
    assert (code / "files/src/lamp.py").read_text() == "WATTS = 60\n"


def test_notes_that_are_gone_are_none(tmp_path: Path) -> None:
    book = notebook(tmp_path, "lamp")
    (tmp_path / "noting/notes/lamp").unlink()
    assert book.read() == {"lamp": noted_lines.Noted()}
