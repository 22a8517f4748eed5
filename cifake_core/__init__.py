"""Tell photographs from AI-generated pictures on CIFAKE, and say why."""
