"""Evidence is complete and tells its own damage: every verdict follows from it, and no byte can be changed unseen."""

from __future__ import annotations

import json
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from ansible_collections.tta.ops.plugins.module_utils.host import manifest
from ansible_collections.tta.ops.plugins.plugin_utils.gates import control_node, coverage, evidence
from ansible_collections.tta.ops.plugins.plugin_utils.gates.recompute import recompute
from ansible_collections.tta.ops.plugins.plugin_utils.gates.reread import disagreements
from ansible_collections.tta.ops.plugins.plugin_utils.refusal import Refusal
from evidence_folders import DEFINITIONS, RUN, gates, judged, operation, write


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patch:  # a hundred packages are only more of the same
        patch.setattr(control_node, "packages", lambda: ("pytest-8.4.2", "ruff-0.14.5"))
        return write(tmp_path_factory.mktemp("evidence"))


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


@contextmanager
def holding(path: Path, data: bytes) -> Iterator[None]:
    """Let a file hold something else for a moment."""
    was = path.read_bytes()
    path.write_bytes(data)
    yield
    path.write_bytes(was)


def test_it_holds_all_that_the_verdicts_need(kept: Path) -> None:
    names = {path.relative_to(kept).as_posix() for path in files(kept)}
    own = {"command.json", "document.json", "measurement.json", "baseline.json", "stdout", "stderr", "raw.txt"}
    assert {f"gates/lint/{name}" for name in own} <= names
    assert {"run.json", "artifact.json", "host.json", "gates.json", "verdicts.json", "manifest.json"} <= names
    assert manifest.check(kept) == []
    assert recompute(kept) == []
    assert json.loads((kept / "host.json").read_text())["python"]


def test_only_its_owner_can_read_it(kept: Path) -> None:
    modes = {stat.S_IMODE(path.stat().st_mode) for path in files(kept)}
    folders = {stat.S_IMODE(path.stat().st_mode) for path in [kept, *kept.rglob("*")] if path.is_dir()}
    assert (modes, folders) == ({0o600}, {0o700})


def test_every_flipped_byte_in_every_file_is_named(kept: Path) -> None:
    for path in files(kept):
        name = path.relative_to(kept).as_posix()
        data = path.read_bytes()
        for place in range(0, len(data), 7 if len(data) < 1000 else 61):
            with holding(path, data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]):
                (found,) = manifest.check(kept)
                assert (found.path, found.byte) == (name, place), found
    assert manifest.check(kept) == []


def test_every_removed_line_and_tail_in_every_file_is_named(kept: Path) -> None:
    for path in files(kept):
        name = path.relative_to(kept).as_posix()
        lines = path.read_bytes().splitlines(keepends=True)
        for number in range(0, len(lines), 1 if len(lines) < 40 else 6):
            with holding(path, b"".join(lines[:number] + lines[number + 1 :])):
                (found,) = manifest.check(kept)
                assert found.path == name
                assert found.line and lines[found.line - 1] == lines[number], found
            with holding(path, b"".join(lines[:number])):
                (found,) = manifest.check(kept)
                assert (found.path, found.byte) == (name, len(b"".join(lines[:number]))), found
                assert "missing" in found.what


def test_every_removed_or_added_file_is_named(kept: Path, tmp_path: Path) -> None:
    for path in files(kept):
        path.rename(tmp_path / "away")
        (found,) = manifest.check(kept)
        assert str(found) == f"{path.relative_to(kept).as_posix()}: the file is missing"
        (tmp_path / "away").rename(path)
    new = kept / "gates" / "lint" / "new"
    new.write_text("x")
    assert [str(found) for found in manifest.check(kept)] == ["gates/lint/new: the file is new"]
    new.unlink()
    new.symlink_to(kept / "run.json")
    assert "no regular file" in str(manifest.check(kept)[0])
    new.unlink()
    new.symlink_to(tmp_path)
    assert "no regular file" in str(manifest.check(kept)[0])
    new.unlink()


def test_a_forger_who_mends_all_hashes_is_found_by_the_decision(kept: Path, tmp_path: Path) -> None:
    forged = tmp_path / RUN
    shutil.copytree(kept, forged)
    document = forged / "gates" / "size" / "document.json"
    document.write_text(document.read_text().replace("104.5", "140.5"))
    whole = manifest.of(forged)
    (forged / manifest.NAME).write_bytes(manifest.encode(whole))
    assert manifest.check(forged) == []
    assert [(found.path, found.what.partition(":")[0]) for found in recompute(forged)][:1] == [
        ("verdicts.json", "gate size, verdict")
    ]
    assert manifest.root_of(manifest.of(kept)["files"]) != whole["root_sha256"]


def test_a_loosened_definition_and_a_better_baseline_are_found(kept: Path, tmp_path: Path) -> None:
    loosened = tmp_path / RUN
    shutil.copytree(kept, loosened)
    path = loosened / "gates.json"
    path.write_text(path.read_text().replace("<= +10%", "<= +90%"))
    assert any("gate_sha256" in found.what for found in recompute(loosened))
    shutil.copy(kept / "gates.json", path)
    baseline = loosened / "gates" / "size" / "baseline.json"
    baseline.write_text(baseline.read_text().replace("100.0", "200.0"))
    assert any("of its results it is 100.0" in found.what for found in recompute(loosened))


def forged(kept: Path, folder: Path, gate: str, name: str, was: str, now: str) -> list[str]:
    """Return what is found when a file of a gate is changed."""
    shutil.copytree(kept, folder)
    path = folder / "gates" / gate / name
    assert was in path.read_text()
    path.write_text(path.read_text().replace(was, now))
    return [str(found) for found in recompute(folder)]


def test_a_document_that_the_raw_output_does_not_bear_out_is_found(kept: Path, tmp_path: Path) -> None:
    said = forged(kept, tmp_path / "1", "lint", "stdout", "[]\n", "{}\n")
    assert said == ["gates/lint/document.json: its `out` is not what the command printed"]
    said = forged(kept, tmp_path / "3", "lint", "stdout", "[]\n", "[[\n")
    assert "gates/lint/document.json: its raw output cannot be read again" in said[0]
    said = forged(kept, tmp_path / "2", "lint", "command.json", '"exit": 0', '"exit": 1')
    assert said == ["gates/lint/document.json: its exit code is not the command's"]


@pytest.mark.parametrize("folder", ["/t/tta-gates-a1_b/export", "/home/Jane Doe/t/tta-gates-x/export", "/elsewhere"])
def test_the_folder_in_which_a_gate_ran_is_left_out(folder: str) -> None:
    printed = json.dumps([{"file": f"{folder}/src/a.py", "text": f"see /x and {folder}/b.py"}]) + "\n"
    out = json.loads(printed.replace(f"{folder}/", "") if "tta-gates" in folder else printed)
    files = {
        "command.json": json.dumps([{"exit": 0, "stdout_bytes": len(printed)}]).encode(),
        "document.json": json.dumps({"exit": 0, "out": out}).encode(),
        "stdout": b"an earlier step\n" + printed.encode(),
    }
    assert disagreements({"type": "command"}, files) == []
    changed = {**files, "document.json": json.dumps({"exit": 0, "out": []}).encode()}
    assert disagreements({"type": "command"}, changed) == ["its `out` is not what the command printed"]


def test_tests_and_coverage_are_read_again() -> None:
    report = b'<testsuite><testcase classname="t" name="a"/><testcase classname="t" name="b"/></testsuite>'
    totals = {"num_statements": 4, "covered_lines": 3}
    one = {"summary": {"percent_covered": 75.0, "num_statements": 4}, "missing_lines": [7]}
    raw = {"files": {"a.py": one}, "totals": totals}
    document = {"ran": 2, "passed": 2, "failed": 0, "skipped": 0, "coverage": coverage.summary(raw)}
    files = {"junit.xml": report, "coverage.json": json.dumps(raw).encode()}

    def told(**changes: object) -> list[str]:
        return disagreements(
            {"type": "tests"}, {**files, "document.json": json.dumps({**document, **changes}).encode()}
        )

    assert told() == []
    assert told(passed=3) == ["its numbers of tests (passed) are not those of junit.xml"]
    assert told(coverage={**coverage.summary(raw), "pythons": {"carbon": ["3.11.2"]}}) == []
    better = {**coverage.summary(raw), "percent": 100.0}
    assert told(coverage=better) == ["its coverage (percent) is not that of coverage.json"]


def test_what_cannot_be_read_is_a_finding_not_a_crash(kept: Path, tmp_path: Path) -> None:
    broken = tmp_path / RUN
    shutil.copytree(kept, broken)
    for name, text in (("verdicts.json", "[1]"), ("verdicts.json", "{"), ("gates.json", '[{"name": "lint"}]')):
        was = (broken / name).read_text()
        (broken / name).write_text(text)
        assert recompute(broken), name
        (broken / name).write_text(was)
    (broken / "gates" / "lint" / "document.json").unlink()
    assert "cannot be decided again" in recompute(broken)[0].what


def test_a_folder_gets_its_name_when_it_is_complete(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(whole: object) -> bytes:
        assert not (tmp_path / RUN).exists()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(manifest, "encode", full)
    about = operation()
    made = [judged(gate, {"out": [], "files": ["a.py"], "size": 1}, about["artifact"]) for gate in gates()]
    with pytest.raises(Refusal, match="No space left"):
        evidence.write(tmp_path / RUN, about, DEFINITIONS, made)
    assert list(tmp_path.iterdir()) == []
