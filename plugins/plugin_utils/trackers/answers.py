"""What an answer of GitHub that is no success means, and what to do about it: one sentence each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from .interface import Unsent
from .settings import Settings

NEEDED = "issues and milestones: read and write (a classic token: the scope repo)"
NEEDED_BOARD = "projects: read and write (a classic token: the scope project)"

SOON = timedelta(days=7)


def no_token(settings: Settings) -> Unsent:
    """The variable is empty."""
    return Unsent(
        f"{settings.token_env} is not set; wanted: a token for {settings.repository} with {NEEDED};"
        f" next: put it into {settings.token_env} and run the same command again"
    )


def odd_token(settings: Settings) -> Unsent:
    """What the variable has cannot be a token."""
    return Unsent(
        f"{settings.token_env} has spaces, line ends or other characters that no token has; wanted: the token alone;"
        f" next: set {settings.token_env} anew and run the same command again"
    )


def expiring(settings: Settings, until: str, now: datetime) -> str:
    """Return a sentence about a token that expires soon; `until` as GitHub says it, such as 2026-12-01 10:00:00 UTC."""
    try:
        end = datetime.strptime(until[:10], "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return ""
    if end - now > SOON:
        return ""
    return f"the token in {settings.token_env} expires on {until[:10]}; next: make a new one before"


def explained(status: int, headers: Mapping[str, str], value: Any, call: str, settings: Settings) -> Unsent:
    """Return what an answer with `status` (from 300 on) to `call` (such as "POST /repos/o/n/issues") means."""
    where, token = settings.repository, settings.token_env
    said = _said(value)
    if status == 401:
        return Unsent(
            f"GitHub does not know the token in {token}, which is wrong, revoked or expired; wanted: a valid one;"
            f" next: make a new token, put it into {token}, and run the same command again"
        )
    lacking = _lacking(headers)
    if status == 404 and lacking:
        return Unsent(
            f"{where} is not there, or the token in {token} may not {call}: {lacking}; next: give the token that right,"
            " or write the repository's name as owner/name into monorepo.tracker"
        )
    if status == 403 and lacking and "archived" not in said.lower():
        return Unsent(
            f"the token in {token} may not {call}: {lacking}; next: give the token that right and run the same again"
        )
    if status == 403 and "archived" in said.lower():
        return Unsent(
            f"{where} is archived, nothing can be written there; wanted: a live repository for monorepo.tracker"
        )
    if status == 403:
        return Unsent(f"the token in {token} may not {call} ({said or 'forbidden'}); wanted: {NEEDED}")
    if status == 410 and "issue" in said.lower() and "disabled" in said.lower():
        return Unsent(f"issues are switched off in {where}; next: switch them on in its settings")
    if status == 404:
        return Unsent(
            f"{where} is not there for the token in {token} ({call} answers 404); wanted: monorepo.tracker.repository"
            f" as owner/name, and a token with {NEEDED}"
        )
    if status == 422:
        return Unsent(f"GitHub refuses {call}: {said or 'validation failed'}", alone=True)
    if status in (301, 302, 307, 308):
        return Unsent(f"{where} has moved; wanted: its new name as monorepo.tracker.repository")
    if status >= 500:
        return Unsent(f"GitHub answers {status} to {call}; what waits is sent by the next run", again=True)
    return Unsent(f"GitHub answers {status} to {call} ({said or 'without a reason'})", alone=True)


def insufficient(settings: Settings, said: str) -> Unsent:
    """The token lacks what the board needs."""
    return Unsent(
        f"the token in {settings.token_env} may not write the project {settings.project} of {settings.owner}"
        f" ({said}); wanted: {NEEDED_BOARD}",
        alone=True,
    )


def _lacking(headers: Mapping[str, str]) -> str:
    """Say which right is missing, as far as GitHub tells; "" when it does not."""
    fine = headers.get("x-accepted-github-permissions")
    if fine:
        ways = [" and ".join(one.strip().replace("=", ": ") for one in way.split(",")) for way in fine.split(";")]
        return f"wanted: the permission {', or '.join(ways)}"
    if "x-oauth-scopes" not in headers:
        return ""
    has = {each.strip() for each in headers["x-oauth-scopes"].split(",") if each.strip()}
    accepted = [each.strip() for each in headers.get("x-accepted-oauth-scopes", "").split(",") if each.strip()]
    wanted = accepted or ["repo"]
    if has & {*wanted, "repo"}:
        return ""
    return f"it has the scopes {', '.join(sorted(has)) or 'none'}, wanted: {' or '.join(wanted)}"


def _said(value: Any) -> str:
    """Return GitHub's own words on one line, short and printable."""
    if not isinstance(value, Mapping):
        return ""
    parts = [str(value.get("message") or "")]
    for error in value.get("errors") or []:
        if isinstance(error, Mapping):
            parts.append(
                str(error.get("message") or " ".join(str(error.get(key, "")) for key in ("resource", "field", "code")))
            )
        else:
            parts.append(str(error))
    text = "; ".join(" ".join(part.split()) for part in parts if part.strip())
    return "".join(each for each in text if each.isprintable())[:300]
