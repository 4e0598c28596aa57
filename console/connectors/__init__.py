"""REACH: every byte that enters or leaves. Helpdesks, files and the demonstration centre come in by one door."""
