"""The client's face: choose an exercise, go through it, and say who may see it."""
