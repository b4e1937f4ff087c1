"""How a job died, told by whoever saw it: scheduler, kernel, MPI, Kubernetes, shell.

The rows are read in every log, whatever launched it.  They stand in the order of what they say:
the first of them that a log holds is the reason, for one death is told by many.
"""

from __future__ import annotations

from heteroscope.logs.lines import Line

_TIME = "the time limit ended the job"
_MEMORY = "memory ran out"
_ENDED = "a process was ended: {told}"
_MPI = "MPI stopped the job: {told}"
_CANCELLED = "the job was cancelled: {told}"
_START = "the application did not start: {told}"
_CODE = "the command ended with exit code {told}"
_IN = "an error occurred in {told}"
_BAD = "= BAD TERMINATION OF ONE OF YOUR APPLICATION PROCESSES"
# Each of the rows below is a template, and what such a line tells.
_SIGNALS = ("Segmentation fault", "Bus error", "Illegal instruction", "Floating point exception")
_MPIRUN = ("mpirun", "mpiexec", "prterun", "orterun")

# Slurm's own words, of the job or a step, with and without the host.
_SLURM = tuple(
    f"{who}*** {{:word}} {{:word}} {where}CANCELLED AT {{:word}}"
    for who in ("slurmstepd: error: ", "srun: error: ", "slurmstepd: ", "slurmd[{:word} ")
    for where in ("ON {:word} ", "")
)
# Flux writes its words before or after the output of the job, in any order.
_FLUX = (
    ("{:number}s: job.exception type=cancel severity=0 {told:rest}", _CANCELLED),
    ("{:number}s: job.exception type=timeout severity=0 {:rest}", _TIME),
    ("{:number}s: job.exception type={:name} severity=0 {told:text}", "{told}"),
    ("ƒ{:name}: {:number}s exception type=cancel severity=0 {told:rest}", _CANCELLED),
    ("ƒ{:name}: {:number}s exception type={:name} severity=0 {told:text}", "{told}"),
    ("{:number}s: flux-shell[{:integer}]: FATAL: doom: {told:text}", "{told}"),
    ("flux-shell[{:integer}]: FATAL: doom: {told:text}", "{told}"),
    ("{:number}s: flux-shell[{:integer}]: FATAL: {told:text}", "{told}"),
    ("flux-shell[{:integer}]: FATAL: {told:text}", "{told}"),
)
_CERTAIN = (
    *((f"{cancelled} DUE TO TIME LIMIT ***", _TIME) for cancelled in _SLURM),
    ("=>> PBS: job killed: walltime {:rest}", _TIME),
    ("PBS: job killed: walltime {:rest}", _TIME),
    ("TERM_RUNLIMIT: {:rest}", _TIME),
    ("{:rest}DeadlineExceeded{:rest}", _TIME),
    ("slurmstepd: error: Detected {:integer} oom{:rest}", _MEMORY),
    ("slurmstepd: error: {:rest}memory limit{:rest}", _MEMORY),
    ("slurmstepd: error: {:rest}OOM Killed{:rest}", _MEMORY),
    ("=>> PBS: job killed: mem {:rest}", _MEMORY),
    ("PBS: job killed: mem {:rest}", _MEMORY),
    ("TERM_MEMLIMIT: {:rest}", _MEMORY),
    ("Out of memory: Kill{:rest}", _MEMORY),
    ("[{:rest}] Out of memory: Kill{:rest}", _MEMORY),
    ("Memory cgroup out of memory{:rest}", _MEMORY),
    ("[{:rest}] Memory cgroup out of memory{:rest}", _MEMORY),
    ("{:rest}OOMKilled{:rest}", _MEMORY),
    ("srun: error: {:word} {:word} {:word} Out Of Memory", _MEMORY),
    *(
        (f"{cancelled} DUE TO {{told:text}} ***", "Slurm ended the job: {told}")
        for cancelled in _SLURM
    ),
    ("=>> PBS: job killed: {told:text}", "PBS ended the job: {told}"),
    ("PBS: job killed: {told:text}", "PBS ended the job: {told}"),
    ("TERM_{told:name}: {:rest}", "LSF ended the job: {told}"),
    ("The node was low on resource: {told:name}{:rest}", "the node ran out of {told}"),
    ("[{:word} *** An error occurred in {told:name}", _MPI.format(told=_IN)),
    ("*** An error occurred in {told:name}", _MPI.format(told=_IN)),
    ("[{:word} Signal: {told:text}", _ENDED),
    ("Signal: {told:text}", _ENDED),
    ("[{:word} Caught signal {told:text}", _ENDED),
    ("Caught signal {told:text}", _ENDED),
    ("forrtl: severe ({:integer}): {told:text}", _ENDED),
    ("= KILLED BY SIGNAL: {told:text}", _ENDED),
    ("YOUR APPLICATION TERMINATED WITH THE EXIT STRING: {told:text}", _ENDED),
    *((f"{signal}{{:rest}}", _ENDED.format(told=signal.lower())) for signal in _SIGNALS),
    ("Aborted{:rest}", _ENDED.format(told="aborted")),
    ("terminate called after throwing an instance of {told:text}", _ENDED),
    ("double free or corruption{:rest}", _ENDED.format(told="double free or corruption")),
    ("free(): invalid {told:text}", _ENDED.format(told="free(): invalid {told}")),
    ("[{:rest} exit signal {told:text}", _ENDED),
    ("Killed", _ENDED.format(told="killed")),
    ("{:word} line {:integer}: {:integer} {told:signal}{:rest}", _ENDED),
    *(
        (f"{start}{{told:rest}}", _MPI.format(told=start + "{told}"))
        for start in (
            "Fatal error in ",
            "MPI_ABORT was invoked on rank ",
            "application called MPI_Abort(",
            "Abort(",
            "There are not enough slots available in the system",
            "It looks like MPI_INIT failed for some reason",
            *(f"{run} detected that one or more processes exited with non-zero" for run in _MPIRUN),
            *(f"{run} was unable to " for run in _MPIRUN),
            *(f"{run} noticed that process rank " for run in _MPIRUN),
            *(f"{run} has exited due to process rank " for run in _MPIRUN),
            "Primary job terminated normally, but ",
        )
    ),
    (_BAD, _MPI.format(told=_BAD)),
    ("[{:word} *** MPI_ERRORS_ARE_FATAL{:rest}", _MPI.format(told="an error of MPI was fatal")),
    ("*** MPI_ERRORS_ARE_FATAL{:rest}", _MPI.format(told="an error of MPI was fatal")),
)
# Told of some program or other: they count only where the application did not come to its end.
_LIKELY = (
    ("slurmstepd: error: execve(): {told:text}", _START),
    ("{:rest} error while loading shared libraries: {told:text}", _START),
    *(
        (f"{shell}: {{:rest}}: {words}", _START.format(told=words.lower()))
        for shell in ("bash", "sh", "/bin/sh", "/bin/bash", "{:word} line {:integer}")
        for words in (
            "command not found",
            "not found",
            "No such file or directory",
            "Permission denied",
            "cannot execute binary file: Exec format error",
        )
    ),
    *(
        (f"{time}flux-shell[{{:integer}}]: ERROR: {{:text}} start failed: {{told:text}}", _START)
        for time in ("{:number}s: ", "")
    ),
    ("[{:rest} execvp error on file {told:text}", _START),
    ("{:rest}executable file not found in {told:rest}", _START.format(told="it is not in {told}")),
    ("{:rest}ImagePull{:rest}", _START.format(told="its image could not be pulled")),
    ("srun: error: Unable to {told:text}", "srun was unable to {told}"),
)
# What says no more than that the job failed.
_VAGUE_FLUX = (("flux-job: task(s) {told:text}", "its tasks {told}"),)
_VAGUE = (
    *((f"{cancelled} ***", "the job was cancelled") for cancelled in _SLURM),
    ("srun: error: {:word} task {:word} {told:text}", "a task ended: {told}"),
    ("srun: error: {:word} tasks {:word} {told:text}", "a task ended: {told}"),
    ("command terminated with exit code {told:integer}", _CODE),
    ("Command exited with non-zero status {told:integer}", _CODE),
    ("Exited with exit code {told:integer}.", _CODE),
    ("Application {:integer} exit codes: {told:integer}", _CODE),
    ("Command terminated by signal {told:integer}", "the command was ended by signal {told}"),
)
_VAGUE_LIKELY = (
    ("srun: Job step aborted: {:rest}", "the job was cancelled"),
    ("srun: Force Terminated {:rest}", "the job was terminated"),
    ("Terminated", "the job was terminated"),
)
LINES = tuple(
    Line(template, tells=told, part=part, foreign=part == "flux")
    for part, rows in (
        ("flux", _FLUX),
        ("death", _CERTAIN),
        ("hint", _LIKELY),
        ("flux", _VAGUE_FLUX),
        ("death", _VAGUE),
        ("hint", _VAGUE_LIKELY),
    )
    for template, told in rows
)
RANKS = {line.template: rank for rank, line in enumerate(LINES)}
