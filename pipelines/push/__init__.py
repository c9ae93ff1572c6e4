"""A stream that hubs tell of news (WebSub): its options, its callbacks, its subscriptions."""
