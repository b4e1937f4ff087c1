#!/usr/bin/env bash
# Test the profiles for clusters, each with its own plugin: run.sh [PYTHON]
#
# PYTHON is one that has what the tests need (make test sets it up in .venv).  Each plugin goes into
# an environment of its own on top of it: the plugin for Flux fails beside one for storage.
set -euo pipefail

cd "$(dirname "$0")/../.."
python=${1:-.venv/bin/python}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
below=$("$python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')

# What the storage plugin for Kubernetes copies with; without it, its test is skipped.
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null && ! command -v rsync >/dev/null; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes --no-install-recommends rsync >/dev/null
fi

# libflux-core comes with Flux alone; the tests take the rest of its bindings from here.
declare -A only_for_tests=([slurm]="" [flux]="flux-python==0.88.0 ply==3.11" [kubernetes]="")

for cluster in slurm flux kubernetes; do
    echo "== $cluster: its plugin"
    "$python" -m venv "$folder/$cluster"
    "$folder/$cluster/bin/python" -c 'import sys, sysconfig
open(sysconfig.get_path("purelib") + "/below.pth", "w").write(sys.argv[1] + "\n")' "$below"
    # shellcheck disable=SC2086  # one word a package
    "$folder/$cluster/bin/python" -m pip install --quiet --disable-pip-version-check \
        --requirement "envs/$cluster.txt" ${only_for_tests[$cluster]}
    echo "== $cluster: tests"
    HETEROSCOPE_SLURM=1 "$folder/$cluster/bin/python" -m pytest -k "$cluster" \
        tests/workflow/test_slurm.py tests/workflow/test_clusters.py
done
