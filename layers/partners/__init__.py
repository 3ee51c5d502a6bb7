"""What partners saw, as lettered shapes that are no hexagons."""
