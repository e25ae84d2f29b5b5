"""Gates side by side: in order, within the cores there are, each with a verdict whatever happens."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.gates import judge as judging
from ansible_collections.tta.ops.plugins.plugin_utils.gates.baseline import Baseline
from ansible_collections.tta.ops.plugins.plugin_utils.gates.bench import Bench
from ansible_collections.tta.ops.plugins.plugin_utils.gates.cores import Cores
from ansible_collections.tta.ops.plugins.plugin_utils.gates.measurement import Measurement
from quick_indicators import FINE, checked, gate, judged, quick, subject


class Seen:
    """What ran, in its order, and how many at once."""

    def __init__(self, seconds: float = 0.02) -> None:
        self.order: list[str] = []
        self.most = self._now = 0
        self._seconds, self._lock = seconds, threading.Lock()

    def __call__(self, name: str, bench: Bench) -> Measurement:
        with self._lock:
            self.order.append(name)
            self._now += 1
            self.most = max(self.most, self._now)
        time.sleep(self._seconds)
        with self._lock:
            self._now -= 1
        return FINE


def test_gates_run_side_by_side_within_the_cores_there_are(tmp_path: Path) -> None:
    seen = Seen()
    with quick(seen):
        judged(checked(*(gate(f"g{n}") for n in range(6))), tmp_path, cores=Cores(2))
    assert seen.most == 2


def test_a_weighted_gate_takes_its_cores_and_one_heavier_than_the_machine_all_of_them(tmp_path: Path) -> None:
    seen = Seen()
    with quick(seen):
        judged(checked(gate("a"), gate("b", weight=64), gate("c")), tmp_path, cores=Cores(3))
    assert seen.most <= 2  # never b beside another


def test_heavy_gates_run_beside_and_one_at_a_time(tmp_path: Path) -> None:
    heavy, light_ran = Seen(), threading.Event()

    def does(name: str, bench: Bench) -> Measurement:
        if name == "light":
            light_ran.set()
            return FINE
        assert light_ran.wait(10)  # the only core is not what a heavy one waits on
        return heavy(name, bench)

    with quick(does):
        gates = checked(gate("h1", heavy=True, seconds=300), gate("h2", heavy=True, seconds=300), gate("light"))
        done = judged(gates, tmp_path, cores=Cores(1))
    assert heavy.most == 1
    assert {one.verdict["verdict"] for one in done.values()} == {"pass"}


def test_after_is_an_order_even_when_the_first_one_fails(tmp_path: Path) -> None:
    seen = Seen()

    def does(name: str, bench: Bench) -> Measurement:
        seen(name, bench)
        return Measurement(document={"found": 3, "looked": 1}) if name == "a" else FINE

    with quick(does):
        done = judged(checked(gate("c", after=["b"]), gate("b", after=["a"]), gate("a")), tmp_path, cores=Cores(3))
    assert seen.order == ["a", "b", "c"]
    assert [done[name].verdict["verdict"] for name in "abc"] == ["fail", "pass", "pass"]


def test_a_gate_after_one_that_is_not_judged_now_runs(tmp_path: Path) -> None:
    with quick(Seen()):
        _, late = checked(gate("a"), gate("b", after=["a"]))
        assert judged([late], tmp_path)["b"].verdict["verdict"] == "pass"


def test_gates_that_measure_the_same_are_measured_once(tmp_path: Path) -> None:
    seen = Seen()
    with quick(seen):
        done = judged(checked(gate("a", measures="x"), gate("b", measures="x", objective="<= 1")), tmp_path)
    assert seen.order == ["x"]
    assert done["a"].measurement is done["b"].measurement


def test_sharing_a_measurement_makes_no_circle(tmp_path: Path) -> None:
    """`first` and `last` measure the same, `between` comes after one and before the other."""
    seen = Seen()
    with quick(seen):
        gates = checked(
            gate("first", measures="x"),
            gate("between", after=["first"]),
            gate("last", measures="x", after=["between"]),
        )
        assert len(judged(gates, tmp_path)) == 3
    assert seen.order == ["x", "between", "x"]


def test_many_components_share_the_cores_and_none_is_forgotten(tmp_path: Path) -> None:
    seen, cores = Seen(0.002), Cores(2)

    def component(number: int) -> list[str]:
        folder = tmp_path / str(number)
        folder.mkdir()
        gates = [gate(f"g{n}", weight=1 + n % 3) for n in range(4)]
        gates += [gate("h", heavy=True), gate("z", after=["g0", "h"])]
        done = judged(checked(*gates), folder, cores=cores)
        return [one.verdict["verdict"] for one in done.values()]

    with quick(seen), ThreadPoolExecutor(20) as pool:
        verdicts = list(pool.map(component, range(20), timeout=30))
    assert verdicts == [["pass"] * 6] * 20
    assert seen.most <= 3  # two cores, and one heavy place beside


def test_an_indicator_that_breaks_is_one_inconclusive_verdict(tmp_path: Path) -> None:
    def does(name: str, bench: Bench) -> Measurement:
        if name == "a":
            raise RuntimeError("boom")
        return FINE

    with quick(does):
        done = judged(checked(gate("a"), gate("b")), tmp_path)
    assert done["a"].verdict["cause"] == "the indicator quick broke: RuntimeError: boom"
    assert (done["a"].verdict["verdict"], done["b"].verdict["verdict"]) == ("inconclusive", "pass")


def test_a_stopped_run_waits_for_no_core(tmp_path: Path) -> None:
    stop = threading.Event()

    def does(name: str, bench: Bench) -> Measurement:
        stop.set()
        return FINE

    with quick(does):
        done = judged(checked(*(gate(f"g{n}") for n in range(4))), tmp_path, cores=Cores(1), stop=stop)
    causes = [one.verdict["cause"] for one in done.values()]
    assert causes.count("the run was stopped before its turn came") == 3


def test_an_interruption_ends_what_runs_and_goes_on_upwards(tmp_path: Path) -> None:
    def does(name: str, bench: Bench) -> Measurement:
        assert bench.stop.wait(10)
        return FINE

    def interrupted(line: str) -> None:
        raise KeyboardInterrupt

    with quick(does), pytest.MonkeyPatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(judging, "STILL_RUNNING_SECONDS", 0.05)
        judging.judge(checked(gate("a"), gate("b")), subject(tmp_path), tmp_path / "s", interrupted, threading.Event())


def test_progress_says_which_run_and_which_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "STILL_RUNNING_SECONDS", 0.05)
    lines: list[str] = []
    with quick(Seen(0.2)):
        judged(checked(gate("a", seconds=300), gate("b")), tmp_path, cores=Cores(1), lines=lines)
    assert "     … still running: a; waiting for a core: b" in lines
    assert lines[-1].startswith("  ok b: 0 (")


def test_each_gate_has_its_own_time_and_its_own_folder(tmp_path: Path) -> None:
    benches: dict[str, Bench] = {}

    def does(name: str, bench: Bench) -> Measurement:
        benches[name] = bench
        return FINE

    with quick(does):
        judged(checked(gate("a", seconds=7), gate("b", seconds=300)), tmp_path)
    assert benches["a"].scratch != benches["b"].scratch
    assert benches["a"].environment()["TMPDIR"].startswith(str(benches["a"].scratch))
    assert 6 < benches["a"].left <= 7 and 299 < benches["b"].left <= 300


def test_a_relative_gate_gets_its_baseline(tmp_path: Path) -> None:
    def does(name: str, bench: Bench) -> Measurement:
        return Measurement(document={"found": 12, "looked": 1})

    lines: list[str] = []
    baselines = {"slow": Baseline("avg", 10.0, (("run-1", 10.0),))}
    with quick(does):
        gates = checked(gate("slow", objective="<= +10%"), gate("new", objective="<= +10%"))
        done = judged(gates, tmp_path, baselines=baselines, lines=lines)
    assert done["slow"].verdict["verdict"] == "fail"
    assert done["slow"].verdict["baseline"]["results"] == [{"run": "run-1", "found": 10.0}]
    assert done["new"].verdict["warning"] == "no earlier passing result to compare with"
    assert any(line.endswith("s); no earlier passing result to compare with") for line in lines)


@pytest.mark.parametrize("touch", [lambda path: path.write_text("x = 2\n"), lambda path: path.unlink()])
def test_changing_a_judged_file_lets_nothing_pass_from_then_on(tmp_path: Path, touch: Callable[[Path], object]) -> None:
    def does(name: str, bench: Bench) -> Measurement:
        if name == "bad":
            touch(bench.subject.export / "lamp.py")
        return FINE

    (tmp_path / "export").mkdir()
    (tmp_path / "export" / "lamp.py").write_text("x = 1\n")
    with quick(does):
        gates = checked(gate("early"), gate("bad", after=["early"]), gate("late", after=["bad"]))
        done = judged(gates, tmp_path)
    assert done["early"].verdict["verdict"] == "pass"
    for name in ("bad", "late"):
        assert done[name].verdict["verdict"] == "inconclusive"
        cause = "judged files were changed while judging: lamp.py (meanwhile ran: bad)"
        assert done[name].verdict["cause"].startswith(cause)


def test_writing_a_judged_file_back_is_noticed_and_new_files_are_free(tmp_path: Path) -> None:
    def does(name: str, bench: Bench) -> Measurement:
        (bench.subject.export / f"new-{name}").write_text("x")
        if name == "sly":
            path = bench.subject.export / "lamp.py"
            path.write_text("x = 2\n")
            path.write_text("x = 1\n")
        return FINE

    (tmp_path / "export").mkdir()
    (tmp_path / "export" / "lamp.py").write_text("x = 1\n")
    with quick(does):
        done = judged(checked(gate("fine"), gate("sly", after=["fine"])), tmp_path)
    assert (done["fine"].verdict["verdict"], done["sly"].verdict["verdict"]) == ("pass", "inconclusive")
