# The portal as one image: web, worker, beat and commands differ in what they run. See docs/operations.md.
FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
COPY requirements/base.txt /requirements.txt
# Only what the lock names, byte for byte.
RUN /opt/venv/bin/pip install --require-hashes --no-deps --requirement /requirements.txt


FROM python:3.13-slim
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=portal.settings \
    PORTAL_STATE_DIR=/var/lib/portal
# Pango prints the Pet ID cards. The fonts are for names in Chinese, Japanese, Korean, and for emoji; the portal brings
# those for Latin, Greek, Cyrillic, Hebrew and Arabic letters.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-droid-fallback fonts-symbola \
    && rm -rf /var/lib/apt/lists/*
RUN groupadd --system --gid 10001 portal \
    && useradd --system --uid 10001 --gid portal --no-create-home --home-dir /var/lib/portal --shell /usr/sbin/nologin portal \
    && install --directory --owner=portal --group=portal /var/lib/portal /var/lib/portal/media
WORKDIR /srv/portal
COPY --from=build /opt/venv /opt/venv
COPY . .
# The settings want to be complete; none of these values is kept in the image or opens anything.
RUN SECRET_KEY=collectstatic PORTAL_KEYS=collectstatic DATABASE_URL=postgresql:///collectstatic \
    REDIS_URL=redis://collectstatic python manage.py collectstatic --no-input
USER portal
# Pictures that people send. Static files lie beside it and belong to the image, so no volume may cover them.
VOLUME /var/lib/portal/media
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 CMD ["python", "deploy/healthcheck.py"]
CMD ["gunicorn", "--config", "deploy/gunicorn.conf.py"]
