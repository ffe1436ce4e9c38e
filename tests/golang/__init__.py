"""The log judged by another implementation: Go's sumdb/note and sumdb/tlog."""
