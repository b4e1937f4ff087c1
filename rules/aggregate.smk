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
    params:
        what=CAMPAIGN.summarised(),
        readers={run.name: (run.reader.application, run.reader.name) for run in RUNS.values()},
        vocabulary=CAMPAIGN.vocabulary,
        code=source_digest("campaign", "inference", "logs", "tables"),
    message:
        "Summarising the trials by run and size"
    script:
        "../scripts/aggregate.py"
