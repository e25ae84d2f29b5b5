"""Whether what is to go to production is exactly what staging has, or why not. Asked before the judging. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..gates import soak
from ..refusal import Refusal

Entry = Mapping[str, Any]


def require_staged(
    operation: Mapping[str, Any], entries: Iterable[Entry] | None, serving: Mapping[str, Any] | None
) -> None:
    """Refuse an artifact that staging does not have, by its ledger's `entries` (None: nobody could read them).

    `serving` is the record of the release that serves in staging, None when nothing of the component runs there.
    """
    component, artifact = operation["component"], operation["artifact"]
    if entries is None:
        raise Refusal(
            f"staging does not answer, so nobody knows which artifact of {component} it has",
            "an answer of the host that keeps staging's ledger",
            "ansible-playbook status.yml",
        )
    own = [entry for entry in entries if entry["component"] == component]
    tree = str(artifact["tree"])
    if soak.stay(own, "staging", tree).since is None:
        raise _not_there(component, artifact, _standing(own))
    runs = (serving or {}).get("artifact") or {}
    if operation["entry"]["services"] and runs.get("tree") != tree:
        said = f"serves commit {str(runs.get('commit'))[:12]}" if runs else "serves nothing of it"
        raise Refusal(
            f"staging's ledger has {component} at commit {str(artifact['commit'])[:12]}, but staging {said}",
            "exactly the artifact that is to go to production, running in staging",
            f"ansible-playbook deploy.yml -e component={component} -e target=staging",
        )


def _standing(own: Iterable[Entry]) -> Entry | None:
    """Return the promotion by which another artifact is in staging now, if one is."""
    known = list(own)
    trees = [soak.tree_of(entry) for entry in known if entry["event"] == "promoted"]
    stays = [soak.stay(known, "staging", tree).since for tree in reversed(trees)]
    return next((one for one in stays if one), None)


def _not_there(component: str, artifact: Mapping[str, Any], other: Entry | None) -> Refusal:
    commit = str(artifact["commit"])[:12]
    if other is None:
        return Refusal(
            f"{component} at commit {commit} is not in staging, and no stage is skipped",
            "the 7 criteria of staging, then 7 days there",
            f"ansible-playbook promote-staging.yml -e component={component}",
        )
    staged = str((other["artifact"] or {}).get("commit"))[:12]
    if staged == commit:
        return Refusal(
            f"{component} at commit {commit} is in staging with other files than the catalogue gives it now",
            "the catalogue as it was when it was promoted to staging, or a promotion by the new one",
            f"ansible-playbook promote-staging.yml -e component={component}",
        )
    return Refusal(
        f"{component} at commit {commit} is another artifact than the one in staging (commit {staged}, since "
        f"{str(other['at'])[:10]})",
        "exactly the artifact that was observed in staging",
        f"-e component={component} -e version={staged}",
    )
