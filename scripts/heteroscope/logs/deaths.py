"""How a job died, told by whoever saw it: scheduler, kernel, MPI, Kubernetes, shell.

The rows are read in every log, whatever launched it.  They stand in the order of what they say:
the first of them that a log holds is the reason, for one death is told by many.
"""

from __future__ import annotations

from heteroscope.logs.kinds import SIGNALS
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
# Each of the rows below is a template, what such a line tells, and what ``*`` may stand for.
_Row = tuple[str, str] | tuple[str, str, tuple[str, ...]]
_MPIRUN = ("mpirun", "mpiexec", "prterun", "orterun", "srun")
# What runs another program, and says that it cannot.
_RUNNERS = (
    *("env: ", "/usr/bin/env: ", "time: cannot run ", "/usr/bin/time: cannot run "),
    *("timeout: failed to run command ", "nohup: failed to run command "),
    *("numactl: execution of ", "ch-run["),
)
# How the names of Cray's nodes begin.
_CRAY = ("nid", *(f"x{cabinet}" for cabinet in range(1, 10)))
_ASSERTION = "assertion {told} failed"
# How the name of what was to be run begins.
_PROGRAM = ("lmp", "./", "/.singularity.d/")
_SHELLS = tuple(
    f"{folder}{shell}"
    for folder in ("", "-", "/bin/", "/usr/bin/")
    for shell in ("bash", "sh", "zsh", "ksh", "dash")
)

# Slurm's own words, of the job or a step, with and without the host.
_SLURM = tuple(
    f"{who}*** {{:word}} {{:word}} {where}CANCELLED AT {{:word}}"
    for who in (
        *("slurmstepd: error: ", "srun: error: ", "slurmstepd: "),
        *("slurmd[{:word} error: ", "slurmd[{:word} "),
    )
    for where in ("ON {:word} ", "")
)
# Flux writes its words before or after the output of the job, in any order.
_FLUX = (
    ("{:number}s: job.exception type=cancel severity=0 {told:rest}", _CANCELLED),
    ("{:number}s: job.exception type=cancel severity=0", "the job was cancelled"),
    ("{:number}s: job.exception type=timeout severity=0 {:rest}", _TIME),
    ("{:number}s: flux-shell[{:integer}]: ERROR: oom: {:rest}", _MEMORY),
    ("flux-shell[{:integer}]: ERROR: oom: {:rest}", _MEMORY),
    ("{:number}s: job.exception type={:name} severity=0 {told:text}", "{told}"),
    ("ƒ{:name}: {:number}s exception type=cancel severity=0 {told:rest}", _CANCELLED),
    ("ƒ{:name}: {:number}s exception type={:name} severity=0 {told:text}", "{told}"),
    ("{:number}s: flux-shell[{:integer}]: FATAL: doom: {told:text}", "{told}"),
    ("flux-shell[{:integer}]: FATAL: doom: {told:text}", "{told}"),
    ("{:number}s: flux-shell[{:integer}]: FATAL: {told:text}", "{told}"),
    ("flux-shell[{:integer}]: FATAL: {told:text}", "{told}"),
)
_CERTAIN: tuple[_Row, ...] = (
    *((f"{cancelled} DUE TO TIME LIMIT ***", _TIME) for cancelled in _SLURM),
    ("=>> PBS: job killed: walltime {:rest}", _TIME),
    ("PBS: job killed: walltime {:rest}", _TIME),
    ("TERM_RUNLIMIT: {:rest}", _TIME),
    ("CPU time limit exceeded{:rest}", _TIME),
    ("ERROR: Job failed: execution took longer than {:rest}", _TIME),
    ("[{:word} APPLICATION TIMED OUT{:rest}", _TIME),
    ("{:rest}DeadlineExceeded{:rest}", _TIME),
    ("Pod was active on the node longer than the specified deadline{:rest}", _TIME),
    ("Job was active longer than specified deadline{:rest}", _TIME),
    ("State: TIMEOUT {:rest}", _TIME),
    ("slurmstepd: error: Detected {:integer} oom{:rest}", _MEMORY),
    ("slurmstepd: error: {:rest}memory limit{:rest}", _MEMORY),
    ("slurmstepd: error: {:rest}OOM Killed{:rest}", _MEMORY),
    ("State: OUT_OF_MEMORY {:rest}", _MEMORY),
    *(
        (f"{who}PBS: job killed: {what} {{:rest}}", _MEMORY)
        for who in ("=>> ", "")
        for what in ("mem", "vmem", "pmem", "pvmem")
    ),
    ("TERM_MEMLIMIT: {:rest}", _MEMORY),
    ("Cgroup mem{:rest} limit exceeded{:rest}", _MEMORY),
    ("Error from {:word} Job has gone over memory limit of {:rest}", _MEMORY),
    ("[{:word} {:integer}] {:rest}OOM killer terminated this process{:rest}", _MEMORY),
    ("{:rest}ut of memory: {:killed}{:rest}", _MEMORY),
    ("{:rest}OOMKilled{:rest}", _MEMORY),
    ("srun: error: {:word} {:word} {:word} Out Of Memory", _MEMORY),
    *(
        (f"{cancelled} DUE {{:name}} {{told:text}} ***", "Slurm ended the job: {told}")
        for cancelled in _SLURM
    ),
    (
        "slurmstepd: error: *** {:word} {:word} STEPD TERMINATED ON {:word} AT {:word} "
        "DUE TO {told:text} ***",
        "Slurm ended the job: {told}",
    ),
    ("srun: error: Node failure on {:rest}", "Slurm ended the job: node failure"),
    ("=>> PBS: job killed: {told:text}", "PBS ended the job: {told}"),
    ("PBS: job killed: {told:text}", "PBS ended the job: {told}"),
    ("TERM_{told:name}: {:rest}", "LSF ended the job: {told}"),
    *(
        (f"{number} ({{:rest}}) {{:rest}} Job was {what}{{:rest}}", f"HTCondor {what} the job")
        for number, what in (("009", "aborted"), ("004", "evicted"), ("012", "held"))
    ),
    ("(0) Abnormal termination (signal {told:integer})", _ENDED.format(told="signal {told}")),
    ("The node was low on resource: {told:name}{:rest}", "the node ran out of {told}"),
    *(
        (f"{head} Evicted{{:rest}}", "Kubernetes evicted the pod")
        for head in ("Reason:", "reason:", "Status:")
    ),
    ("[{:word} *** An error occurred in {told:name}", _MPI.format(told=_IN)),
    ("*** An error occurred in {told:name}", _MPI.format(told=_IN)),
    ("[{:word} *{told:text}", _ENDED, ("Signal: ", "Caught signal ", "Caught error: ")),
    ("Signal: {told:text}", _ENDED),
    ("Caught signal {told:text}", _ENDED),
    ("[{:word} MPI process (rank: {:integer}, pid: {:integer}) {told:text}", _ENDED),
    ("forrtl: severe ({:integer}): {told:text}", _ENDED),
    ("forrtl: error ({:integer}): {told:text}", _ENDED),
    ("= KILLED BY SIGNAL: {told:text}", _ENDED),
    ("YOUR APPLICATION TERMINATED WITH THE EXIT STRING: {told:text}", _ENDED),
    ("exit status of rank {:integer}: {told:text}", _ENDED),
    ("_pmiu_daemon(SIGCHLD): [{:rest}] PE RANK {:integer} exit signal {told:text}", _ENDED),
    ("aprun: Apid {:integer}: Caught signal {told:name}, {:rest}", _ENDED),
    ("Application {:integer} exit signals: {told:text}", _ENDED),
    ("double free or corruption{:rest}", _ENDED.format(told="double free or corruption")),
    (
        "*{:rest}: rank {:integer} died from signal {told:text}",
        _ENDED.format(told="signal {told}"),
        _CRAY,
    ),
    ("20{:rest}ibm.runjob.client.Job: {told:text}", _ENDED),
    ("ERROR: 0031-{:integer} {told:text}", _ENDED),
    *(
        (f"{word}{{:claim}}", _ENDED.format(told=english))
        for english, spelled in SIGNALS.items()
        for word in spelled
        if english != "killed"
    ),
    *((word, _ENDED.format(told="killed")) for word in SIGNALS["killed"]),
    # What was thrown says more than its type.
    ("what(): {told:text}", _ENDED),
    ("terminate called after throwing an instance of {told:text}", _ENDED),
    ("terminate called {told:text}", _ENDED),
    *(
        (f"{start}{{told:rest}}", _ENDED.format(told=start + "{told}"))
        for start in (
            *("Cuda driver error ", "Memory access fault by GPU", "Kokkos failed to allocate "),
            *("corrupted size vs. prev_size", "malloc(): "),
            *("free(): invalid ", "munmap_chunk(): ", "Assertion failed", "internal ABORT"),
        )
    ),
    *((f"{gpu}{{:name}}() error( {{told:text}}", _ENDED) for gpu in ("cuda", "hip")),
    (":0:{:rest} aborting with error : {told:text}", _ENDED),
    ("*** {told:text} ***: terminated", _ENDED),
    ("*** Error in {:word} {told:text} ***", _ENDED),
    ("*{:rest}: Assertion `{told:text}' failed.", _ENDED.format(told=_ASSERTION), _PROGRAM),
    ("[{:rest} exit signal {told:text}", _ENDED),
    ("{:word} line {:integer}: {:integer} {told:signal}{:rest}", _ENDED),
    *(
        (f"{start}{{told:rest}}", _MPI.format(told=start + "{told}"))
        for start in (
            "Fatal error in ",
            "MPI_ABORT was invoked on rank ",
            "application called MPI_Abort(",
            "Abort(",
            "There are not enough slots available in the system",
            "All nodes which are allocated for this job are already filled",
            "A request was made to bind to that would result in binding more",
            "Your job has requested more processes than ",
            "It looks like MPI_INIT failed for some reason",
            "ORTE has lost communication with a remote daemon",
            "PRTE has lost communication with a remote daemon",
            "An ORTE daemon has unexpectedly failed",
            "A daemon (pid ",
            *(f"{run} detected that one or more processes exited with non-zero" for run in _MPIRUN),
            *(f"{run} was unable to " for run in _MPIRUN),
            *(f"{run} noticed that process rank " for run in _MPIRUN),
            *(f"{run} has exited due to process rank " for run in _MPIRUN),
            *(f"{run} has detected an attempt to run as root" for run in _MPIRUN),
            "Primary job terminated normally, but ",
        )
    ),
    (
        "*The {told:text} function was called {when:name} {what:name} was {:name}",
        _MPI.format(told="{told} was called {when} {what}"),
        ("*** ", ""),
    ),
    (_BAD, _MPI.format(told=_BAD)),
    ("[{:word} *** MPI_ERRORS_ARE_FATAL{:rest}", _MPI.format(told="an error of MPI was fatal")),
    ("*** MPI_ERRORS_ARE_FATAL{:rest}", _MPI.format(told="an error of MPI was fatal")),
    (
        "[{:word} {:rest}: one of the processes terminated badly{:rest}",
        _MPI.format(told="one of the processes terminated badly"),
    ),
    ("[{:word} {:rest}: assert ({told:text}) failed", _MPI.format(told="assert ({told}) failed")),
)
# Told of some program or other: they count only where the application did not come to its end.
_LIKELY: tuple[_Row, ...] = (
    ("slurmstepd: error: execve(): {told:text}", _START),
    ("{:rest} error while loading shared libraries: {told:text}", _START),
    *(
        (f"*{{:rest}}: {words}", _START.format(told=told), _PROGRAM)
        for words, told in (
            ("symbol lookup error: {told:text}", "{told}"),
            ("version `{told:text}' not found (required by {:rest}", "there is no {told}"),
            ("Command not found.", "command not found"),
        )
    ),
    ("*: {:rest}: {told:unfound}", _START, _SHELLS),
    ("{:word} line {:integer}: {:rest}: {told:unfound}", _START),
    ("zsh:{:rest}command not found: {:rest}", _START.format(told="command not found")),
    ("fish: Unknown command{:rest}", _START.format(told="command not found")),
    ("*{:rest}: {told:unfound}", _START, (*_PROGRAM, *_RUNNERS)),
    *(
        (f"{run}{{:rest}}: exec format error", _START.format(told="exec format error"))
        for run in ("exec ", "standard_init_linux.go:")
    ),
    *(
        (f"{time}flux-shell[{{:integer}}]: ERROR: {{:text}} start failed: {{told:text}}", _START)
        for time in ("{:number}s: ", "")
    ),
    *((f"flux-{run}: ERROR: {{told:text}}", _START) for run in ("run", "submit", "start")),
    ("[{:rest} execvp error on file {told:text}", _START),
    ("{:rest}executable file not found in {told:rest}", _START.format(told="it is not in {told}")),
    ("{:rest}ImagePull{:rest}", _START.format(told="its image could not be pulled")),
    ("FATAL: {told:text}", _START),
    ("ERROR : {told:text}", _START),
    ("ABORT : {told:text}", _START),
    ("docker: {told:text}", _START),
    ("Error from server ({:name}): {told:text}", "Kubernetes says: {told}"),
    ("rpc error: {told:text}", "Kubernetes says: {told}"),
    ("Back-off restarting failed container{:rest}", "Kubernetes started the container in vain"),
    ("srun: error: Unable to {told:text}", "srun was unable to {told}"),
    ("srun: error: task {:word} launch failed: {told:text}", _START),
    ("srun: error: Task launch for {:word} failed on node {:word} {told:text}", _START),
    ("srun: error: Application launch failed: {told:text}", _START),
    ("srun: fatal: {told:text}", _START),
    ("srun: error: Timed out waiting for job step to complete{:rest}", "srun waited in vain"),
    ("aprun: file {:word} not found", _START.format(told="not found")),
    ("apsched: {told:text}", _START),
    ("[{:number}] [{:rest} UCX ERROR {told:text}", "UCX failed: {told}"),
    ("{:rest}No space left on device", "there was no space left on the device"),
    ("ssh: connect to host {:word} port {:integer}: {told:text}", "ssh failed: {told}"),
    ("ssh: Could not resolve hostname {:rest}", "ssh failed: a host name could not be resolved"),
    ("Host key verification failed.", "ssh failed: host key verification failed"),
    *(
        (f"{error}{{told:rest}}", f"a Python script failed: {error}{{told}}")
        for error in (
            *("subprocess.TimeoutExpired: ", "KeyboardInterrupt", "MemoryError", "ImportError: "),
            *("ModuleNotFoundError: ", "FileNotFoundError: ", "OSError: ", "RuntimeError: "),
            *("ValueError: ", "Exception: "),
        )
    ),
)
# What says no more than that the job failed.
_VAGUE_FLUX = (("flux-job: task(s) {told:text}", "its tasks {told}"),)
_VAGUE = (
    *((f"{cancelled} ***", "the job was cancelled") for cancelled in _SLURM),
    ("State: CANCELLED {:rest}", "the job was cancelled"),
    ("srun: error: {:word} task {:word} {told:text}", "a task ended: {told}"),
    ("srun: error: {:word} tasks {:word} {told:text}", "a task ended: {told}"),
    ("[{:word} {:integer}] {:rest} initiated application termination", "the job was terminated"),
    ("Exited with signal termination: {told:text}", "the command was ended: {told}"),
    ("Exited by signal {told:integer}.", "the command was ended by signal {told}"),
    ("Command terminated by signal {told:integer}", "the command was ended by signal {told}"),
    *(
        (f"{start}{{told:failure}}{end}", _CODE)
        for start, end in (
            ("command terminated with exit code ", ""),
            ("Command exited with non-zero status ", ""),
            ("Exited with exit code ", "."),
            ("Application {:integer} exit codes: ", ""),
            ("= EXIT CODE: ", ""),
            ("{:rest} exited with code ", ""),
            ("##[error]Process completed with exit code ", "."),
            ("ERROR: Job failed: exit code ", ""),
            ('Script done on {:rest} [COMMAND_EXIT_CODE="', '"]'),
            ("make: *** [{:rest}] Error ", ""),
            ("make[{:integer}]: *** [{:rest}] Error ", ""),
            ("xargs: {:rest}: exited with status ", "{:rest}"),
            ("subprocess.CalledProcessError: Command {:rest} returned non-zero exit status ", "."),
        )
    ),
)
_VAGUE_LIKELY = (
    ("srun: Job step aborted: {:rest}", "the job was cancelled"),
    ("srun: Force Terminated {:rest}", "the job was terminated"),
    ("srun: Terminating {:rest}", "the job was terminated"),
    ("srun: forcing job termination", "the job was terminated"),
    ("mpirun: killing job...", "the job was terminated"),
    ("User defined signal {told:integer}", "the job was ended by user defined signal {told}"),
    ("Terminated", "the job was terminated"),
    ("Hangup", "the job was terminated"),
)
_ROWS: tuple[tuple[str, tuple[_Row, ...]], ...] = (
    ("flux", _FLUX),
    ("death", _CERTAIN),
    ("hint", _LIKELY),
    ("flux", _VAGUE_FLUX),
    ("death", _VAGUE),
    ("hint", _VAGUE_LIKELY),
)
LINES = tuple(
    Line(
        row[0],
        keys=row[2] if len(row) == 3 else (),
        tells=row[1],
        part=part,
        foreign=part == "flux",
    )
    for part, rows in _ROWS
    for row in rows
)
RANKS = {line.template: rank for rank, line in enumerate(LINES)}
