rule parse_run:
    """Read every raw log of one run into a table, a row a trial."""
    input:
        # They are read where they lie: a module's prefix and a default storage are not for them.
        logs=lambda wildcards: local(RUNS[wildcards.run].logs),
        companions=lambda wildcards: local(RUNS[wildcards.run].companions),
    output:
        trials="<results>/trials/{run}.csv",
        parse="<results>/parse/{run}.csv",
    log:
        "<logs>/parse_run/{run}.log",
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=lambda wildcards, attempt: attempt * memory([RUNS[wildcards.run]]),
        runtime=lambda wildcards: minutes([RUNS[wildcards.run]]),
    params:
        plan=lambda wildcards: RUNS[wildcards.run].plan(CAMPAIGN.sizes),
        code=source_digest("parse_run.py"),
    message:
        "Reading the logs of {wildcards.run}"
    script:
        "../scripts/parse_run.py"
