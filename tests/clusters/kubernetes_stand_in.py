"""snakemake with a cluster that is none: `kubernetes_stand_in.py FOLDER SNAKEMAKE-ARGUMENTS...`.

The plugin and the models of the Kubernetes client are the real ones.  What is submitted is put
through these models, written to FOLDER, and then its command is run on this machine, each job in
an empty folder, as in a container that has nothing but the image and the volume.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import kubernetes
import kubernetes.config

FOLDER = Path(sys.argv.pop(1))
PROCESSES: dict[str, subprocess.Popen[bytes]] = {}


class Cluster:
    """What stands in for the APIs of a cluster; whatever else is called does nothing."""

    def create_namespaced_job(self, namespace: str, body: kubernetes.client.V1Job) -> object:
        client = kubernetes.client.ApiClient()
        # There and back: the models refuse what lacks a field that the API requires.
        text = json.dumps(client.sanitize_for_serialization(body))
        job = client.deserialize(SimpleNamespace(data=text), "V1Job")
        name = job.metadata.name
        (FOLDER / f"{name}.json").write_text(text)
        container = job.spec.template.spec.containers[0]
        pod = FOLDER / f"pod-{name}"
        pod.mkdir()
        PROCESSES[name] = subprocess.Popen(
            [*container.command, *container.args],
            cwd=pod,
            env={**self._environment(), **{e.name: "" for e in container.env or []}},
            stdout=(FOLDER / f"{name}.log").open("wb"),
            stderr=subprocess.STDOUT,
        )
        return job

    @staticmethod
    def _environment() -> dict[str, str]:
        # The image has what a job would install first.
        tools = FOLDER / "tools"
        tools.mkdir(exist_ok=True)
        pip = tools / "pip"
        pip.write_text("#!/bin/sh\n")
        pip.chmod(0o755)
        python = tools / "python"
        if not python.exists():
            # A link would not find the packages of a virtual environment.
            python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
            python.chmod(0o755)
        return {"PATH": f"{tools}:{os.environ['PATH']}", "HOME": str(FOLDER)}

    def read_namespaced_job_status(self, name: str, namespace: str) -> object:
        code = PROCESSES[name].poll()
        return SimpleNamespace(
            status=SimpleNamespace(
                succeeded=int(code == 0), failed=int(code is not None and code != 0)
            )
        )

    def list_namespaced_pod(self, **_: Any) -> object:
        return SimpleNamespace(items=[])

    def __getattr__(self, name: str) -> Any:
        return lambda *_, **__: None


kubernetes.config.load_kube_config = lambda: None
kubernetes.client.CoreV1Api = Cluster
kubernetes.client.BatchV1Api = Cluster

from snakemake.cli import main  # noqa: E402

sys.exit(main())
