"""A week as it is shown: one mark an hour, never a bare percent while something is unknown, nothing made of tags."""

from __future__ import annotations

import re

from ansible_collections.tta.ops.plugins.module_utils.host.recorder import findings, sentence
from ansible_collections.tta.ops.plugins.plugin_utils.look.report import render
from ansible_collections.tta.ops.plugins.plugin_utils.look.style import Look
from ansible_collections.tta.ops.plugins.plugin_utils.observation import chart, page, strip, terminal
from ansible_collections.tta.ops.plugins.plugin_utils.reports import html
from reported.week import BEGIN, HOSTILE, nothing, week


def test_the_strip_has_one_mark_an_hour_and_the_worst_of_it() -> None:
    days = strip.days(week())
    assert [len(day["hours"]) for day in days] == [24] * 8
    marks = ["".join(strip.MARKS[hour["state"]] for hour in day["hours"]) for day in days]
    assert marks[0] == "·" * 9 + "█" * 12 + "!" + "█" * 2
    assert marks[3].count("?") == 6
    assert marks[5].count("m") in (2, 3)
    assert marks[-1].endswith("·" * 14)
    assert sum(day["up"] + day["down"] + day["unknown"] + day["maintenance"] for day in days) == 10080


def test_the_terminal_says_what_is_unknown_and_never_a_bare_percent() -> None:
    report = terminal.report([week()], [], "/x/carbon.html")
    lines = render(report, Look(width=100))
    assert lines[0].startswith("OBSERVED carbon on staging: inconclusive, up 96.87 % to 99.87 %")
    text = "\n".join(lines)
    assert "the recorder was off 5 h on Sunday, 15 Nov, 09:20" in " ".join(text.split())
    assert re.search(r"Sun 11-15 +█{9}\?{6}█{9} 5 h unknown", text)
    assert "open /x/carbon.html" in text
    assert all(len(line) <= 100 for line in lines)


def test_a_terminal_without_such_marks_gets_others() -> None:
    text = "\n".join(render(terminal.report([week()], [], ""), Look(width=80, unicode=False)))
    assert "█" not in text
    assert "---------############!##" in text
    assert "#########??????#########" in text


def test_several_components_are_a_table() -> None:
    report = terminal.report([week(), nothing()], ["postgres: the ledger is damaged"], "")
    text = "\n".join(render(report, Look(width=120)))
    assert "OBSERVED 2 components, 0 with seven good days" in text
    assert "96.87 % to 99.87 %" in text
    assert "nothing of redis serves" in text
    assert "the ledger is damaged" in text


def test_nothing_observed_says_how_it_begins() -> None:
    assert "nothing is observed" in terminal.report([], [], "")["headline"]


def test_the_page_shows_the_week_and_no_tag_of_a_log() -> None:
    text = html.render(
        page.document([week(), nothing()], ["a <b>problem</b>"], {"carbon": {"sla": {"p95_ms": 150}}}, "r1")
    )
    assert HOSTILE not in text
    assert "&lt;script&gt;" in text
    assert "<script" not in text
    assert "a &lt;b&gt;problem" in text
    assert text.count('class="day"') == 8
    assert "96.87 % to 99.87 %" in text
    assert text.count('class="deploy"') >= 2
    assert "promised p95" in text
    assert "the recorder was off" in text
    assert "nothing of redis serves" in text


def test_a_curve_breaks_where_nobody_looked() -> None:
    drawn = chart.draw(week(), {"p50": 1}, {"promised": 150.0}, [(BEGIN, "deployed")])
    assert drawn is not None
    assert len(drawn.lines["p50"]) == 2
    assert drawn.ticks[-1][1] == "200"
    assert chart.draw({**week(), "hours": []}, {"p50": 1}, {}) is None


def test_the_line_on_the_host_is_the_same_sentence() -> None:
    found = week()
    assert sentence.readable(found).splitlines()[0] == found["headline"]
    assert sentence.headline(nothing()) == "redis on staging: nothing of redis serves"


# findings


def day(date: str, p95: float, memory: float, samples: int = 1440) -> dict[str, object]:
    return {"date": date, "samples": samples, "p95_ms": p95, "memory_mb": memory, "cpu_percent": 1.0}


def test_numbers_are_judged_by_their_ranges_and_by_the_first_day() -> None:
    days = [day("2026-11-12", 20, 40), day("2026-11-13", 29, 60), day("2026-11-14", 60, 90)]
    ranges = {"p95_ms": [None, 50], "watts": [0.1, 500], "co2": [0, 1]}
    read = {"watts": {"min": 0.0, "max": 90.0}}
    found = findings.of_metrics(days, read, ranges)
    assert found["verdict"] == "fail"
    assert found["said"] == [
        "p95_ms was 60 (2026-11-14), declared is at most 50",
        "watts was 0 (the week), declared is 0.1 to 500",
        "p95_ms was 60 ms on 2026-11-14, 20 ms on the first day",
        "memory_mb was 90 MB on 2026-11-14, 40 MB on the first day",
    ]
    assert found["problems"] == ["co2 has a declared range, but was never measured"]
    assert findings.of_metrics(days[:2], {}, {})["verdict"] == "pass"
    assert findings.of_metrics([], {}, {})["verdict"] == "inconclusive"


def error(name: str, day: int, count: int = 1, severity: str = "error") -> dict[str, object]:
    return {
        "fingerprint": name, "day": day, "severity": severity, "kind": "level", "exception": "", "text": f"no {name}",
        "count": count, "first": day * 1440 + 1, "last": day * 1440 + 2,
    }  # fmt: skip


def test_errors_count_by_fingerprint_when_they_are_new_or_critical() -> None:
    found = findings.of_logs(
        100, [error("a", 1, 5), error("a", 2, 5), error("b", 1), error("c", 2, severity="critical")], {"b", "c"}, []
    )
    assert (found["verdict"], found["found"]) == ("fail", 2)
    assert found["said"][0].startswith("10 × no a (error, first on ")
    assert {one["fingerprint"]: one["state"] for one in found["errors"]} == {"a": "new", "b": "known", "c": "known"}


def test_an_error_that_somebody_bears_passes_up_to_its_cap() -> None:
    allow = [{"pattern": "no a", "owner": "jane", "reason": "old", "expires": "2999-01-01", "cap": 5}]
    assert findings.of_logs(100, [error("a", 1, 5), error("a", 2, 5)], set(), [], allow)["verdict"] == "pass"
    assert findings.of_logs(100, [error("a", 1, 6)], set(), [], allow)["verdict"] == "fail"


def test_a_gap_in_the_logs_is_inconclusive() -> None:
    gap = {"slot": 1, "kind": "logs", "text": "not all read"}
    assert findings.of_logs(100, [], set(), [gap])["verdict"] == "inconclusive"
    assert findings.of_logs(0, [], set(), [])["verdict"] == "inconclusive"


def test_every_whole_day_has_to_have_passed_the_tests() -> None:
    good = {"ok": 1, "said": "passed"}
    assert findings.of_tests(True, 100, 3 * 1440 + 5, {1: good, 2: good})["verdict"] == "pass"
    missing = findings.of_tests(True, 100, 3 * 1440 + 5, {1: good})
    assert (missing["verdict"], missing["problems"]) == (
        "inconclusive",
        ["1970-01-03: the integration tests were not run"],
    )
    failed = findings.of_tests(True, 100, 3 * 1440 + 5, {1: {"ok": 0, "said": "2 failed"}, 2: good})
    assert (failed["verdict"], failed["said"]) == ("fail", ["1970-01-02: 2 failed"])
    assert findings.of_tests(False, 0, 9999, {})["verdict"] == "inconclusive"


def test_a_rollback_and_an_incident_of_the_stay_count_and_a_rehearsal_does_not() -> None:
    def entry(seq: int, event: str, **data: object) -> dict[str, object]:
        return {"seq": seq, "event": event, "at": "2026-11-12T09:20:00Z", "release": 2, "data": data}

    entries = [
        entry(1, "incident", severity="high"), entry(3, "returned", rehearsal="r"), entry(4, "returned", rejected=True),
        entry(5, "returned"), entry(6, "incident", severity="critical", kind="security", trigger="key leaked"),
    ]  # fmt: skip
    found = findings.of_incidents(entries, 2)
    assert found["said"] == [
        "2026-11-12T09:20:00Z: rolled back to release 2", "2026-11-12T09:20:00Z: critical security key leaked",
    ]  # fmt: skip
