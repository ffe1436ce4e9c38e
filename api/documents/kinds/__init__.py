"""One file a kind or family of documents: `compose(reading, key)` gives the document that a key names."""
