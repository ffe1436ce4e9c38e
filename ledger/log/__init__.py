"""Checkpoint signer, tiles, proofs, witness client."""
