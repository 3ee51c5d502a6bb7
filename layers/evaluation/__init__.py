"""An evaluation as people see it: words, charts, map, report and files."""
