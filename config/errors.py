"""The one error a person may cause: said in one sentence, with its remedy."""

from __future__ import annotations


class BadInputError(ValueError):
    """Something a person gave cannot be used.

    The message is one sentence (a second may hold the remedy) in the user's words: it names the
    file, row, column or setting, shows the value with ``!r``, and says what to do. The shell prints
    it and exits with 1; the browser shows it in place of the result. It is never a bug report.
    """
