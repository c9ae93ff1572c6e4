"""What stands before the first sentence of a report, and the place that it was filed from."""
