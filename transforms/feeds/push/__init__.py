"""Tells which hub announces news of a feed (WebSub), subscribes to it, and judges what comes to the callback."""
