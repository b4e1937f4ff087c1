#!/usr/bin/env bash
# A Slurm of one node on Debian 12, for tests: no systemd, no accounting database.
#
#   slurm.sh start DIRECTORY     installs what is missing, starts it, and waits until it is idle
#   slurm.sh stop DIRECTORY      ends the daemons that it started, and no others
#
# Needs root: it writes /etc/slurm/slurm.conf, because Snakemake's plugin drops SLURM_CONF before
# it calls sbatch.  A configuration that it did not write itself is never replaced.
set -euo pipefail

conf=/etc/slurm/slurm.conf
mark="# written by heteroscope's tests"
action=$1
directory=$2
node=$(hostname -s)

install() {
    # The daemons lie in /usr/sbin, which is not on every PATH.
    if [ -x /usr/sbin/slurmctld ] && [ -x /usr/sbin/slurmd ] && [ -x /usr/sbin/munged ]; then
        return
    fi
    echo "installing Slurm"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes --no-install-recommends \
        slurm-wlm munge >"$directory/apt.log" 2>&1 || { cat "$directory/apt.log" >&2; exit 1; }
}

configure() {
    local memory
    memory=$(awk '/^MemTotal/ {print int($2 / 1024) - 512}' /proc/meminfo)
    # Memory is consumed, so that a rule that asks for too much is found here; MinJobAge keeps a
    # job visible to squeue long enough for Snakemake to ask.
    cat >"$conf" <<CONF
$mark
ClusterName=test
SlurmctldHost=$node(127.0.0.1)
SlurmUser=root
StateSaveLocation=$directory/state
SlurmdSpoolDir=$directory/spool
SlurmctldPidFile=$directory/slurmctld.pid
SlurmdPidFile=$directory/slurmd.pid
SlurmctldLogFile=$directory/slurmctld.log
SlurmdLogFile=$directory/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/affinity
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
SlurmdParameters=config_overrides
ReturnToService=2
MinJobAge=300
NodeName=$node NodeAddr=127.0.0.1 CPUs=$(nproc) RealMemory=$memory State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
}

start() {
    mkdir -p "$directory/state" "$directory/spool"
    install
    if [ -e "$conf" ] && ! grep -qxF "$mark" "$conf"; then
        echo "$conf is there already, and not of these tests" >&2
        exit 1
    fi
    configure
    mkdir -p /run/munge
    chown munge: /run/munge
    if ! munge --no-input >/dev/null 2>&1; then
        runuser -u munge -- /usr/sbin/munged --pid-file=/run/munge/heteroscope.pid
    fi
    /usr/sbin/slurmctld
    /usr/sbin/slurmd
    for _ in $(seq 150); do
        [ "$(sinfo --noheader --format %t 2>/dev/null || true)" = idle ] && return
        sleep 0.2
    done
    tail -n 20 "$directory"/slurm*.log >&2
    echo "Slurm did not start" >&2
    exit 1
}

stop() {
    local pid
    for pid in "$directory/slurmd.pid" "$directory/slurmctld.pid" /run/munge/heteroscope.pid; do
        if [ -s "$pid" ]; then
            kill "$(cat "$pid")" 2>/dev/null || true
            rm -f "$pid"
        fi
    done
    if [ -e "$conf" ] && grep -qxF "$mark" "$conf"; then
        rm "$conf"
    fi
}

case $action in
    start | stop) "$action" ;;
    *) echo "usage: $0 start|stop DIRECTORY" >&2; exit 2 ;;
esac
