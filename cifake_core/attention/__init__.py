"""Attention over many pictures: what a network looks at in general, not in one."""
