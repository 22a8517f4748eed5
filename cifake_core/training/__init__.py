"""Training: recipes, augmentation, the training loop and its run folder."""
