"""Speed, measured: each file has ``measure()``; ``python -m benchmarks`` runs them all and writes docs/performance.md."""
