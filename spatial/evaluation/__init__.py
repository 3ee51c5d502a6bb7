"""Evaluation: did the patrols work, how sure is that, and what could mislead."""
