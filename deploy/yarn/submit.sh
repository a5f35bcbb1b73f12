#!/usr/bin/env bash
# Not run: spark-yarn was not at hand. Trains on YARN, the driver in a container of its own:
#
#   deploy/yarn/submit.sh conf/mnist-mlp.conf hdfs:///data/mnist hdfs:///runs/a
#
# YARN starts a driver again that died; it goes on from the last checkpoint by itself.
set -euo pipefail
[[ $# -ge 3 ]] || { echo "usage: $0 CONF DATA OUT [KEY=VALUE ...]" >&2; exit 2; }
conf=$1 data=$2 out=$3
name=$(basename "$conf")
shift 3

settings=()
for setting in "$@"; do
  settings+=(--set "$setting")
done

home=$(cd "$(dirname "$0")/../.." && pwd)
exec "${SPARK_HOME:?set it to a Spark 4.1 with Scala 2.13}/bin/spark-submit" \
  --master yarn \
  --deploy-mode cluster \
  --name lockstep \
  --class dev.lockstep.cli.Lockstep \
  --driver-memory 4g \
  --executor-memory 4g \
  --executor-cores 4 \
  --num-executors 4 \
  --conf spark.yarn.maxAppAttempts=4 \
  --conf spark.yarn.am.attemptFailuresValidityInterval=1h \
  --conf spark.dynamicAllocation.enabled=false \
  --conf spark.authenticate=true \
  --conf spark.network.crypto.enabled=true \
  --conf spark.network.crypto.saslFallback=false \
  --files "$conf" \
  "$home/driver/target/lockstep.jar" \
  train "$name" --data "$data" --out "$out" ${settings[@]+"${settings[@]}"}
