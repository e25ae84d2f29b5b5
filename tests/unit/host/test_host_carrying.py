"""Carrying on the hosts: what is left out of a tar, and that nothing but what was offered gets a name."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.module_utils.host import carrying, image_tar, likeness, registry
from ansible_collections.tta.ops.plugins.module_utils.host.engine import Engine
from ansible_collections.tta.ops.plugins.module_utils.host.errors import HostError, UsageError
from ansible_collections.tta.ops.plugins.module_utils.host.processes import Completed
from ansible_collections.tta.ops.plugins.module_utils.host.state import State

CLASSIC = [["Backing Filesystem", "extfs"]]
CONTAINERD = [["driver-type", "io.containerd.snapshotter.v1"]]
LAYERS = ["sha256:" + letter * 64 for letter in "abc"]
WHICH = {"component": "web", "tree": "cafe0123456789"}


class Docker:
    """An engine that keeps images as `docker image inspect` describes them, and notes what it was told."""

    def __init__(self, status: list[list[str]], images: dict[str, dict[str, Any]] | None = None) -> None:
        self.status, self.images = status, images or {}
        self.arrives: dict[str, dict[str, Any]] = {}
        self.told: list[list[str]] = []

    def __call__(self, argv: Sequence[str], *, deadline: float, cwd: str | None = None) -> Completed:
        words = list(argv[1:])
        self.told.append(words)
        if words[0] == "info":
            return Completed(0, json.dumps(self.status), "")
        if words[:2] == ["image", "inspect"]:
            found = self.images.get(words[-1])
            return Completed(0, json.dumps([found]), "") if found else Completed(1, "", "Error: No such image: x")
        if words[0] in ("load", "pull"):
            self.images |= self.arrives
            return Completed(0, "".join(f"Loaded image ID: {one}\n" for one in self.arrives), "")
        if words[0] == "tag":
            self.images[words[1]].setdefault("RepoTags", []).append(words[2])
        if words[:2] == ["image", "rm"]:
            del self.images[words[-1]]
        return Completed(0, "", "")


def image(own: str, command: str = "serve") -> dict[str, Any]:
    """Return an image as the engine describes it."""
    settings = {"Cmd": [command], "Env": ["A=1"], "Labels": None}
    return {
        "Id": own, "Os": "linux", "Architecture": "amd64", "Config": settings, "RootFS": {"Layers": LAYERS}, "Size": 9,
    }  # fmt: skip


def identity(letter: str) -> str:
    return "sha256:" + letter * 64


def offered(own: str, store: str = likeness.CLASSIC) -> dict[str, Any]:
    """Return what a source with the image `own` has offered."""
    one = {"id": own, "name": "tta-ops/web-web:cafe01234567", **likeness.facts(image(own))}
    record = {**WHICH, "commit": "beef", "images": {"web": {"id": own, "digest": None, "reference": "x"}}, "built": "t"}
    return {**WHICH, "artifact": record, "store": store, "images": {"web": one}}


def carry(docker: Docker, root: Path, **request: Any) -> dict[str, Any]:
    return carrying.answer(State(root), Engine(docker), {**WHICH, **request}, lambda *_: None)


def arrived(root: Path, data: bytes = b"a tar") -> dict[str, Any]:
    """Lay a tar down as if the control node had passed it on; return what the source said of the whole one."""
    (root / "carrying").mkdir(parents=True, exist_ok=True)
    (root / "carrying" / "web-x.tar").write_bytes(data)
    return {"name": "web-x.tar", "sha256": hashlib.sha256(b"a tar").hexdigest()}


def names(docker: Docker) -> list[str]:
    return [name for one in docker.images.values() for name in one.get("RepoTags") or []]


def test_what_is_there_is_written_down_and_not_wanted(tmp_path: Path) -> None:
    docker = Docker(CLASSIC, {identity("1"): image(identity("1"))})
    found = carry(docker, tmp_path, **offered(identity("1")), step="want")
    assert found["missing"] == []
    record = json.loads((tmp_path / "artifacts" / "web-cafe01234567.json").read_text())
    assert record["images"]["web"]["id"] == identity("1")
    assert names(docker) == ["tta-ops/web-web:cafe01234567"]


@pytest.mark.parametrize("data", [b"a ta", b"a taR", b""])
def test_a_cut_or_altered_tar_is_refused_before_the_engine_sees_it(tmp_path: Path, data: bytes) -> None:
    docker = Docker(CLASSIC)
    with pytest.raises(HostError, match="cut off or altered: nothing was kept"):
        carry(docker, tmp_path, **offered(identity("1")), step="take", **arrived(tmp_path, data))
    assert not any(words[0] in ("load", "tag") for words in docker.told)
    assert list((tmp_path / "carrying").iterdir()) == []


def test_what_was_offered_is_taken_and_named(tmp_path: Path) -> None:
    docker = Docker(CLASSIC)
    docker.arrives = {identity("1"): image(identity("1"))}
    carry(docker, tmp_path, **offered(identity("1")), step="take", **arrived(tmp_path))
    assert names(docker) == ["tta-ops/web-web:cafe01234567"]


@pytest.mark.parametrize("own", [identity("2"), identity("1")])
def test_another_image_than_the_offered_one_gets_no_name(tmp_path: Path, own: str) -> None:
    docker = Docker(CLASSIC)
    docker.arrives = {own: image(own, "steal" if own == identity("1") else "serve")}
    with pytest.raises(HostError, match="the image of web is not the one that was offered"):
        carry(docker, tmp_path, **offered(identity("1")), step="take", **arrived(tmp_path))
    assert docker.images == {}
    assert not (tmp_path / "artifacts").exists()


def test_between_two_kinds_of_store_it_is_known_by_what_it_is(tmp_path: Path) -> None:
    docker = Docker(CONTAINERD)
    docker.arrives = {identity("2"): image(identity("2"))}
    found = carry(docker, tmp_path, **offered(identity("1")), step="take", **arrived(tmp_path))
    assert found["artifact"]["images"]["web"]["id"] == identity("2")
    docker.arrives = {identity("3"): image(identity("3"), "steal")}
    docker.images = {}
    with pytest.raises(HostError, match="not the one that was offered"):
        carry(docker, tmp_path, **offered(identity("1")), step="take", **arrived(tmp_path))


def test_layers_are_only_left_out_between_two_classic_stores(tmp_path: Path) -> None:
    for own, other in ((CONTAINERD, likeness.CLASSIC), (CLASSIC, likeness.CONTAINERD)):
        docker = Docker(own)
        assert carry(docker, tmp_path, **offered(identity("1"), other), step="want")["chains"] == []


def test_by_a_registry_the_same_is_checked(tmp_path: Path) -> None:
    docker, given = Docker(CLASSIC), offered(identity("1"))
    given["images"]["web"]["pull"] = "registry.example.org/web@sha256:1"
    docker.arrives = {given["images"]["web"]["pull"]: image(identity("2"))}
    with pytest.raises(HostError, match="is not the image of web that was offered"):
        carry(docker, tmp_path, **given, step="fetch")
    docker.arrives = {one: image(identity("1")) for one in (given["images"]["web"]["pull"], identity("1"))}
    assert carry(docker, tmp_path, **given, step="fetch")["artifact"]["images"]["web"]["id"] == identity("1")
    assert ["pull", "--quiet", "registry.example.org/web@sha256:1"] in docker.told


@pytest.mark.parametrize("value", ["", "http://x", "-x", "x/../y", "a b", "x:port", "x/Y", "x;y"])
def test_what_is_no_registry_is_refused(value: str) -> None:
    with pytest.raises(UsageError, match="is no registry"):
        registry.checked(value)
    assert registry.checked("registry.example.org:5000/tta") == "registry.example.org:5000/tta"


@pytest.mark.parametrize("name", ["../x.tar", "x", "/etc/passwd", "x.tar/.."])
def test_a_tar_is_named_by_nothing_but_a_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="is not the name of a tar"):
        carry(Docker(CLASSIC), tmp_path, step="drop", name=name)


def test_without_room_nothing_is_sent(tmp_path: Path) -> None:
    with pytest.raises(HostError, match="MB are needed for the images of web"):
        carry(Docker(CLASSIC), tmp_path, step="room", name="web-x.tar", bytes=1 << 60)


def saved(path: Path, links: bool = False) -> Path:
    """Write what `docker save` would write of one image of three layers."""
    config = json.dumps({"rootfs": {"diff_ids": LAYERS}}).encode()
    members = [f"{number}/layer.tar" for number in range(3)]
    manifest = [{"Config": "config.json", "RepoTags": None, "Layers": members}]
    with tarfile.open(path, "w") as tar:
        for name, data in [("config.json", config), ("manifest.json", json.dumps(manifest).encode())]:
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
        for name in members:
            member = tarfile.TarInfo(name)
            member.size = 4000
            if links and name == members[2]:
                member.type, member.linkname, member.size = tarfile.SYMTYPE, "../0/layer.tar", 0
            tar.addfile(member, io.BytesIO(b"x" * member.size) if member.size else None)
    return path


@pytest.mark.parametrize(
    ("chains", "left"),
    [
        ([], 3),
        ([LAYERS[:2]], 1),
        ([LAYERS], 0),
        ([LAYERS[1:]], 3),
        ([[LAYERS[0], LAYERS[2]]], 2),
        ([[*LAYERS, "d"]], 0),
    ],
)
def test_only_layers_on_the_same_ground_are_left_out(tmp_path: Path, chains: list[list[str]], left: int) -> None:
    whole = saved(tmp_path / "whole.tar")
    spare = image_tar.spare(image_tar.read(whole), chains)
    image_tar.without(whole, tmp_path / "less.tar", spare)
    with tarfile.open(tmp_path / "less.tar") as tar:
        kept = [one for one in tar.getnames() if one.endswith("layer.tar")]
    assert len(kept) == left
    assert image_tar.read(tmp_path / "less.tar") == image_tar.read(whole)


def test_a_layer_that_another_links_to_stays(tmp_path: Path) -> None:
    whole = saved(tmp_path / "whole.tar", links=True)
    image_tar.without(whole, tmp_path / "less.tar", image_tar.spare(image_tar.read(whole), [LAYERS[:2]]))
    with tarfile.open(tmp_path / "less.tar") as tar:
        assert "0/layer.tar" in tar.getnames()
        assert "1/layer.tar" not in tar.getnames()


def test_what_is_no_saved_image_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.tar").write_bytes(b"no tar at all")
    with pytest.raises(HostError, match="not what docker save writes"):
        image_tar.read(tmp_path / "x.tar")
