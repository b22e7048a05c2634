"""The person at a card writer, as a test plays it."""

from collections.abc import Callable

from drivers.writer_port import WriteStep


class Person:
    """``drivers.writer_port.Progress``: does what is asked for, remembers the steps, and goes away when told to."""

    def __init__(self, acts: dict[WriteStep, Callable[[], object]] | None = None) -> None:
        """Do one of ``acts`` at each step that asks for it."""
        self._acts = dict(acts or {})
        self.steps: list[WriteStep] = []
        self.gone = False

    def at(self, step: WriteStep, act: Callable[[], object]) -> None:
        """Do ``act`` at ``step`` instead."""
        self._acts[step] = act

    def tell(self, step: WriteStep) -> None:
        self.steps.append(step)
        if step in self._acts:
            self._acts[step]()

    def leave(self) -> None:
        """Want no card any more."""
        self.gone = True

    def stopped(self) -> bool:
        return self.gone
