"""R-CLASSIFY: what comes in is judged by its words, behind everything else that the console does."""
