"""How tables are laid out in SQLite."""

# Rows are found by their key alone, which therefore holds them: one search instead of two.
KEYED = {"sqlite_with_rowid": False}
