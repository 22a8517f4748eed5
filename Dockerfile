# The app for a team: pages, REST and jobs in one container, as a user without rights.
# `compose.yaml` starts it beside its database.
FROM python:3.11-slim

# What OpenCV loads.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libgl1 libglib2.0-0 \
    && rm -rf /var/lib/apt/lists/*

RUN useradd --create-home --uid 10001 cifake \
    && mkdir /data \
    && chown cifake /data

WORKDIR /app
COPY requirements.txt requirements-servers.txt ./
RUN python -m pip install --no-cache-dir --requirement requirements.txt --requirement requirements-servers.txt
COPY .streamlit .streamlit
COPY assets assets
COPY cifake_core cifake_core
COPY models models
COPY pages pages
COPY app.py ./

# Data sets, uploads of jobs and settings; records lie in the database.
ENV CIFAKE_USER_DATA=/data
VOLUME /data
USER cifake
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=10s --start-period=120s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=5)"]
CMD ["python", "-m", "streamlit", "run", "app.py", "--server.address", "0.0.0.0", "--server.port", "8501"]
