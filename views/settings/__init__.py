"""The Settings page, and which settings a run of the app holds."""
