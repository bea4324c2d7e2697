"""What the numbers are worth: every claim of docs/accuracy.md, computed anew from seeds and recordings given."""
