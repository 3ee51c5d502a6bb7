"""The version: part of every run id, because another version may give other numbers."""

VERSION = "0.1.0"
