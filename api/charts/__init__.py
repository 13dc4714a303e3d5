"""Charts as numbers, as SVG and as tables: what is drawn of positions, camps, ties and money."""
