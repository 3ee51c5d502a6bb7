"""Waves: places that began at different times, against those not yet patrolled."""
