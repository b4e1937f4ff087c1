rule aggregate:
    """Join the trials of all runs, summarise them by size, and tell what the logs gave."""
    input:
        trials=collect("<results>/trials/{run}.csv", run=RUNS),
        parse=collect("<results>/parse/{run}.csv", run=RUNS),
    output:
        trials=table_output("trials"),
        summary=table_output("summary"),
        exclusions=table_output("exclusions"),
        parse=table_output("parse"),
        fields=table_output("fields"),
    log:
        "<logs>/aggregate.log",
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=lambda wildcards, attempt: attempt * memory(RUNS.values()),
        runtime=minutes(RUNS.values()),
    params:
        what=CAMPAIGN.summarised(),
        readers={run.name: run.reader.name for run in RUNS.values()},
        code=source_digest("aggregate.py"),
    script:
        "../scripts/aggregate.py"
