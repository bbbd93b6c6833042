# One image for web, worker, beat and migrations. docker-compose.yml says how they are run.

FROM node:22-slim AS front
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY static/src static/src
RUN npm run build

FROM python:3.11-slim-bookworm
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
# WeasyPrint draws the report with Pango. It needs no font of the system: ours come with the front end.
RUN apt-get update \
 && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin portal \
 && install -d -o portal -g portal -m 700 /data /backups
WORKDIR /app
COPY requirements/production.txt requirements/production.txt
RUN pip install --no-deps --require-hashes -r requirements/production.txt
COPY manage.py pyproject.toml ./
COPY vcsportal vcsportal
COPY partners partners
COPY commitments commitments
COPY reporting reporting
COPY templates templates
COPY static static
COPY --from=front /app/static/build static/build
ENV DJANGO_SETTINGS_MODULE=vcsportal.settings PORTAL_DATA=/data STATIC_ROOT=/app/staticfiles HOME=/tmp
# The key is only there because settings ask for one; it is not kept in the image.
RUN python -m compileall -q vcsportal partners commitments reporting \
 && SECRET_KEY=only-while-building python manage.py collectstatic --noinput
USER portal
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "--config", "python:vcsportal.serving.gunicorn_conf", "--bind", "0.0.0.0:8000"]
