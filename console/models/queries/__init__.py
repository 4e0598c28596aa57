"""Use-cases that read: frozen results for reports and screens, over the board and the log's readers."""
