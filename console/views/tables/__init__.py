"""Tables: item models over the board and over query results, and how their cells are drawn."""
