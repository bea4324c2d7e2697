"""Facts about what beats are held to mean."""
