"""What every stage may use and is no news: the clock, batches, repeatable chance, progress."""
