# One image for the web, worker and sandbox processes: docker-compose.yml names the command of each.

FROM node:22-slim AS vendor
WORKDIR /app
COPY package.json package-lock.json ./
COPY tools tools
RUN npm ci --omit=dev --no-audit --no-fund --ignore-scripts && npm run vendor

FROM python:3.11-slim AS science
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev
COPY requirements-science.txt constraints.txt ./
RUN pip wheel --no-deps --wheel-dir /wheels --requirement requirements-science.txt

FROM python:3.11-slim
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
WORKDIR /app
RUN useradd --create-home portal && install --directory --owner portal var var/files
COPY requirements.txt constraints.txt ./
RUN pip install --no-cache-dir --requirement requirements.txt --constraint constraints.txt
COPY --from=science /wheels /wheels
RUN pip install --no-cache-dir --no-deps /wheels/*.whl
COPY . .
COPY --from=vendor /app/static/vendor static/vendor
USER portal
# Loading the settings makes keys for this machine alone; the image keeps none.
RUN python manage.py collectstatic --no-input && rm var/secret_key var/credential_key
EXPOSE 8000 8080
CMD ["gunicorn", "portal.wsgi"]
