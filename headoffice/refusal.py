"""A request head office does not take: what the API answers instead of what was asked for."""

from typing import NoReturn

from sync.wire import Problem, ProblemCode


class RefusalError(Exception):
    """A refusal with its HTTP ``status`` and its ``problem``; the reason never names a person."""

    def __init__(
        self, status: int, code: ProblemCode, reason: str, *, wanted: int | None = None, available: int | None = None,
    ) -> None:
        self.status = status
        self.problem = Problem(code=code, reason=reason, wanted=wanted, available=available)
        super().__init__(f"{status} {code.value}: {reason}")


def refuse(reason: str, status: int = 400) -> NoReturn:
    """Raise the refusal of a request that does not follow the protocol."""
    raise RefusalError(status, ProblemCode.INVALID, reason)
