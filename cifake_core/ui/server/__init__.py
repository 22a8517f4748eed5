"""The edge to Streamlit's server."""
