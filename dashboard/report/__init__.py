"""The report of one recording: pages to print and one file to keep, which can check its own numbers."""
