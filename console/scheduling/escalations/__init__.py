"""The sweep that raises what crossed and carries out what is due, and the auditor that watches it. No Qt."""
