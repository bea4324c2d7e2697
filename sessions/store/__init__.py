"""The one store: tables, the one engine factory, migrations, the data folder, and the one thread that writes.

Nothing outside this package knows that there is SQL. ``sessions.service`` is the only door to it.
"""
