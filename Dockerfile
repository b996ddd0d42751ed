# One image for every component: docker-compose.yml says which one a container is.
FROM python:3.12-slim-bookworm@sha256:782412e85d0f0984994c290652577d4018aff08145c85b262bb63dc0c7522254

ENV PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    DO_NOT_TRACK=1 \
    GX_ANALYTICS_ENABLED=false \
    AIRFLOW__USAGE_DATA_COLLECTION__ENABLED=False

WORKDIR /opt/wordround

COPY requirements-setup.lock requirements.lock requirements-postgres.lock requirements-ducklake.lock requirements-celery.lock ./
RUN pip install --require-hashes -r requirements-setup.lock \
    && pip install --require-hashes -r requirements.lock \
    && pip install --require-hashes -r requirements-postgres.lock \
    && pip install --require-hashes -r requirements-ducklake.lock \
    && pip install --require-hashes -r requirements-celery.lock

# The report as PDF: the library that lays out text, and letters for it.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 fonts-liberation \
    && rm -rf /var/lib/apt/lists/*

COPY pyproject.toml README.md LICENSE wordround.toml ./
COPY src ./src
COPY dags ./dags
COPY dbt ./dbt
COPY expectations ./expectations
RUN pip install --no-deps --no-build-isolation --editable . \
    # Tables that no container may write there, and that each of its processes would make for seconds.
    && python -c "from wordround.deidentify import deidentify; deidentify('Nurse Ann Other')"

# Volumes take the owner of the folder that they are mounted on.
RUN useradd --uid 10001 --create-home wordround \
    && mkdir -p /data/airflow /data/inbox /data/published /data/quality /data/reports \
    && chown -R wordround /data \
    && chmod -R go= /data
USER wordround
ENV WORDROUND_HOME=/data AIRFLOW_HOME=/data/airflow
