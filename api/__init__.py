"""Everything that keeps and serves: settings, store, ingest, exports, routes, pages, command line."""
