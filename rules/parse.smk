rule parse_run:
    """Read every raw log of one run into a table, a row a trial."""
    input:
        logs=raw_files,
    output:
        trials="<results>/trials/{run}.csv",
        parse="<results>/parse/{run}.csv",
    log:
        "<logs>/parse_run/{run}.log",
    conda:
        "../envs/analysis.yaml"
    params:
        plan=lambda wildcards: RUNS[wildcards.run].plan(CAMPAIGN.sizes),
        files=names_and_sizes,
        vocabulary=CAMPAIGN.vocabulary,
        code=source_digest("campaign", "logs", "tables"),
    message:
        "Reading the logs of {wildcards.run}"
    script:
        "../scripts/parse_run.py"
