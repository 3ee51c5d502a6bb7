"""The room where long work is done: each question once, for all who ask it, a few at a time."""

from __future__ import annotations

import os
import time
from collections import OrderedDict
from contextlib import contextmanager
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from threading import Event, RLock, Thread
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from spatial.risk_terrain.progress import Progress, StoppedError
from views.sizes import size_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_MOST_BYTES: Final = 384 * 1024 * 1024
_LEFT_SECONDS: Final = 5.0
_LOOK_SECONDS: Final = 0.05

_Answer = TypeVar("_Answer")


class Steps:
    """Where work says what it does next; told so, it stops there if nobody wants the answer."""

    def __init__(self, job: Job[Any], room: Workroom) -> None:
        self._job, self._room = job, room

    def __call__(self, sentence: str, share: float | None = None) -> None:
        """Say what is done next, and how much of all the work is done (0-1) where that is known.

        Raises
        ------
        StoppedError
            Nobody waits for the answer any more.
        """
        if self._room.unwanted(self._job):
            msg = "The work was stopped before it was done."
            raise StoppedError(msg)
        self._job.told = (sentence, None if share is None else min(max(share, 0.0), 1.0))

    @property
    def progress(self) -> Progress:
        """The same for work that takes a :class:`spatial.risk_terrain.progress.Progress`."""
        return Progress(tell=self, stop=lambda: self._room.unwanted(self._job))

    def counting(self, what: str) -> Callable[[int, int], None]:
        """Return the same for work that counts: told how many are done, of how many."""
        return lambda ready, of: self(f"{what}, {ready:,} of {of:,}", ready / of if of else None)


@dataclass(slots=True, eq=False)
class Job(Generic[_Answer]):
    """One question being worked out.

    Attributes
    ----------
    told
        What is being done, and how much of it is done (0-1) or None.
    begun, asked_at
        Whether a thread has taken it up; when it was first asked (monotonic seconds).
    waiting, left_at
        How many wait for it; when the last of them left.
    context
        That of whoever asked first: the settings they hold to hold for the work.
    stop
        Somebody cancelled it and nobody else waits.
    changes
        It changes something, such as a store, and is not for an answer alone.
    done
        Set once there is an answer or an error.
    """

    key: str
    work: Callable[[Steps], _Answer]
    told: tuple[str, float | None] = ("Beginning", None)
    begun: bool = False
    asked_at: float = field(default_factory=time.monotonic)
    waiting: int = 0
    left_at: float = 0.0
    context: Context = field(default_factory=copy_context)
    stop: bool = False
    changes: bool = False
    done: Event = field(default_factory=Event)
    answer: _Answer | None = None
    error: BaseException | None = None

    def outcome(self) -> _Answer:
        """Return the answer, or raise what the work raised."""
        if self.error is not None:
            raise self.error
        return self.answer  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer that is kept, and its size (bytes, about)."""

    answer: Any
    size: int


class Workroom:
    """Questions being worked out and answers kept, for every session of a server.

    Parameters
    ----------
    hands
        How many questions are worked out at once; by default as many as there are processors.
    most_bytes
        How much may be kept, about; the answers longest unused are let go of first.
    """

    def __init__(self, *, hands: int = 0, most_bytes: int = _MOST_BYTES) -> None:
        self._hands = hands or max(1, os.cpu_count() or 1)
        self._most_bytes = most_bytes
        self._lock = RLock()
        self._jobs: OrderedDict[str, Job[Any]] = OrderedDict()
        self._kept: OrderedDict[str, Kept] = OrderedDict()

    def kept(self, key: str) -> Kept | None:
        """Return what is kept of a key; None where nothing is."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    @contextmanager
    def waiting(
        self, key: str, work: Callable[[Steps], _Answer], *, changes: bool = False
    ) -> Iterator[Job[_Answer]]:
        """Begin a question, or join those who wait for it; leave it at the end."""
        with self._lock:
            job = self._jobs.get(key)
            if job is None or job.stop:
                job = Job(key, work, changes=changes)
                if key in self._kept:
                    # done between the caller's look and this one
                    job.answer = self._kept[key].answer
                    job.done.set()
                else:
                    self._jobs[key] = job
            job.waiting += 1
            self._take_up()
        try:
            yield job
        finally:
            with self._lock:
                job.waiting -= 1
                job.left_at = time.monotonic()

    def leave(self, key: str) -> None:
        """Stop the work on a question, unless others wait for it."""
        with self._lock:
            job = self._jobs.get(key)
            # whoever cancels has left already: Streamlit ends a page's run before its callbacks
            if job is not None and not job.waiting:
                job.stop = True

    def unwanted(self, job: Job[Any]) -> bool:
        """Return whether work should stop: cancelled, or left alone while other questions queue.

        Work that changes something stops whenever it is left alone: nobody would see what became
        of it.
        """
        with self._lock:
            queue = job.changes or any(
                not other.begun and other.waiting for other in self._jobs.values()
            )
            alone = not job.waiting and time.monotonic() - job.left_at > _LEFT_SECONDS
            return job.stop or (queue and alone)

    def under_way(self, key: str) -> Job[Any] | None:
        """Return the work on a question that queues or is being done; None where there is none."""
        with self._lock:
            return self._jobs.get(key)

    def give_way(self, *, most_seconds: float) -> float:
        """Let those go first who wait for an answer; return how many seconds that took.

        For work that nobody waits for: both share what Python does at one time.
        """
        begun = time.monotonic()
        while (took := time.monotonic() - begun) < most_seconds:
            with self._lock:
                if not any(job.waiting and not job.done.is_set() for job in self._jobs.values()):
                    break
            time.sleep(_LOOK_SECONDS)
        return took

    def forget(self) -> None:
        """Let go of every kept answer."""
        with self._lock:
            self._kept.clear()

    def _take_up(self) -> None:
        """Give what queues to free hands, in the order of asking."""
        busy = sum(job.begun and not job.done.is_set() for job in self._jobs.values())
        for job in list(self._jobs.values()):
            if busy >= self._hands:
                return
            if job.begun:
                continue
            if job.stop or not job.waiting:
                self._end(job)
                continue
            job.begun = True
            busy += 1
            # a server that is stopped does not wait for it
            Thread(target=self._do, args=(job,), name="harmhex-work", daemon=True).start()

    def _do(self, job: Job[Any]) -> None:
        found, size = None, 0
        try:
            found = job.context.run(job.work, Steps(job, self))
            size = size_of(found)
        except BaseException as error:  # noqa: BLE001 (carried to whoever waits)
            job.error = error
        with self._lock:
            job.answer = found
            if job.error is None:
                self._keep(job.key, Kept(found, size))
            self._end(job)
            self._take_up()

    def _end(self, job: Job[Any]) -> None:
        if self._jobs.get(job.key) is job:
            del self._jobs[job.key]
        if not job.begun:
            job.error = StoppedError("The work was stopped before it was done.")
        job.done.set()

    def _keep(self, key: str, kept: Kept) -> None:
        self._kept[key] = kept
        held = sum(one.size for one in self._kept.values())
        # the newest stays, however large: whoever asked is about to use it
        while held > self._most_bytes and len(self._kept) > 1:
            _, gone = self._kept.popitem(last=False)
            held -= gone.size
