"""Whatever a log says of hosts, persons and keys, nothing that is read of it says so."""

import json
import re

import pytest
from test_deaths import DEATHS, WHOLE

from heteroscope.logs import READERS
from heteroscope.redaction import find_secrets

# What is planted, and the words of it that must not be published.
PLANTED = {
    "/home/ubuntu/in.x": "ubuntu",
    "/shared/home/azureuser": "azureuser",
    "/global/homes/a/adal": "adal",
    "/p/lustre1/adal": "adal",
    "/g/g12/adal/lmp": "adal",
    "10.1.2.3": "10.1",
    "2001:db8::8a2e:370:7334": "2001:db8",
    "02:42:ac:11:00:02": "02:42",
    "AKIAIOSFODNN7EXAMPLE": "AKIA",
    "AZURE_SECRET=abcdef123456": "abcdef",
    "ghp_a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2": "a1B2",
    "AIzaSyA-1234567890abcdefghijklmnopqrstu": "SyA",
    "ip-10-1-2-3.us-east-2.compute.internal": "ip-10",
    "lammps-0.lammps.default.svc.cluster.local": "default",
    "gke-main-default-pool-1a2b3c4d-x9zz": "pool",
    "[hidden7:99125:0:99125]": "hidden7",
    "[hidden7.cluster.org:00758]": "hidden7",
    "rank 3 with PID 0 on node hidden7 exited": "hidden7",
    "srun: error: hidden[1-7]: tasks 0-9: x": "hidden",
    "shell rank 211 (on hidden7): Terminated": "hidden7",
    "flux run --requires=host:hidden7 lmp": "hidden7",
    "mpirun -H hidden7,hidden8:4 lmp": "hidden",
    "ssh ada@hidden7 hostname": "hidden7",
}
AT = WHOLE.index("Loop")
FORMS = {
    "an error": lambda told: f"{WHOLE[:AT]}ERROR: cannot open {told} (src/x.cpp:9)\n",
    "a container": lambda told: f"{WHOLE[:AT]}FATAL:   cannot open {told}\n",
    "a garbled line": lambda told: f"{WHOLE[:AT]}Loop time of {told} s\n",
    "a head of lines": lambda told: "".join(f"{told} {line}\n" for line in WHOLE.splitlines()),
    "a command": lambda told: f"+ mpirun -np 4 lmp -in {told}\n{WHOLE}",
    "a command of the broker": lambda told: (
        f"{WHOLE}broker.info[0]: rc2.0: flux run -N 1 {told} Exited (rc=0) 3.0s\n"
    ),
    "an event": lambda told: f"{WHOLE}9.1s: job.exception type=exec severity=0 {told}\n",
    "a jobspec": lambda told: (
        WHOLE
        + "START OF JOBSPEC\n"
        + json.dumps(
            {
                "resources": [{"type": "node", "count": 1}],
                "tasks": [{"command": ["lmp", "-in", told]}],
                "attributes": {
                    "system": {"cwd": told, "shell": {"options": {"cpu-affinity": told}}},
                    "user": {"study_id": told},
                },
                "version": 1,
            }
        )
        + "\nSTART OF EVENTLOG\n"
    ),
}


@pytest.mark.parametrize("planted", PLANTED, ids=[planted[:24] for planted in PLANTED])
@pytest.mark.parametrize("form", FORMS)
def test_what_is_planted_is_not_published(planted, form):
    for name in ("lammps", "flux-operator", "flux-jobs", "mpi-operator", "metrics-operator"):
        for reading in READERS[name].read(FORMS[form](planted).encode(), {}):
            texts = [reading.reason, *(v for v in reading.figures.values() if isinstance(v, str))]
            for text in texts:
                assert PLANTED[planted] not in text, name
                assert find_secrets(text) == [], name


@pytest.mark.parametrize("text", [text for text, _ in DEATHS], ids=[t[:60] for t, _ in DEATHS])
def test_how_a_job_died_is_told_without_the_names_of_hosts(text):
    for log in (f"{WHOLE}{text}\n", f"{text}\n"):
        (reading,) = READERS["lammps"].read(log.encode(), {})
        assert not re.search(r"\bn0\d|x1000", reading.reason)
