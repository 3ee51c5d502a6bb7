"""A backtest as people see it: words, charts, tables, report, files."""
