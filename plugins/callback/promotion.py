"""How a run of tta.ops looks: the guide's steps as they happen, the outcome in the first line of the end."""

from __future__ import annotations

import atexit
import functools
import time
from collections.abc import Callable
from typing import Any

from ansible import context
from ansible.playbook.task_include import TaskInclude
from ansible.plugins.callback.default import CallbackModule as Default
from ansible.utils import color as ansible_color

from ..plugin_utils import (
    bytecode,  # noqa: F401 - before all others: it has them kept compiled
    garbage,  # noqa: F401 - early: it spares the run the collector's passes
)
from ..plugin_utils.look import steps
from ..plugin_utils.look.ending import Facts, Trouble, ending
from ..plugin_utils.look.redact import Redactor
from ..plugin_utils.look.results import changed, components_of, message_of, reports_of
from ..plugin_utils.look.secrets import names_of, secrets_of
from ..plugin_utils.look.terminal import Terminal

DOCUMENTATION = """
    name: promotion
    type: stdout
    short_description: the steps of a promotion, and its outcome
    description:
        - Shows each play as a numbered step with its time, long tasks as they run, failures, and at the end
          what came out (the last C(report) in a task's result), headline first.
        - With C(-v) and more it shows what M(ansible.builtin.default) shows.
        - Values of the inventory variable C(environment_values) are replaced by C(***) at any verbosity.
    extends_documentation_fragment:
        - default_callback
        - result_format_callback
"""


def _in_detail(inherited: Callable[..., None]) -> Callable[..., None]:
    """The default callback's method, called from ``-v`` on only."""

    @functools.wraps(inherited)
    def method(self: CallbackModule, *args: Any, **kwargs: Any) -> None:
        if self._display.verbosity:
            inherited(self, *args, **kwargs)

    return method


class _Step:
    """A play as the reader sees it."""

    def __init__(self, number: int, name: str) -> None:
        self.number, self.name, self.began, self.failed = number, name, time.monotonic(), False


def _name(task: Any) -> str:
    """What the task does, without the role that it stands in."""
    return str(task.name or task.get_name()).strip()


class _Task:
    """The task that runs now."""

    def __init__(self, name: str) -> None:
        self.name, self.began, self.announced = name, time.monotonic(), False

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began


class CallbackModule(Default):
    """The stdout callback; from ``-v`` on it is the default one, with the same end and without secrets."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "tta.ops.promotion"

    def __init__(self) -> None:
        """Take over Ansible's display before anything is shown."""
        super().__init__()
        self._began = time.monotonic()
        self._facts = Facts()
        self._redactor = Redactor()
        self._step: _Step | None = None
        self._task: _Task | None = None
        self._untold: Trouble | None = None
        self._variables: Any = None
        self._checked = False
        self._terminal = Terminal(self._display, self._redactor, bool(ansible_color.ANSIBLE_COLOR))
        atexit.register(self._terminal.release_warnings)  # also when Ansible stops before the end

    @property
    def _quiet(self) -> bool:
        return bool(self._display.verbosity == 0)

    def _learn(self, variables: Any, lookups: bool) -> None:
        self._variables = variables
        self._redactor.leave(names_of(variables))
        self._redactor.learn(secrets_of(variables, lookups))

    # The run and its steps

    def v2_playbook_on_start(self, playbook: Any) -> None:
        """Learn the secrets before anything, the command line at -vvvv too, is shown."""
        plays = playbook.get_plays()
        self._facts.planned += len(plays)
        for play in plays[:1]:
            self._learn(play.get_variable_manager(), lookups=False)
        if not self._quiet:
            super().v2_playbook_on_start(playbook)
            return
        self._terminal.keep_warnings()
        self._terminal.animate(self._live)

    def v2_playbook_on_play_start(self, play: Any) -> None:
        """A play is a step of the guide."""
        self._play = play
        self._facts.begun += 1
        self._learn(play.get_variable_manager(), lookups=self._checked)
        name = play.get_name().strip()
        if not self._quiet:
            self._step = _Step(0, name)
            super().v2_playbook_on_play_start(play)
            return
        self._end_task()
        if self._step and self._step.name == name:  # two plays of one name are one step of the guide
            return
        self._end_step()
        self._step = _Step(self._step.number + 1 if self._step else 1, name)
        self._terminal.line(steps.step_line(self._step.number, name, self._terminal.look))

    def v2_playbook_on_stats(self, stats: Any) -> None:
        """The end: what came out, headline first, then warnings."""
        if self._quiet:
            self._untold = None  # the end tells it
            self._end_task()
            self._end_step()
        else:
            super().v2_playbook_on_stats(stats)
        self._facts.failed |= bool(stats.failures or stats.dark)
        self._facts.seconds = time.monotonic() - self._began
        self._terminal.close()
        self._terminal.line()
        for line in ending(self._facts, self._terminal.look):
            self._terminal.line(line)
        self._terminal.release_warnings()

    def _end_step(self) -> None:
        if self._step:
            verdict = "fail" if self._step.failed else "pass"
            self._terminal.line(steps.step_done(verdict, time.monotonic() - self._step.began, self._terminal.look))

    # Tasks

    def v2_playbook_on_task_start(self, task: Any, is_conditional: bool) -> None:
        """A task begins; it is on the live line only."""
        if not self._quiet:
            super().v2_playbook_on_task_start(task, is_conditional)
            return
        self._begin_task(task)

    def v2_playbook_on_handler_task_start(self, task: Any) -> None:
        """A handler is a task."""
        if not self._quiet:
            super().v2_playbook_on_handler_task_start(task)
            return
        self._begin_task(task)

    def _begin_task(self, task: Any) -> None:
        self._end_task()
        self._task = _Task(_name(task))

    def _end_task(self) -> None:
        task, self._task = self._task, None
        if task and task.seconds >= steps.LONG_TASK:
            self._terminal.line(steps.long_task_done(task.name, task.seconds, self._terminal.look))
        self._tell()

    def _tell(self) -> None:
        """Say what a failed task said, when the run goes on after it."""
        trouble, self._untold = self._untold, None
        if trouble:
            for line in steps.task_message(trouble.message, self._terminal.look):
                self._terminal.line(line)

    def _live(self, frame: int) -> str | None:
        task = self._task
        if task is None:
            return None
        look = self._terminal.look
        if not self._terminal.is_tty and not task.announced and task.seconds >= steps.LONG_TASK:
            task.announced = True
            self._terminal.line(steps.still_running(task.name, task.seconds, look))
        return steps.live_line(task.name, task.seconds, frame, look)

    # Results

    def v2_runner_on_ok(self, result: Any) -> None:
        """Keep the report; show what debug says, and in check mode what would change."""
        if not self._checked and not isinstance(result.task, TaskInclude):
            # the first task of every playbook checks what was typed: from now on secrets may be made
            self._checked = True
            self._learn(self._variables, lookups=True)
        self._saw(result)
        if not self._quiet:
            super().v2_runner_on_ok(result)
            return
        self._handle_warnings_and_exception(result)
        if result.result.get("_ansible_verbose_always") and "msg" in result.result:
            for line in steps.task_message(message_of(result.result), self._terminal.look):
                self._terminal.line(line)
        if changed(result.result) and context.CLIARGS.get("check"):
            self._terminal.line(steps.would_change(_name(result.task), self.host_label(result), self._terminal.look))

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        """Name the task; its message follows when the run goes on, else at the end."""
        trouble = self._trouble(result)
        self._saw(result)
        self._facts.trouble = trouble
        if not ignore_errors and not reports_of(result.result):
            self._facts.report = None
        if not self._quiet:
            super().v2_runner_on_failed(result, ignore_errors=ignore_errors)
            return
        self._tell()
        self._handle_warnings(result.result)
        if self._step and not ignore_errors:
            self._step.failed = True
        self._untold = trouble
        self._terminal.line(steps.task_failed(trouble.task, trouble.host, self._terminal.look, ignored=ignore_errors))

    def v2_runner_on_unreachable(self, result: Any) -> None:
        """Name the host that gave no answer."""
        trouble = self._trouble(result, unreachable=True)
        ignored = bool(result.task.ignore_unreachable)
        self._facts.trouble = trouble
        if not ignored:
            self._facts.report = None
        if not self._quiet:
            super().v2_runner_on_unreachable(result)
            return
        self._tell()
        if self._step and not ignored:
            self._step.failed = True
        self._untold = trouble
        self._terminal.line(
            steps.task_failed(f"{trouble.task}: no answer", trouble.host, self._terminal.look, ignored=ignored)
        )

    def _saw(self, result: Any) -> None:
        self._facts.tasks += 1
        self._redactor.leave(components_of(result.result))
        self._facts.changed += changed(result.result)
        for report in reports_of(result.result):
            self._facts.saw(self._redactor.value(report))

    def _trouble(self, result: Any, unreachable: bool = False) -> Trouble:
        return Trouble(
            step=self._step.name if self._step else "",
            task=_name(result.task),
            host=self.host_label(result),
            message=self._redactor.text(message_of(result.result)),
            unreachable=unreachable,
        )

    def v2_on_file_diff(self, result: Any) -> None:
        """With --diff, show the differences without a banner."""
        if not self._quiet:
            super().v2_on_file_diff(result)
            return
        results = result.result.get("results") if result.task.loop else [result.result]
        for single in results or []:
            if single.get("diff") and single.get("changed"):
                self._terminal.line(self._get_diff(single["diff"]))

    # What the default shows of a task's inner life, a reader of steps does not need

    v2_runner_on_skipped = _in_detail(Default.v2_runner_on_skipped)
    v2_runner_on_start = _in_detail(Default.v2_runner_on_start)
    v2_runner_item_on_ok = _in_detail(Default.v2_runner_item_on_ok)
    v2_runner_item_on_failed = _in_detail(Default.v2_runner_item_on_failed)
    v2_runner_item_on_skipped = _in_detail(Default.v2_runner_item_on_skipped)
    v2_runner_retry = _in_detail(Default.v2_runner_retry)
    v2_runner_on_async_poll = _in_detail(Default.v2_runner_on_async_poll)
    v2_runner_on_async_ok = _in_detail(Default.v2_runner_on_async_ok)
    v2_runner_on_async_failed = _in_detail(Default.v2_runner_on_async_failed)
    v2_playbook_on_include = _in_detail(Default.v2_playbook_on_include)
    v2_playbook_on_no_hosts_matched = _in_detail(Default.v2_playbook_on_no_hosts_matched)
    v2_playbook_on_no_hosts_remaining = _in_detail(Default.v2_playbook_on_no_hosts_remaining)
