"""Speed, measured: ``python -m benchmarks`` runs every file here and writes docs/performance.md."""
