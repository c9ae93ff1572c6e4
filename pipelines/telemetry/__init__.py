"""What a command tells of its runs to those who watch it: metrics for Prometheus, traces for OpenTelemetry."""
