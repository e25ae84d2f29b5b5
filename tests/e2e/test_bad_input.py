"""Bad input: one clear sentence with the next thing to type, exit code ≠ 0, nothing changed, no traceback."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from pathlib import Path

import pytest
import yaml
from sites.site import ROOT, Site

PWNED = Path(tempfile.gettempdir()) / f"tta-ops-pwned-{os.getpid()}"
HOSTILE = {
    "unknown": "carbn",
    "path": "../../x",
    "shell": f"'; touch {PWNED}; '",
    "template": f"{{{{ lookup('pipe', 'touch {PWNED}') }}}}",
    "make": f"$(shell touch {PWNED})",
    "empty": "",
    "newline": "carbon\nredis",
    "long": "a" * 300,
}


def assert_refused(site: Site, output: str, code: int, *words: str) -> None:
    """Check the four promises of a refusal."""
    assert code != 0, output
    assert "Traceback" not in output
    for word in ("NOTHING DONE", *words):
        assert word in output, output
    assert site.containers() == {}
    assert site.ledger() == []
    assert site.git("status", "--porcelain") == ""


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_names(site: Site, kind: str) -> None:
    done = site.play("promote-staging.yml", "-e", json.dumps({"component": HOSTILE[kind]}), check=False)
    assert_refused(
        site, done.stdout, done.returncode, "one of carbon", "ansible-playbook promote-staging.yml -e component="
    )
    assert not PWNED.exists()


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_names_through_make(site: Site, kind: str) -> None:
    done = subprocess.run(
        ["make", "--no-print-directory", "promote-staging", f"component={HOSTILE[kind]}", f"monorepo={site.monorepo}"],
        cwd=ROOT,
        env={**os.environ, "yes": "1", "ANSIBLE_INVENTORY": inventories(site)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert_refused(site, done.stdout + done.stderr, done.returncode, "one of carbon")
    assert not PWNED.exists()


def inventories(site: Site) -> str:
    return f"{site.inventories / 'staging-homelab'},{site.inventories / 'production'}"


def test_a_missing_component(site: Site) -> None:
    done = site.play("promote-staging.yml", check=False)
    assert_refused(site, done.stdout, done.returncode, "component is missing", "one of carbon")


def test_an_unknown_target(site: Site) -> None:
    done = site.play("genesis.yml", "-e", "component=redis", "-e", "target=prod", "-e", "reason=x", check=False)
    assert_refused(site, done.stdout, done.returncode, "target='prod' is unknown", "staging, production")


def test_a_limit_elsewhere(site: Site) -> None:
    done = site.promote("carbon", "--limit", "production-1", check=False)
    assert_refused(site, done.stdout, done.returncode, "--limit production-1 leaves out")


def test_an_empty_group(site: Site, tmp_path: Path) -> None:
    empty = tmp_path / "inventories" / "staging-homelab"
    empty.mkdir(parents=True)
    (empty / "hosts.yml").write_text(yaml.safe_dump({"staging": {"hosts": {}}}))
    (empty.parent / "catalogue.yml").write_bytes((site.inventories / "catalogue.yml").read_bytes())
    command = ["ansible-playbook", "promote-staging.yml", "-i", str(empty), "-i", str(site.inventories / "production")]
    done = subprocess.run(
        [*command, "-e", "component=carbon", "-e", f"monorepo={site.monorepo}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert_refused(site, done.stdout + done.stderr, done.returncode, "the group staging has no hosts")


def test_a_host_in_both_environments(site: Site, tmp_path: Path) -> None:
    extra = tmp_path / "hosts.yml"
    extra.write_text(yaml.safe_dump({"production": {"hosts": {"staging-1": {}}}}))
    done = site.promote("carbon", "-i", str(extra), check=False)
    assert_refused(site, done.stdout, done.returncode, "staging-1 is in staging and in production")


@pytest.mark.parametrize(("monorepo", "sentence"), [("/nowhere", "is no folder"), ("/usr", "is no git checkout")])
def test_a_monorepo_that_is_none(site: Site, monorepo: str, sentence: str) -> None:
    done = site.promote("carbon", "-e", f"monorepo={monorepo}", check=False)
    assert_refused(site, done.stdout, done.returncode, sentence)


def test_a_dirty_component(site: Site) -> None:
    readme = site.monorepo / "src/components/carbon/README.md"
    kept = readme.read_bytes()
    readme.write_bytes(kept + b"\nedited\n")
    try:
        done = site.promote("carbon", check=False)
    finally:
        readme.write_bytes(kept)
    assert_refused(
        site, done.stdout, done.returncode, "uncommitted files: src/components/carbon/README.md", "allow_dirty"
    )


def test_a_missing_secret(site: Site) -> None:
    done = site.promote("carbon", "-e", json.dumps({"environment_values": {"REDIS_PASSWORD": "changeme"}}), check=False)
    assert_refused(site, done.stdout, done.returncode, "no real value for POSTGRES_PASSWORD, REDIS_PASSWORD")


def test_docker_not_answering(site: Site) -> None:
    done = site.play(
        "promote-staging.yml", "-e", "component=carbon", check=False, DOCKER_HOST="unix:///nonexistent/docker.sock"
    )
    assert_refused(site, done.stdout, done.returncode, "Docker does not answer on staging-1", "prepare-host.yml")


def test_an_unreadable_maturity_file(site: Site) -> None:
    path = site.monorepo / "src/components/carbon/MATURITY.md"
    kept = path.read_bytes()
    path.write_bytes(b"\xff\xfe\x00 not text")
    site.commit("Mangle it")
    try:
        done = site.promote("carbon", check=False)
    finally:
        path.write_bytes(kept)
        site.commit("Mend it")
    assert done.returncode != 0
    assert "Traceback" not in done.stdout
    assert "MATURITY.md" in done.stdout
    assert "NOT PROMOTED" in done.stdout
    assert site.containers() == {}
    assert site.ledger() == []
