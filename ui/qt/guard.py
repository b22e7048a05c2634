"""Qt calls back into Python where an exception may end the process: nothing gets past these."""

import functools
import logging
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
_LOG = logging.getLogger(__name__)


def guarded(default: R) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make an override of a Qt method answer ``default`` instead of raising.

    An exception escaping from a model or an event handler can crash the process in C++ (seen with
    ``headerData``). It is logged as an error with its traceback.
    """

    def wrap(method: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(method)
        def answer(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                return method(*args, **kwargs)
            except Exception:  # noqa: BLE001 (whatever it is, it must not reach C++)
                _LOG.exception("fault in %s", method.__qualname__)
                return default

        return answer

    return wrap
