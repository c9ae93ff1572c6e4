"""What a lake knows of one address or article, found by keys in the few row groups that hold it."""
