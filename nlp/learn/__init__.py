"""Training, one file a model: the only place that imports PyTorch and sentence-transformers."""
