rule parse_run:
    """Read every raw log of one run into a table, a row a trial."""
    input:
        logs=lambda wildcards: RUNS[wildcards.run].logs,
        companions=lambda wildcards: RUNS[wildcards.run].companions,
    output:
        trials="<results>/trials/{run}.csv",
    log:
        "<logs>/parse_run/{run}.log",
    conda:
        "../envs/analysis.yaml"
    params:
        plan=lambda wildcards: RUNS[wildcards.run].plan(CAMPAIGN.sizes),
        code=source_digest("parse_run.py"),
    message:
        "Reading the logs of {wildcards.run}"
    script:
        "../scripts/parse_run.py"
