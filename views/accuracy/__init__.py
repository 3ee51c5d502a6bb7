"""The Accuracy page: whether the ranking holds on months that it had not seen."""
