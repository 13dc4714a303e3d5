"""Text in, records out: no database, no HTTP, no network."""
