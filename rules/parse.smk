rule parse_run:
    """Read every raw log of one run into a table, a row a trial."""
    input:
        # Only what this workflow fetches: all other logs are watched by their state.
        fetched=lambda wildcards: fetched([RUNS[wildcards.run]]),
        here=lambda wildcards: here(RUNS[wildcards.run]),
    output:
        trials="<results>/trials/{run}.csv",
        parse="<results>/parse/{run}.csv",
    log:
        "<logs>/parse_run/{run}.log",
    conda:
        "../envs/analysis.yaml"
    # To start another process takes as long as to read some thousand logs.
    threads: lambda wildcards: 1 + len(RUNS[wildcards.run].logs) // 10000
    resources:
        mem_mb=lambda wildcards, attempt: attempt * memory([RUNS[wildcards.run]]),
        runtime=lambda wildcards: minutes([RUNS[wildcards.run]]),
    params:
        plan=lambda wildcards: RUNS[wildcards.run].plan(CAMPAIGN.sizes),
        state=lambda wildcards: state(wildcards.run),
        notes=lambda wildcards: notes(RUNS[wildcards.run]),
        code=source_digest("parse_run.py"),
    message:
        "Reading the logs of {wildcards.run}"
    script:
        "../scripts/parse_run.py"
