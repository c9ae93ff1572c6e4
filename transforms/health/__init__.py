"""What about a lake is unlike its own past: pure rules, shared by `newsbeam report --html` and `newsbeam check`."""
