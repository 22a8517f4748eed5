"""The app: services, state, components. Nothing else in the core imports Streamlit."""
