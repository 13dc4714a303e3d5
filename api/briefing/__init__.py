"""Briefings: one record of sections, built once, and what prints it in five formats."""
