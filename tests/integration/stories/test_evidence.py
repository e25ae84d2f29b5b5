"""What a promotion rests on: kept twice, decided again from the folder alone, and not to be changed unseen.

The component is a small library without services: nothing is built and nothing runs, so that all of this is quick.
"""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from sites.library import CATALOGUE, FILES
from sites.site import ROOT, Site


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site whose one component was promoted to staging."""
    site = Site(tmp_path_factory.mktemp("evidence"), f"e2e-evidence-{os.getpid()}")
    shutil.rmtree(site.monorepo)
    for name, text in FILES.items():
        (site.monorepo / name).parent.mkdir(parents=True, exist_ok=True)
        (site.monorepo / name).write_text(text)
    subprocess.run(["git", "init", "--quiet", str(site.monorepo)], check=True)
    site.commit("A library")
    (site.inventories / "catalogue.yml").write_text(yaml.safe_dump(CATALOGUE))
    site.runs_by("compose.yml", "example.env")
    done = site.promote("counter")
    assert "PROMOTED counter → staging 7/7" in done.stdout, done.stdout
    yield site


def own(site: Site) -> Path:
    """Return the operator's folder of the promotion's evidence."""
    return min((site.folder / "operator" / "evidence").iterdir())


def copy(site: Site) -> Path:
    """Return the host's copy of it."""
    return next((site.state / "staging" / "evidence").iterdir())


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_host_has_the_same_evidence_and_the_ledger_its_root(library: Site) -> None:
    assert files(copy(library)) == files(own(library))
    promoted = next(entry for entry in library.ledger() if entry["event"] == "promoted")
    assert own(library).name == promoted["run"]
    assert json.loads((own(library) / "manifest.json").read_text())["root_sha256"] == promoted["data"]["evidence_root"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in copy(library).rglob("*") if path.is_file()} == {0o600}
    assert not any(library.secret.encode() in data for data in files(copy(library)).values())


def test_the_root_hash_can_be_had_by_hand(library: Site) -> None:
    by_hand = (
        "find . -type f ! -name manifest.json -printf '%P\\n' | LC_ALL=C sort | xargs -d '\\n' sha256sum | sha256sum"
    )
    done = subprocess.run(["sh", "-c", by_hand], cwd=own(library), capture_output=True, text=True, check=True)
    assert done.stdout.split()[0] == json.loads((own(library) / "manifest.json").read_text())["root_sha256"]


def test_each_ledger_remembers_the_other(library: Site) -> None:
    promoted = next(entry for entry in library.ledger() if entry["event"] == "promoted")
    (anchored,) = library.ledger("production")
    assert anchored["event"] == "anchored"
    assert anchored["data"]["anchors"] == {"staging": {"seq": promoted["seq"], "hash": promoted["hash"]}}


def test_all_of_it_is_verified(library: Site) -> None:
    done = library.play("verify-evidence.yml")
    assert "VERIFIED 13 verdicts of 1 run, 2 ledgers" in done.stdout, done.stdout


def test_a_stricter_policy_would_have_refused_it(library: Site, tmp_path: Path) -> None:
    catalogue = yaml.safe_load((ROOT / "roles/quality_gates/defaults/main/staging.yml").read_text())
    gates = catalogue["quality_gates_catalogue"]
    policy = tmp_path / "stricter.yml"
    policy.write_text(
        yaml.safe_dump([{**gate, "objective": "> 9000"} if gate["name"] == "lint" else gate for gate in gates])
    )
    before = library.snapshot()
    done = library.play("gates.yml", "-e", f"policy={policy}")
    assert "POLICY stricter.yml would have refused 1 of 1 past promotions" in done.stdout, done.stdout
    assert "lint found 0, wanted > 9000" in " ".join(done.stdout.split())
    assert library.snapshot() == before


def test_one_changed_byte_is_named_in_either_copy(library: Site) -> None:
    paths = [folder / "gates" / "lint" / "command.json" for folder in (own(library), copy(library))]
    was = paths[0].read_bytes()
    for place, path in enumerate(paths, start=40):
        path.write_bytes(was[:place] + bytes([was[place] ^ 1]) + was[place + 1 :])
    done = library.play("verify-evidence.yml", "-e", "component=counter", check=False)
    for path in paths:
        path.write_bytes(was)
    assert done.returncode != 0
    told = " ".join(done.stdout.split())
    assert "NOT VERIFIED 2 things are not as they should be" in told
    assert f"{own(library)}: gates/lint/command.json, byte 40, line" in told
    assert f"the copy of {own(library).name} on staging-1: gates/lint/command.json, byte 41, line" in told


def test_a_lost_laptop_loses_no_proof(library: Site, tmp_path: Path) -> None:
    folder = own(library)
    place = folder.parent
    shutil.move(folder, tmp_path / "lost")
    done = library.play("verify-evidence.yml")
    shutil.move(tmp_path / "lost", place / folder.name)
    assert "VERIFIED 13 verdicts of 1 run" in done.stdout, done.stdout
    assert "is only on staging-1" in done.stdout


def test_nothing_is_judged_twice_and_what_is_taken_over_can_be_verified(library: Site) -> None:
    # MATURITY.md and the page are no inputs but of the gate that reads them; there is something to compare the API with
    # now; and who holds a port is looked at each time.
    library.commit("What the toolkit has written")
    done = library.play("gates.yml", "-e", "component=counter", "-e", "stage=staging")
    newest = max((library.folder / "operator" / "evidence").iterdir())
    verdicts = {each["gate"]: each for each in json.loads((newest / "verdicts.json").read_text())}
    anew = {gate for gate, verdict in verdicts.items() if not verdict["reused_from"]}
    assert anew == {"features", "api-stable", "compose-file"}, done.stdout
    assert {verdict["reused_from"] for verdict in verdicts.values()} == {None, own(library).name}
    assert "VERIFIED 26 verdicts of 2 runs" in library.play("verify-evidence.yml").stdout


def test_a_ledger_that_was_cut_off_stops_everything_and_is_named(library: Site) -> None:
    ledger = library.state / "staging" / "ledger.jsonl"
    was = ledger.read_bytes()
    ledger.write_bytes(b"".join(was.splitlines(keepends=True)[:-1]))
    refused, verified = library.promote("counter", check=False), library.play("verify-evidence.yml", check=False)
    ledger.write_bytes(was)
    assert "NOTHING DONE promote-staging: the ledger of staging is too short" in refused.stdout
    told = " ".join(verified.stdout.split())
    assert "NOT VERIFIED" in told
    assert "the ledger of staging is too short: entry 1 is missing" in told
