#!/usr/bin/env bash
# Not run on a cluster. Trains on Kubernetes with spark-submit, the driver in a pod of its own:
#
#   kubectl create namespace training && kubectl apply -f deploy/kubernetes/rbac.yaml
#   deploy/kubernetes/submit.sh https://HOST:6443 IMAGE s3a://BUCKET/mnist s3a://BUCKET/runs/a
#
# A driver that died is started again by the same line: it goes on from the last checkpoint.
set -euo pipefail
[[ $# -ge 4 ]] || { echo "usage: $0 APISERVER IMAGE DATA OUT [KEY=VALUE ...]" >&2; exit 2; }
server=$1 image=$2 data=$3 out=$4
shift 4

settings=()
for setting in "$@"; do
  settings+=(--set "$setting")
done

here=$(cd "$(dirname "$0")" && pwd)
exec "${SPARK_HOME:?set it to a Spark 4.1 with Scala 2.13}/bin/spark-submit" \
  --master "k8s://$server" \
  --deploy-mode cluster \
  --name lockstep \
  --properties-file "$here/../s3a/spark.conf" \
  --class dev.lockstep.cli.Lockstep \
  --driver-memory 4g \
  --executor-memory 4g \
  --executor-cores 4 \
  --conf spark.executor.instances=4 \
  --conf spark.kubernetes.namespace=training \
  --conf spark.kubernetes.authenticate.driver.serviceAccountName=lockstep \
  --conf spark.kubernetes.container.image="$image" \
  --conf spark.kubernetes.executor.podTemplateFile="$here/executor.yaml" \
  --conf spark.authenticate=true \
  --conf spark.network.crypto.enabled=true \
  --conf spark.network.crypto.saslFallback=false \
  local:///opt/lockstep/lockstep.jar \
  train /opt/lockstep/conf/mnist-mlp.conf --data "$data" --out "$out" ${settings[@]+"${settings[@]}"}
