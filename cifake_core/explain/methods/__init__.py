"""Explanation methods: CAMs, gradients, occlusion, LIME, SHAP."""
