"""The register's migrations: one module per change of its tables, oldest first."""
