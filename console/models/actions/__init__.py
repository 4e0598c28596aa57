"""Use-cases that change: one verb each. They authorise, change and record in one transaction."""
