from __future__ import annotations

from ansible_collections.tta.ops.plugins.plugin_utils.look import results, steps
from ansible_collections.tta.ops.plugins.plugin_utils.look.style import Look
from ansible_collections.tta.ops.plugins.plugin_utils.look.wrap import cells


def test_durations() -> None:
    assert [steps.duration(value) for value in (0.04, 9.94, 12.3, 59.4, 60, 125)] == [
        "0.0 s",
        "9.9 s",
        "12 s",
        "59 s",
        "1 min 0 s",
        "2 min 5 s",
    ]


def test_the_live_line_is_never_wider_than_the_terminal() -> None:
    for width in (30, 80):
        line = steps.live_line("a task with a very long name indeed, longer than a telephone", 5, 3, Look(width=width))
        assert cells(line) < width
        assert line.endswith("5.0 s")


def test_a_failed_task_names_its_host_unless_it_is_this_one() -> None:
    assert steps.task_failed("Deploy", "staging-1", Look()) == "  no Deploy [staging-1]"
    assert steps.task_failed("Judge", "localhost", Look(), ignored=True) == "  ?? Judge (the run goes on)"


def test_messages() -> None:
    assert results.message_of({"msg": ["a", "b"]}) == "a\nb"
    assert results.message_of({"msg": "non-zero return code", "stderr": "x\nlast"}) == ("non-zero return code: last")
    assert results.message_of(
        {"msg": "items failed", "results": [{"msg": "fine"}, {"failed": True, "msg": "why"}]}
    ) == ("why")
    assert "-v" in results.message_of({})


def test_reports_of_loops_and_of_others() -> None:
    report = {"headline": "x"}
    assert results.reports_of({"results": [{"report": report}]}) == [report]
    assert results.reports_of({"report": "a text"}) == []
