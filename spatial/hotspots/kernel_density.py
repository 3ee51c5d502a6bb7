"""Kernel density: incidents spread over their surroundings, as a peer to compare with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.spatial import cKDTree

from config.errors import BadInputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_PER_KM2: Final = 1e6


def quartic_kernel(distance_m: Floats, *, bandwidth_m: float) -> Floats:
    """Return the quartic kernel at distances, per square kilometre.

    K(d) = 3 / (pi h^2) (1 - (d/h)^2)^2 below the bandwidth h, and none from it on: it integrates to
    one over the plane.

    Parameters
    ----------
    distance_m
        Metres, any shape.
    bandwidth_m
        Metres, above 0.

    Raises
    ------
    BadInputError
        The bandwidth is not above 0.
    """
    if not bandwidth_m > 0 or not np.isfinite(bandwidth_m):
        msg = f"A bandwidth of {bandwidth_m!r} m spreads nothing. Give one above 0, such as 300."
        raise BadInputError(msg)
    share = np.clip(np.asarray(distance_m, dtype=np.float64) / bandwidth_m, 0.0, 1.0)
    kernel: Floats = 3.0 * _PER_KM2 / (np.pi * bandwidth_m**2) * (1.0 - share**2) ** 2
    return kernel


def kernel_density(
    centres: Floats, points: Floats, *, bandwidth_m: float, weights: Floats | None = None
) -> Floats:
    """Return the density of incidents at the centres of cells, per square kilometre.

    Parameters
    ----------
    centres
        Of the cells, metres (EPSG:27700 or another metric system), shape (n, 2).
    points
        Of the incidents, in the same system, shape (m, 2).
    bandwidth_m
        Metres within which an incident counts.
    weights
        One a point; None counts every incident as one.

    Returns
    -------
    Shape (n,), zero where no incident lies within the bandwidth.

    Raises
    ------
    BadInputError
        The bandwidth is not above 0.

    Notes
    -----
    A smooth surface looks surer than it is: it has no p-value, its heights hang on the bandwidth,
    and it runs over rivers and borders alike. It ranks; it does not test. Silverman (1986), Density
    Estimation for Statistics and Data Analysis, eq. 4.5.
    """
    quartic_kernel(np.zeros(1), bandwidth_m=bandwidth_m)
    sites, place = np.unique(points, axis=0, return_inverse=True)
    if not len(sites):
        return np.zeros(len(centres))
    amounts = np.bincount(place.ravel(), weights=weights, minlength=len(sites)).astype(np.float64)
    near = cKDTree(centres).sparse_distance_matrix(
        cKDTree(sites), bandwidth_m, output_type="coo_matrix"
    )
    share = quartic_kernel(near.data, bandwidth_m=bandwidth_m) * amounts[near.col]
    sums = np.bincount(near.row, weights=share, minlength=len(centres))
    return sums.astype(np.float64)
