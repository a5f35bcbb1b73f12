"""Lockstep from Python: see dev.lockstep.ml."""
