"""Charts: curves by pyqtgraph, and rows painted from arrays; they know nothing of the centre."""
