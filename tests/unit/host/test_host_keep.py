"""The host's copy of evidence: kept when it is whole, once, and never outside of its place."""

from __future__ import annotations

import base64
import io
import stat
import tarfile
from pathlib import Path

import pytest
from ansible_collections.tta.ops.plugins.module_utils.host import keep, manifest
from ansible_collections.tta.ops.plugins.module_utils.host.errors import HostError, UsageError

RUN = "20261120T084501Z-abc123"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The operator's copy."""
    folder = tmp_path / "own"
    (folder / "gates" / "lint").mkdir(parents=True)
    (folder / "run.json").write_text(f'{{"run": "{RUN}"}}\n')
    (folder / "gates" / "lint" / "stdout").write_bytes(b"[]\n")
    (folder / manifest.NAME).write_bytes(manifest.encode(manifest.of(folder)))
    return folder


def root(folder: Path) -> str:
    return manifest.root_of(manifest.of(folder)["files"])


def sent(folder: Path) -> io.BytesIO:
    return io.BytesIO(keep.pack(folder))


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_it_is_kept_once_and_readable_by_its_owner_only(own: Path, tmp_path: Path) -> None:
    place = tmp_path / "staging" / "evidence"
    first = keep.keep(place, RUN, root(own), sent(own))
    assert (first["changed"], first["failed"], tree(place / RUN)) == (True, False, tree(own))
    assert "are free" in first["message"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in (place / RUN).rglob("*") if path.is_file()} == {0o600}
    before = {path: path.stat().st_mtime_ns for path in place.rglob("*")}
    assert keep.keep(place, RUN, root(own), sent(own))["changed"] is False
    assert {path: path.stat().st_mtime_ns for path in place.rglob("*")} == before


def test_other_content_under_the_same_run_is_refused(own: Path, tmp_path: Path) -> None:
    place = tmp_path / "evidence"
    keep.keep(place, RUN, root(own), sent(own))
    kept = tree(place)
    (own / "new").write_text("x")
    (own / manifest.NAME).write_bytes(manifest.encode(manifest.of(own)))
    with pytest.raises(HostError, match="holds other evidence of this run"):
        keep.keep(place, RUN, root(own), sent(own))
    assert tree(place) == kept


def test_a_damaged_copy_is_not_taken_for_the_same(own: Path, tmp_path: Path) -> None:
    place = tmp_path / "evidence"
    keep.keep(place, RUN, root(own), sent(own))
    (place / RUN / "gates" / "lint" / "stdout").write_bytes(b"[}\n")
    with pytest.raises(HostError, match="gates/lint/stdout, byte 1, line 1: one byte was changed"):
        keep.keep(place, RUN, root(own), sent(own))


def test_what_arrives_torn_or_changed_is_not_kept(own: Path, tmp_path: Path) -> None:
    place, whole, right = tmp_path / "evidence", keep.pack(own), root(own)
    for data in (b"", b"no tar", whole[: len(whole) // 2]):
        with pytest.raises(UsageError):
            keep.keep(place, RUN, right, io.BytesIO(data))
    with pytest.raises(UsageError, match="has the root hash"):
        keep.keep(place, RUN, "0" * 64, sent(own))
    (own / "gates" / "lint" / "stdout").write_bytes(b"[}\n")
    with pytest.raises(UsageError, match="did not arrive as it was written: gates/lint/stdout, byte 1"):
        keep.keep(place, RUN, right, sent(own))
    assert list(place.iterdir()) == []


def member(name: str, kind: bytes = tarfile.REGTYPE, size: int = 0) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.size, info.linkname = kind, size, "/etc/passwd"
    return info


@pytest.mark.parametrize(
    ("info", "sentence"),
    [
        (member("../outside"), "outside of its folder"),
        (member("/etc/cron.d/x"), "outside of its folder"),
        (member("a/../../x"), "outside of its folder"),
        (member("link", tarfile.SYMTYPE), "no plain file"),
        (member("hard", tarfile.LNKTYPE), "no plain file"),
        (member("device", tarfile.CHRTYPE), "no plain file"),
        (member("pipe", tarfile.FIFOTYPE), "no plain file"),
        (member("huge", size=keep.MOST_BYTES + 1), "more than 512 MiB"),
    ],
)
def test_nothing_is_written_outside_of_its_place(tmp_path: Path, info: tarfile.TarInfo, sentence: str) -> None:
    data = info.tobuf()  # the header alone says enough
    with pytest.raises(UsageError, match=sentence):
        keep.keep(tmp_path / "state" / "evidence", RUN, "0" * 64, io.BytesIO(data + bytes(10240)))
    assert [path for path in tmp_path.rglob("*") if path.is_file() or path.is_symlink()] == []


def test_too_many_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keep, "MOST_FILES", 2)
    data = b"".join(member(name).tobuf() for name in ("a", "b", "c")) + bytes(10240)
    with pytest.raises(UsageError, match="or 2 files"):
        keep.keep(tmp_path / "evidence", RUN, "0" * 64, io.BytesIO(data))


@pytest.mark.parametrize("run", [None, "..", ".", ".hidden", "a/b", ""])
def test_a_run_is_named_like_one(own: Path, tmp_path: Path, run: str | None) -> None:
    with pytest.raises(UsageError):
        keep.keep(tmp_path / "evidence", run, root(own), sent(own))


def test_what_is_kept_is_told_with_its_damage_and_given_back(own: Path, tmp_path: Path) -> None:
    place, request = tmp_path / "evidence", tmp_path / "requests" / "carbon-staging-abc.json"
    assert keep.kept(tmp_path, None)["runs"] == {}
    keep.keep(place, RUN, root(own), sent(own))
    (tmp_path / "ledger.jsonl").write_bytes(b"{}\n")
    request.parent.mkdir()
    request.write_text('{"anchors": {"staging": {"seq": 1, "hash": "a"}}}')
    told = keep.kept(tmp_path, None)
    assert told["anchors"] == {request.name: {"staging": {"seq": 1, "hash": "a"}}}
    assert told["runs"][RUN]["root_sha256"] == root(own)
    assert (told["runs"][RUN]["findings"], base64.b64decode(told["ledger"])) == ([], b"{}\n")
    back = tmp_path / "back"
    keep.unpack(io.BytesIO(base64.b64decode(keep.kept(tmp_path, RUN)["tar"])), back)
    assert tree(back) == tree(own)
    assert told["message"].startswith(f"{RUN} {root(own)} as it was written")
    (place / RUN / "run.json").unlink()
    assert "run.json: the file is missing" in keep.kept(tmp_path, None)["message"]
    assert {finding["path"] for finding in keep.kept(tmp_path, None)["runs"][RUN]["findings"]} >= {"run.json"}
    with pytest.raises(HostError, match="no evidence of other is kept here"):
        keep.kept(tmp_path, "other")
