"""The daily meeting's words, map and files."""
