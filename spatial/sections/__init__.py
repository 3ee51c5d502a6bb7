"""The report's sections: one module each, from the common ground to tables or a reason why not."""
