"""What leaves Standpoint as a file, one module a format."""
