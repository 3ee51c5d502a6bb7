"""What a page says when there is nothing to show yet: no mistake, and what to do about it."""

from __future__ import annotations

from config.errors import BadInputError


class EmptyError(BadInputError):
    """There is nothing to show yet; the message says what to do."""
