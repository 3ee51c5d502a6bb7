"""What a store holds, in words: balance, completeness, mappings, previews, doubtful points."""
