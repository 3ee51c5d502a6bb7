from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.layers import invented

if TYPE_CHECKING:
    from spatial.results import TaskingResult


@pytest.fixture(scope="session")
def invented_result() -> TaskingResult:
    return invented.tasking_result()
