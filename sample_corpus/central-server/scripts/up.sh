#!/bin/sh
# Starts the tracking server and waits until it answers.
set -eu
docker compose up -d db minio mlflow
until curl --silent --fail http://localhost:5000/health; do sleep 1; done
