"""Expected harm: rates of rare offences, shrunk, with how sure they are."""
