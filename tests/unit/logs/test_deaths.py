"""Who tells that a job died, and how it is told."""

import pytest

from heteroscope.logs import READERS, deaths, lammps
from heteroscope.logs.kinds import SIGNALS
from heteroscope.logs.lines import LineTable
from heteroscope.metrics import Status

UNSTARTED = "the application did not start"

DEATHS = [
    *(
        (f"{who}*** {what} {where}CANCELLED AT 2024-05-18T08:01:52{why} ***", told)
        for who in ("slurmstepd: error: ", "srun: error: ", "slurmstepd: ", "slurmd[n01]: ")
        for what, where in (("JOB 4242", "ON n01 "), ("STEP 4242.0", ""))
        for why, told in (
            (" DUE TO TIME LIMIT", "the time limit ended the job"),
            (" DUE TO PREEMPTION", "Slurm ended the job: PREEMPTION"),
            ("", "the job was cancelled"),
        )
    ),
    *(
        (f"{time}{word} type={kind} severity=0 {note}", told)
        for time, word in (("3.760s: ", "job.exception"), ("ƒm4ueqV: 3.760s ", "exception"))
        for kind, note, told in (
            ("cancel", "by ctrl-C", "the job was cancelled: by ctrl-C"),
            ("exec", "rank 3 exited", "rank 3 exited"),
            *(
                (("timeout", "resource allocation expired", "the time limit ended the job"),)
                if word == "job.exception"
                else ()
            ),
        )
    ),
    *(
        (
            f"{time}flux-shell[0]: FATAL: {doom}rank 3 exited and exit-timeout=30s has expired",
            "rank 3 exited and exit-timeout=30s has expired",
        )
        for time in ("9.1s: ", "")
        for doom in ("doom: ", "")
    ),
    ("flux-job: task(s) exited with exit code 143", "its tasks exited with exit code 143"),
    ("Aborted (core dumped)", "a process was ended: aborted"),
    (
        "terminate called after throwing an instance of 'std::bad_alloc'",
        "a process was ended: 'std::bad_alloc'",
    ),
    ("double free or corruption (out)", "a process was ended: double free or corruption"),
    ("free(): invalid pointer", "a process was ended: free(): invalid pointer"),
    ("[NID 00001] 2024 Apid 77: PE RANK 3 exit signal Killed", "a process was ended: Killed"),
    ("Application 77 exit codes: 137", "the command ended with exit code 137"),
    *(
        (f"{shell}: lmp: {words}", f"the application did not start: {words.lower()}")
        for shell in ("bash", "sh", "/bin/sh", "/bin/bash", "./job.sh: line 3")
        for words in (
            "command not found",
            "not found",
            "No such file or directory",
            "Permission denied",
            "cannot execute binary file: Exec format error",
        )
    ),
    *(
        (
            f"{time}flux-shell[0]: ERROR: task 0: start failed: lmp: No such file or directory",
            "the application did not start: lmp: No such file or directory",
        )
        for time in ("0.1s: ", "")
    ),
    (
        "[proxy:0:0@n01] HYDU_create_process: execvp error on file lmp (No such file)",
        "the application did not start: lmp (No such file)",
    ),
    (
        'exec: "lmp": executable file not found in $PATH',
        "the application did not start: it is not in $PATH",
    ),
    (
        "lammps-0 0/1 ImagePullBackOff 0 1m",
        "the application did not start: its image could not be pulled",
    ),
    (
        "lammps-0 0/1 ErrImagePull 0 1m",
        "the application did not start: its image could not be pulled",
    ),
    ("srun: Force Terminated StepId=77.0", "the job was terminated"),
    ("=>> PBS: job killed: walltime 3630 exceeded limit 3600", "the time limit ended the job"),
    ("PBS: job killed: walltime 3630 exceeded limit 3600", "the time limit ended the job"),
    (
        "TERM_RUNLIMIT: job killed after reaching LSF run time limit.",
        "the time limit ended the job",
    ),
    ("Warning  DeadlineExceeded  job-controller", "the time limit ended the job"),
    ("slurmstepd: error: Detected 1 oom_kill event in StepId=4242.0. Some", "memory ran out"),
    (
        "slurmstepd: error: Step 4242.0 exceeded memory limit (9 > 8), being killed",
        "memory ran out",
    ),
    ("slurmstepd: error: Some of the step tasks have been OOM Killed.", "memory ran out"),
    ("=>> PBS: job killed: mem 9kb exceeded limit 8kb", "memory ran out"),
    ("PBS: job killed: mem 9kb exceeded limit 8kb", "memory ran out"),
    ("TERM_MEMLIMIT: job killed after reaching LSF memory usage limit.", "memory ran out"),
    ("Out of memory: Killed process 77 (lmp) total-vm:1kB", "memory ran out"),
    ("[ 123.456] Out of memory: Killed process 77 (lmp)", "memory ran out"),
    ("Memory cgroup out of memory: Killed process 77 (lmp)", "memory ran out"),
    ("[ 123.456] Memory cgroup out of memory: Killed process 77 (lmp)", "memory ran out"),
    ("lammps-0   0/1   OOMKilled   0   1m", "memory ran out"),
    ("srun: error: n01: task 3: Out Of Memory", "memory ran out"),
    (
        "=>> PBS: job killed: node 2 requested job terminate",
        "PBS ended the job: node 2 requested job terminate",
    ),
    (
        "PBS: job killed: node 2 requested job terminate",
        "PBS ended the job: node 2 requested job terminate",
    ),
    ("TERM_OWNER: job killed by owner.", "LSF ended the job: OWNER"),
    ("The node was low on resource: memory. Container", "the node ran out of memory."),
    (
        "[n01:00758] *** An error occurred in MPI_Send",
        "MPI stopped the job: an error occurred in MPI_Send",
    ),
    ("*** An error occurred in MPI_Init", "MPI stopped the job: an error occurred in MPI_Init"),
    (
        "[n01:00758] Signal: Segmentation fault (11)",
        "a process was ended: Segmentation fault (11)",
    ),
    ("Signal: Bus error (7)", "a process was ended: Bus error (7)"),
    (
        "[n01:99125:0:99125] Caught signal 11 (Segmentation fault)",
        "a process was ended: 11 (Segmentation fault)",
    ),
    ("Caught signal 7 (Bus error)", "a process was ended: 7 (Bus error)"),
    (
        "forrtl: severe (174): SIGSEGV, segmentation fault occurred",
        "a process was ended: SIGSEGV, segmentation fault occurred",
    ),
    ("=   KILLED BY SIGNAL: 9 (Killed)", "a process was ended: 9 (Killed)"),
    (
        "YOUR APPLICATION TERMINATED WITH THE EXIT STRING: Killed (signal 9)",
        "a process was ended: Killed (signal 9)",
    ),
    ("Segmentation fault (core dumped)", "a process was ended: segmentation fault"),
    ("Bus error (core dumped)", "a process was ended: bus error"),
    ("Illegal instruction", "a process was ended: illegal instruction"),
    ("Floating point exception", "a process was ended: floating point exception"),
    ("Killed", "a process was ended: killed"),
    (
        "./run.sh: line 12: 77 Killed                  mpirun -np 4 lmp -in in.x",
        "a process was ended: killed",
    ),
    ("srun: error: n01: task 3: Exited with exit code 1", "a task ended: Exited with exit code 1"),
    ("srun: error: n01: tasks 0-3: Killed", "a task ended: Killed"),
    ("command terminated with exit code 137", "the command ended with exit code 137"),
    ("Command exited with non-zero status 1", "the command ended with exit code 1"),
    ("Exited with exit code 1.", "the command ended with exit code 1"),
    ("Command terminated by signal 9", "the command was ended by signal 9"),
    (
        "Fatal error in MPI_Init: Other MPI error",
        "MPI stopped the job: Fatal error in MPI_Init: Other MPI error",
    ),
    *(
        (line, f"MPI stopped the job: {line}")
        for line in (
            "MPI_ABORT was invoked on rank 3 in communicator MPI_COMM_WORLD",
            "application called MPI_Abort(MPI_COMM_WORLD, 1) - process 0",
            "Abort(1) on node 0 (rank 0 in comm 0): Fatal error",
            "= BAD TERMINATION OF ONE OF YOUR APPLICATION PROCESSES",
            "Primary job terminated normally, but 1 process returned",
            "There are not enough slots available in the system to satisfy the 4",
            "It looks like MPI_INIT failed for some reason; your parallel process is",
            *(
                f"{run} {words}"
                for run in ("mpirun", "mpiexec", "prterun", "orterun")
                for words in (
                    "detected that one or more processes exited with non-zero status, thus",
                    "was unable to launch the specified application",
                    "noticed that process rank 1 with PID 0 on node [host] exited on signal 9",
                    "has exited due to process rank 0 with PID 77 on",
                )
            ),
        )
    ),
    (
        "[n01:00758] *** MPI_ERRORS_ARE_FATAL (processes in this communicator will now abort,",
        "MPI stopped the job: an error of MPI was fatal",
    ),
    ("*** MPI_ERRORS_ARE_FATAL (goodbye)", "MPI stopped the job: an error of MPI was fatal"),
    (
        "slurmstepd: error: execve(): lmp: No such file or directory",
        "the application did not start: lmp: No such file or directory",
    ),
    (
        "lmp: error while loading shared libraries: libx.so: cannot open shared object file",
        "the application did not start: libx.so: cannot open shared object file",
    ),
    (
        "srun: error: Unable to create step for job 1: x",
        "srun was unable to create step for job 1: x",
    ),
    ("srun: Job step aborted: Waiting up to 32 seconds", "the job was cancelled"),
    ("Terminated", "the job was terminated"),
    # Schedulers.
    *(
        (f"{who}*** JOB 77 {on}CANCELLED AT 2024-05-18T08:01:52{due} ***", told)
        for who, on in (
            ("slurmstepd: error: ", "ON n01 "),
            ("slurmd[n01]: error: ", ""),
            ("slurmd[n01]: error: ", "ON n01 "),
        )
        for due, told in (
            (" DUE TO TIME LIMIT", "the time limit ended the job"),
            (" DUE TO PREEMPTION", "Slurm ended the job: PREEMPTION"),
            (" DUE to SIGNAL Terminated", "Slurm ended the job: SIGNAL Terminated"),
            ("", "the job was cancelled"),
        )
    ),
    (
        "slurmstepd: error: *** JOB 77 STEPD TERMINATED ON n01 AT 2024-05-18T08:01:52 "
        "DUE TO JOB NOT ENDING WITH SIGNALS ***",
        "Slurm ended the job: JOB NOT ENDING WITH SIGNALS",
    ),
    ("srun: error: Node failure on n03", "Slurm ended the job: node failure"),
    ("srun: error: task 0 launch failed: Unspecified error", f"{UNSTARTED}: Unspecified error"),
    (
        "srun: error: Task launch for StepId=77.0 failed on node n01: Job credential expired",
        f"{UNSTARTED}: Job credential expired",
    ),
    ("srun: error: Application launch failed: Job expired", f"{UNSTARTED}: Job expired"),
    ("srun: fatal: No command given to execute.", f"{UNSTARTED}: No command given to execute."),
    ("srun: error: Timed out waiting for job step to complete", "srun waited in vain"),
    *(
        (f"srun: {words}", "the job was terminated")
        for words in ("Terminating StepId=77.0", "forcing job termination")
    ),
    ("State: TIMEOUT (exit code 0)", "the time limit ended the job"),
    ("State: OUT_OF_MEMORY (exit code 0)", "memory ran out"),
    ("State: CANCELLED (exit code 0)", "the job was cancelled"),
    *(
        (f"{who}PBS: job killed: {what} 9kb exceeded limit 8kb", "memory ran out")
        for who in ("=>> ", "")
        for what in ("vmem", "pmem", "pvmem")
    ),
    ("Cgroup memory limit exceeded: Killed process 77 (lmp)", "memory ran out"),
    ("CPU time limit exceeded (core dumped)", "the time limit ended the job"),
    ("Exited by signal 9.", "the command was ended by signal 9"),
    ("Exited with signal termination: Killed.", "the command was ended: Killed."),
    ("User defined signal 2", "the job was ended by user defined signal 2"),
    ("Hangup", "the job was terminated"),
    (
        "aprun: Apid 77: Caught signal Terminated, sending to application",
        "a process was ended: Terminated",
    ),
    ("Application 77 exit signals: Killed", "a process was ended: Killed"),
    ("Application 77 exit codes: 139", "the command ended with exit code 139"),
    (
        "_pmiu_daemon(SIGCHLD): [NID 00012] [c0-0c0s3n0] [Sat May 18 08:01:52 2024] PE RANK 12 "
        "exit signal Segmentation fault",
        "a process was ended: Segmentation fault",
    ),
    (
        "[NID 00012] 2024-05-18 08:01:52 Apid 77: initiated application termination",
        "the job was terminated",
    ),
    (
        "[NID 00012] 2024-05-18 08:01:52 Apid 77: OOM killer terminated this process.",
        "memory ran out",
    ),
    ("aprun: file lmp not found", f"{UNSTARTED}: not found"),
    ("apsched: claim exceeds reservation's CPUs", f"{UNSTARTED}: claim exceeds reservation's CPUs"),
    ("x1000c0s0b0n0.cm.example.com: rank 12 died from signal 9", "a process was ended: signal 9"),
    ("x1000c0s0b0n0: rank 0 exited with code 1", "the command ended with exit code 1"),
    (
        "2014-05-18 08:01:52.223 (WARN ) [0xf] 77:ibm.runjob.client.Job: terminated by signal 11",
        "a process was ended: terminated by signal 11",
    ),
    ("ERROR: 0031-250  task 3: Terminated", "a process was ended: task 3: Terminated"),
    ("Error from slot1@n01: Job has gone over memory limit of 2048 megabytes.", "memory ran out"),
    ("(0) Abnormal termination (signal 9)", "a process was ended: signal 9"),
    *(
        (f"{n} (77.000.000) 2024-05-18 08:01:52 Job was {what}", f"HTCondor {what} the job")
        for n, what in (("009", "aborted"), ("004", "evicted"), ("012", "held"))
    ),
    # Flux.
    ("3.7s: job.exception type=cancel severity=0", "the job was cancelled"),
    *(
        (
            f"{time}flux-shell[3]: ERROR: oom: Memory cgroup out of memory: killed 1 task on n03.",
            "memory ran out",
        )
        for time in ("2.1s: ", "")
    ),
    *(
        (f"flux-{command}: ERROR: [Errno 1] unsatisfiable", f"{UNSTARTED}: [Errno 1] unsatisfiable")
        for command in ("run", "submit", "start")
    ),
    # The kernel.
    (
        "May 18 08:01:52 n01 kernel: Memory cgroup out of memory: Killed process 77",
        "memory ran out",
    ),
    # MPI.
    *(
        (line, f"MPI stopped the job: {line}")
        for line in (
            "All nodes which are allocated for this job are already filled.",
            "A request was made to bind to that would result in binding more",
            "Your job has requested more processes than the ppr for",
            "ORTE has lost communication with a remote daemon.",
            "PRTE has lost communication with a remote daemon.",
            "An ORTE daemon has unexpectedly failed after launch and before",
            "A daemon (pid 77) died unexpectedly with status 255 while attempting",
            *(
                f"{run} has detected an attempt to run as root."
                for run in ("mpirun", "mpiexec", "prterun", "orterun", "srun")
            ),
            "srun detected that one or more processes exited with non-zero status, thus",
            "srun was unable to launch the specified application",
            "srun noticed that process rank 1 exited",
            "srun has exited due to process rank 0 with PID 77 on",
        )
    ),
    *(
        (
            f"{stars}The MPI_Comm_rank() function was called before MPI_INIT was invoked.",
            "MPI stopped the job: MPI_Comm_rank() was called before MPI_INIT",
        )
        for stars in ("*** ", "")
    ),
    ("mpirun: killing job...", "the job was terminated"),
    ("=   EXIT CODE: 9", "the command ended with exit code 9"),
    ("[mpiexec@n01] APPLICATION TIMED OUT, TIMEOUT = 3600s", "the time limit ended the job"),
    (
        "[mpiexec@n01] HYDT_x (bscu_wait.c:76): one of the processes terminated badly; aborting",
        "MPI stopped the job: one of the processes terminated badly",
    ),
    (
        "[mpiexec@n01] control_cb (pmiserv_cb.c:208): assert (!closed) failed",
        "MPI stopped the job: assert (!closed) failed",
    ),
    ("  exit status of rank 3: killed by signal 9", "a process was ended: killed by signal 9"),
    (
        "[n01:mpi_rank_3][error_sighandler] Caught error: Segmentation fault (signal 11)",
        "a process was ended: Segmentation fault (signal 11)",
    ),
    (
        "[n01:mpispawn_0][child_handler] MPI process (rank: 3, pid: 77) exited with status 1",
        "a process was ended: exited with status 1",
    ),
    (
        "forrtl: error (78): process killed (SIGTERM)",
        "a process was ended: process killed (SIGTERM)",
    ),
    (
        "[1725067875.766477] [n01:99125:0]  ib_mlx5_log.c:171  UCX  ERROR Transport retry count "
        "exceeded",
        "UCX failed: Transport retry count exceeded",
    ),
    # Libraries and devices.
    *(
        (line, f"a process was ended: {line}")
        for line in (
            "Cuda driver error 700 in call at file 'geryon/nvd_timer.h' in line 99.",
            "Memory access fault by GPU node-4 (Agent handle: 0x1) on address 0x7. Reason: ?",
            'Kokkos failed to allocate memory for label "atom:x".',
            "corrupted size vs. prev_size",
            "malloc(): corrupted top size",
            "free(): invalid next size (normal)",
            "munmap_chunk(): invalid pointer",
            "Assertion failed in file ../x.c at line 42: 0",
            "internal ABORT - process 3",
        )
    ),
    *(
        (
            f"{gpu}DeviceSynchronize() error( {gpu}ErrorIllegalAddress): x",
            f"a process was ended: {gpu}ErrorIllegalAddress): x",
        )
        for gpu in ("cuda", "hip")
    ),
    (
        ":0:rocdevice.cpp :2786: 77 us: [tid:0x7f] Queue 0x7f aborting with error : HSA_X",
        "a process was ended: HSA_X",
    ),
    ("  what():  std::bad_alloc", "a process was ended: std::bad_alloc"),
    (
        "terminate called without an active exception",
        "a process was ended: without an active exception",
    ),
    ("*** stack smashing detected ***: terminated", "a process was ended: stack smashing detected"),
    (
        "*** Error in `lmp': double free or corruption (!prev): 0x1 ***",
        "a process was ended: double free or corruption (!prev): 0x1",
    ),
    (
        "lmp: x.cpp:123: void f(): Assertion `n > 0' failed.",
        "a process was ended: assertion n > 0 failed",
    ),
    # Kubernetes and containers.
    *(
        (f"{words} deadline", "the time limit ended the job")
        for words in (
            "Pod was active on the node longer than the specified",
            "Job was active longer than specified",
        )
    ),
    *(
        (f"  {key}  Evicted", "Kubernetes evicted the pod")
        for key in ("Reason:", "reason:", "Status:")
    ),
    ('Error from server (NotFound): pods "x" not found', 'Kubernetes says: pods "x" not found'),
    ("rpc error: code = NotFound", "Kubernetes says: code = NotFound"),
    ("Back-off restarting failed container", "Kubernetes started the container in vain"),
    ("FATAL:   container creation failed: mount", f"{UNSTARTED}: container creation failed: mount"),
    ("ERROR  : Unknown image format/type: x.sif", f"{UNSTARTED}: Unknown image format/type: x.sif"),
    ("ABORT  : Retval = 255", f"{UNSTARTED}: Retval = 255"),
    ("docker: Error response from daemon: x", f"{UNSTARTED}: Error response from daemon: x"),
    ("exec /usr/bin/lmp: exec format error", f"{UNSTARTED}: exec format error"),
    (
        "standard_init_linux.go:228: exec user process caused: exec format error",
        f"{UNSTARTED}: exec format error",
    ),
    # Shells, in their languages, and what runs a program for them.
    *(
        (line, f"{UNSTARTED}: command not found")
        for line in (
            "-bash: lmp: command not found",
            "bash: lmp: command not found...",
            "bash: lmp: Kommando nicht gefunden.",
            "bash: lmp : commande introuvable",
            "bash: lmp: comando no encontrado",
            "bash: lmp: 未找到命令",
            "zsh: command not found: lmp",
            "fish: Unknown command: lmp",
            "lmp: Command not found.",
        )
    ),
    ("./run.sh: 12: lmp: not found", f"{UNSTARTED}: not found"),
    ("/.singularity.d/actions/exec: 9: exec: lmp: not found", f"{UNSTARTED}: not found"),
    (
        "lmp: symbol lookup error: lmp: undefined symbol: x",
        f"{UNSTARTED}: lmp: undefined symbol: x",
    ),
    (
        "./lmp: /lib64/libc.so.6: version `GLIBC_2.34' not found (required by ./lmp)",
        f"{UNSTARTED}: there is no GLIBC_2.34",
    ),
    *(
        (f"{run}: No such file or directory", f"{UNSTARTED}: no such file or directory")
        for run in ("env: 'lmp'", "timeout: failed to run command ‘lmp’", "time: cannot run lmp")
    ),
    *(
        (line, "a process was ended: segmentation fault")
        for line in (
            "Speicherzugriffsfehler (Speicherabzug geschrieben)",
            "Erreur de segmentation (core dumped)",
            "Violación de segmento (`core' generado)",
            "段错误 (核心已转储)",
        )
    ),
    *(
        (word, f"a process was ended: {english}")
        for english, spelled in SIGNALS.items()
        for word in spelled
    ),
    ("/var/spool/x: line 12: lmp: command not found", f"{UNSTARTED}: command not found"),
    # What ran the job.
    ("##[error]Process completed with exit code 137.", "the command ended with exit code 137"),
    ("ERROR: Job failed: exit code 137", "the command ended with exit code 137"),
    (
        "ERROR: Job failed: execution took longer than 1h0m0s seconds",
        "the time limit ended the job",
    ),
    (
        'Script done on 2024-05-18 08:01:52+00:00 [COMMAND_EXIT_CODE="139"]',
        "the command ended with exit code 139",
    ),
    ("make: *** [Makefile:12: run] Error 139", "the command ended with exit code 139"),
    ("make[1]: *** [Makefile:12: run] Error 2", "the command ended with exit code 2"),
    ("xargs: lmp: exited with status 255; aborting", "the command ended with exit code 255"),
    (
        "subprocess.CalledProcessError: Command '['lmp']' returned non-zero exit status 1.",
        "the command ended with exit code 1",
    ),
    ("KeyboardInterrupt", "a Python script failed: KeyboardInterrupt"),
    *(
        (f"{error}: x", f"a Python script failed: {error}: x")
        for error in (
            *("subprocess.TimeoutExpired", "MemoryError", "ImportError", "ModuleNotFoundError"),
            *("FileNotFoundError", "OSError", "RuntimeError", "ValueError", "Exception"),
        )
    ),
    # Files and hosts.
    ("mpirun: error: write: No space left on device", "there was no space left on the device"),
    ("ssh: connect to host n03 port 22: Connection refused", "ssh failed: Connection refused"),
    (
        "ssh: Could not resolve hostname n03: Name or service not known",
        "ssh failed: a host name could not be resolved",
    ),
    ("Host key verification failed.", "ssh failed: host key verification failed"),
]


@pytest.mark.parametrize(("text", "told"), DEATHS, ids=[text[:60] for text, _ in DEATHS])
def test_how_a_job_died_is_the_reason_whatever_its_launcher(text, told):
    whole = b"LAMMPS (29 Sep 2021)\nLoop time of 1.5 on 1 procs for 100 steps with 304 atoms\n"
    for reader in ("lammps", "flux-operator", "flux-jobs", "mpi-operator"):
        (reading,) = READERS[reader].read(whole + text.encode() + b"\n", {})
        assert (reading.status.value, reading.reason) == ("failed", told), reader


def test_every_kind_of_death_has_an_example():
    table = LineTable((*lammps.LINES, *deaths.LINES))
    seen = {line.template for text, _ in DEATHS for _, line, _, _ in table.findings(text.encode())}
    every = [*(line.template for line in deaths.LINES)]
    assert set(every) - seen == set()
    assert len(every) == len(set(every))


@pytest.mark.parametrize(("text", "told"), DEATHS, ids=[text[:60] for text, _ in DEATHS])
def test_a_job_that_failed_after_its_total_has_failed_all_the_same(text, told):
    whole = (
        b"LAMMPS (29 Sep 2021)\nLoop time of 1.5 on 1 procs for 100 steps with 304 atoms\n"
        b"Total wall time: 0:00:02\n"
    )
    (reading,) = READERS["lammps"].read(whole + text.encode() + b"\n", {})
    certain = {line.template for line in deaths.LINES if line.part != "hint"}
    ((_, line, _, _),) = LineTable(deaths.LINES).findings(text.encode() + b"\n")
    assert reading.status.value == ("failed" if line.template in certain else "ok")


WHOLE = """\
LAMMPS (29 Sep 2021)
  304 atoms
Per MPI rank memory allocation (min/avg/max) = 5.1 | 5.2 | 5.3 Mbytes
Step Temp
 0 300
 100 301
Loop time of 1.5 on 1 procs for 100 steps with 304 atoms
Total wall time: 0:00:02
"""
# None of these lines says that the job died.
HARMLESS = """\
WARNING: Lost atoms: original 32000 current 31998 (src/thermo.cpp:486)
WARNING on proc 3: Communication cutoff is 0. No ghost atoms will be generated.
[n01:1234] 95 more processes have sent help message help-mpi-btl-openib.txt / ib port not selected
WARNING: There was an error initializing an OpenFabrics device.
[n01:00758] mca_base_component_repository_open: unable to open mca_btl_openib: x (ignored)
[1725067875.766477] [n01:99125:0]  parser.c:2036 UCX  WARN  unused environment variable: UCX_HOME
libfabric:1234:17::core:core:cuda_hmem_verify_devices():640<warn> Failed: cudaErrorInsufficient
ERROR: ld.so: object 'x.so' from LD_PRELOAD cannot be preloaded: ignored.
slurmstepd: error: mpi/pmix_v4: init: (null) [0]: mpi_pmix.c:195: pmi/pmix: can not load PMIx
srun: job 4242 queued and waiting for resources
srun: warning: can't honor --ntasks-per-node set to 96
Lmod has detected the following error: The following module(s) are unknown: "cuda/11"
bash: warning: setlocale: LC_ALL: cannot change locale (en_US.UTF-8)
INFO:    Environment variable SINGULARITY_BIND is set, but APPTAINER_BIND is preferred
Application 12345 resources: utime ~12s, stime ~1s, Rss ~1234, inblocks ~12, outblocks ~3
aprun: Apid 4242: Caught signal Window changed, sending to application
cat: /sys/class/dmi/id/product_name: No such file or directory
[0] MPI startup(): Intel(R) MPI Library, Version 2021.9  Build 20230307
[mpiexec@n01] Warning: forcing use of ssh
lammps-1 exited with code 0
Script done on 2024-05-18 08:01:52+00:00 [COMMAND_EXIT_CODE="0"]
005 (4242.000.000) 2024-05-18 08:01:52 Job terminated.
997.727s: flux-shell[0]:  WARN: exception: shell rank 211 (on n01): Terminated
3.760s: job.exception type=node-failure severity=1 lost contact
Killed process list is empty
""".splitlines()


@pytest.mark.parametrize("line", HARMLESS, ids=[line[:60] for line in HARMLESS])
def test_what_others_say_of_no_death_changes_nothing(line):
    at = WHOLE.index("Loop")
    for log in (f"{line}\n{WHOLE}", f"{WHOLE[:at]}{line}\n{WHOLE[at:]}", f"{WHOLE}{line}\n"):
        (reading,) = READERS["lammps"].read(log.encode(), {})
        assert (reading.status, reading.reason) == (Status.OK, "")
    (cut,) = READERS["lammps"].read(f"{WHOLE[:at]}{line}\n".encode(), {})
    assert (cut.status, cut.reason) == (
        Status.INCOMPLETE,
        "no loop_time, no walltime: the log ends too early",
    )
