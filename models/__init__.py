"""Trained models and the floors of the quality gate: data, found inside the package from any directory."""
