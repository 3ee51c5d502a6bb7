"""Towns of risks, as the model takes them."""

from __future__ import annotations

import numpy as np
import shapely

from config.risk_terrain import load_risk_rules
from sample_geo.risk_town import RiskTown
from spatial.risk_terrain.factors import Factor
from spatial.risk_terrain.fitting import fit_risk_model
from spatial.risk_terrain.model import RiskModel
from spatial.risk_terrain.operationalisation import Kind, operationalisations

RULES = load_risk_rules()
HOWS = operationalisations(tuple(Kind), (100.0, 150.0, 250.0))
NEAR = operationalisations((Kind.PROXIMITY,), (100.0, 150.0))


def factor(kind: str, xy: object) -> Factor:
    points = np.atleast_1d(shapely.points(np.asarray(xy, dtype=float)))
    return Factor(kind, points, tuple(f"{kind} {at}" for at in range(len(points))))


def factors_of(town: RiskTown) -> list[Factor]:
    return [factor(kind, xy) for kind, xy in sorted(town.places.items())]


def fitted(town: RiskTown, **options: object) -> RiskModel:
    asked = {"hows": HOWS, "rules": RULES, "seed": 1, **options}
    return fit_risk_model(factors_of(town), town.xy, town.counts[0], **asked)  # type: ignore[arg-type]
