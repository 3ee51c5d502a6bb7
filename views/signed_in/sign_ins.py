"""Sign-ins in use: when each was first and last seen by this server, and which are over."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from config.access import SignInRules


@dataclass(frozen=True, slots=True)
class _Times:
    """Of one sign-in."""

    first: dt.datetime
    last: dt.datetime
    ended: bool = False


class SignIns:
    """What one server remembers of sign-ins, in memory only.

    A sign-in that this server has not seen yet, because the server was started anew or because it
    was forgotten, must be as recent as if it had been used then: an identity provider's cookie of
    last week is no sign-in of today.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._times: dict[str, _Times] = {}

    def why_over(
        self, sign_in: str, *, made: dt.datetime | None, now: dt.datetime, rules: SignInRules
    ) -> str:
        """Return why somebody must sign in again, in words; empty where they need not.

        Parameters
        ----------
        sign_in
            Which.
        made
            When it was made by the provider's word; None where it gives none.
        now
            The server's clock.
        rules
            How long a sign-in lasts, idle and at all.
        """
        idle = dt.timedelta(minutes=rules.timeout_minutes)
        longest = dt.timedelta(hours=rules.longest_hours)
        with self._lock:
            times = self._times.get(sign_in)
        first = made or (times.first if times else now)
        last = times.last if times else first
        if times is not None and times.ended:
            return "You have signed out."
        if now - first > longest:
            return f"A sign-in lasts {rules.longest_hours} hours."
        if now - last > idle:
            return f"Nothing was done for {rules.timeout_minutes} minutes."
        return ""

    def touch(self, sign_in: str, *, now: dt.datetime, rules: SignInRules) -> bool:
        """Remember that a sign-in was used now; return whether it is new to this server."""
        longest = dt.timedelta(hours=rules.longest_hours)
        with self._lock:
            known = self._times.get(sign_in)
            self._times[sign_in] = replace(known, last=now) if known else _Times(now, now)
            # what lasted its longest is over without being remembered
            for old in [key for key, times in self._times.items() if now - times.last > longest]:
                del self._times[old]
        return known is None

    def end(self, sign_in: str, *, now: dt.datetime) -> None:
        """End a sign-in in every window it is open in."""
        with self._lock:
            times = self._times.get(sign_in, _Times(now, now))
            self._times[sign_in] = replace(times, last=now, ended=True)
