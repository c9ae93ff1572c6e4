"""Keeps a stream's subscriptions to hubs in the lake."""
