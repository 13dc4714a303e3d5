"""One file, one question; no step imports another."""
