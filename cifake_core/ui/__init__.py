"""The app's own layer: the only place that imports Streamlit."""
