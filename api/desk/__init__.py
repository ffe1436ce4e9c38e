"""The porta-firmas: what awaits an officer's signature, papers that are signed in the browser (docs/documents.md)."""
