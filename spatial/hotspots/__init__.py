"""Hot spots: Getis-Ord statistics, their significance where data are nearly all ties."""
