"""One sitting and what is kept of it: exercises, the conductor, recording and review."""
