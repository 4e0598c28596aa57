"""Charts: pyqtgraph pieces and bars of our own, in the console's colours; they know nothing of the centre."""
