"""A program that writes to a register until it is killed, saying what was confirmed."""

from __future__ import annotations

import datetime as dt
import sys

from register import open_register, targets
from register.targets import TargetArea, TargetsDraft

TODAY = dt.date(2026, 12, 1)
AREAS = 12


def main(place: str, first: int, last: int) -> None:
    kept = open_register(place)
    areas = tuple(
        TargetArea(area_id=f"a{rank}", rank=rank, name=f"Area {rank}", cells=())
        for rank in range(1, AREAS + 1)
    )
    for number in range(first, last):
        draft = TargetsDraft(
            run_id=f"run{number}", profile="ark", study_area="S", first_date=TODAY,
            last_date=TODAY, data_through=TODAY,
        )  # fmt: skip
        with kept.writing() as session:
            targets.adopt(session, draft, areas, (), now=dt.datetime.now(dt.UTC), by="writer")
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
