rule write_manifest:
    """Write down what the results were made of: inputs, configuration, code and packages."""
    input:
        logs=local([log for run in RUNS.values() for log in run.logs]),
        companions=local([file for run in RUNS.values() for file in run.companions]),
        tables=collect("<results>/{table}.csv", table=TABLES),
    output:
        manifest="<results>/manifest.json",
    log:
        "<logs>/write_manifest.log",
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=lambda wildcards, attempt: attempt * memory(RUNS.values()),
        runtime=minutes(RUNS.values()),
    params:
        what=manifest_request(),
        code=source_digest("write_manifest.py"),
    script:
        "../scripts/write_manifest.py"


rule verify:
    """Compare inputs, configuration, code and tables with the manifest, and name what changed."""
    input:
        logs=local([log for run in RUNS.values() for log in run.logs]),
        companions=local([file for run in RUNS.values() for file in run.companions]),
    log:
        "<logs>/verify.log",
    localrule: True
    conda:
        "../envs/analysis.yaml"
    params:
        what=manifest_request(),
        # As an input it would be made anew, and nothing would ever differ.
        manifest=workflow.pathvars.apply("<results>/manifest.json"),
    script:
        "../scripts/verify.py"
