"""Data sets: CIFAKE on disk, its verification, download and facts."""
