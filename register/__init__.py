"""What people record: operations, adopted targets, overrides, anniversaries, tension, audit.

Knows nothing of screens, of the clock or of what is computed: ``now`` and ``by`` are arguments.
"""

from register.opening import Register, open_register

__all__ = ["Register", "open_register"]
