"""The rules of a sound exercise script, one file for each thing they look at."""
