"""What is carried on paper: sheets of patrol areas, packs for teams and for the tasking meeting."""
