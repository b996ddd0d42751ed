"""What is made once and then kept by its name, such as pages and charts of a publication."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Any, TypeVar

Kept = TypeVar("Kept")


class Shelf:
    """Things by their names. Of more than `most` the one goes that nobody asked for longest; None: all are kept."""

    def __init__(self, most: int | None = None) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._made: OrderedDict[Hashable, Any] = OrderedDict()
        self._in_making: dict[Hashable, Future[Any]] = {}

    def of(self, name: Hashable, make: Callable[[], Kept]) -> Kept:
        """What has this name. Whoever comes first makes it; who wants the same meanwhile waits, and nobody else.

        Where that fails nothing is kept, and each of those who waited makes it for themselves, at once: none of them
        waits for the failures of all others.
        """
        with self._lock:
            if name in self._made:
                self._made.move_to_end(name)
                there: Kept = self._made[name]
                return there
            making = self._in_making.get(name)
            if is_first := making is None:
                making = self._in_making[name] = Future()
        if not is_first:
            try:
                waited_for: Kept = making.result()
                return waited_for
            except Exception:  # noqa: BLE001  it is the first one's, and told to them
                return make()
        try:
            made = make()
        except BaseException as error:
            self._end(name)
            making.set_exception(error)
            raise
        self._end(name, made)
        making.set_result(made)
        return made

    def _end(self, name: Hashable, *made: object) -> None:
        with self._lock:
            del self._in_making[name]
            if made:
                (self._made[name],) = made
                if self._most is not None and len(self._made) > self._most:
                    self._made.popitem(last=False)
