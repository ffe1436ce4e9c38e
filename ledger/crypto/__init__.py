"""Bytes, hashes, signatures: canonical JSON, keys, DSSE, Merkle tree, notes, disclosures."""
