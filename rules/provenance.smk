rule write_manifest:
    """Write down what the results were made of: inputs, configuration, code and packages."""
    input:
        parse="<results>/parse.csv",
        companions=local([file for run in RUNS.values() for file in run.companions]),
        tables=collect("<results>/{table}.csv", table=TABLES),
    output:
        manifest="<results>/manifest.json",
    log:
        "<logs>/write_manifest.log",
    conda:
        "../envs/analysis.yaml"
    params:
        what=CAMPAIGN.provenance(),
        companions=[[run.directory, list(run.companions)] for run in RUNS.values()],
        code=source_digest("campaign", "logs"),
    message:
        "Writing down what the results were made of"
    script:
        "../scripts/write_manifest.py"


rule verify:
    """Compare inputs, configuration, code and tables with the manifest, and name what changed."""
    log:
        "<logs>/verify.log",
    localrule: True
    conda:
        "../envs/analysis.yaml"
    params:
        what=CAMPAIGN.provenance(),
        vocabulary=CAMPAIGN.vocabulary,
        plans=[run.plan(CAMPAIGN.sizes) for run in RUNS.values()],
        # As an input it would be made anew, and nothing would ever differ.
        manifest=workflow.pathvars.apply("<results>/manifest.json"),
    message:
        "Comparing all files with the manifest"
    script:
        "../scripts/verify.py"
