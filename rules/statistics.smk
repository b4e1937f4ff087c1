rule compare_variance:
    """Test whether spreads differ: Levene, pair by pair and across the sizes of a run."""
    input:
        trials=collect("<results>/trials/{run}.csv", run=RUNS),
    output:
        table=table_output("variance"),
    log:
        "<logs>/compare_variance.log",
    conda:
        "../envs/analysis.yaml"
    params:
        what=CAMPAIGN.compared(),
        settings=CAMPAIGN.statistics,
        vocabulary=CAMPAIGN.vocabulary,
        code=source_digest("analysis", "inference", "tables"),
    message:
        "Comparing spreads"
    script:
        "../scripts/compare_variance.py"


rule compare_location:
    """Test whether runs differ from their baselines: exact Mann-Whitney, with effect sizes."""
    input:
        trials=collect("<results>/trials/{run}.csv", run=RUNS),
    output:
        table=table_output("location"),
    log:
        "<logs>/compare_location.log",
    conda:
        "../envs/analysis.yaml"
    params:
        what=CAMPAIGN.compared(),
        settings=CAMPAIGN.statistics,
        vocabulary=CAMPAIGN.vocabulary,
        code=source_digest("analysis", "inference", "tables"),
    message:
        "Comparing locations"
    script:
        "../scripts/compare_location.py"


rule make_claims:
    """Say what each comparison and each claim comes to, and whether like is compared with like."""
    input:
        trials=collect("<results>/trials/{run}.csv", run=RUNS),
        location="<results>/location.csv",
        variance="<results>/variance.csv",
    output:
        findings=table_output("findings"),
        claims=table_output("claims"),
        guards=table_output("guards"),
    log:
        "<logs>/make_claims.log",
    conda:
        "../envs/analysis.yaml"
    params:
        claims=CAMPAIGN.claims,
        controls=CAMPAIGN.config["controls"],
        declared=CAMPAIGN.declared(),
        labels={run.name: run.label for run in RUNS.values()},
        what=CAMPAIGN.compared(),
        settings=CAMPAIGN.statistics,
        vocabulary=CAMPAIGN.vocabulary,
        code=source_digest("analysis", "inference", "tables"),
    message:
        "Judging the claims"
    script:
        "../scripts/make_claims.py"


rule describe_runs:
    """Follow each run through its trials, and over its sizes: drift, scaling, cost."""
    input:
        trials=collect("<results>/trials/{run}.csv", run=RUNS),
    output:
        drift=table_output("drift"),
        scaling=table_output("scaling"),
    log:
        "<logs>/describe_runs.log",
    conda:
        "../envs/analysis.yaml"
    params:
        metrics=CAMPAIGN.metrics,
        sizes=CAMPAIGN.sizes,
        prices=CAMPAIGN.prices(),
        settings=CAMPAIGN.statistics,
        vocabulary=CAMPAIGN.vocabulary,
        code=source_digest("analysis", "inference", "tables"),
    message:
        "Following each run through its trials and sizes"
    script:
        "../scripts/describe_runs.py"


rule gate:
    """Fail unless every claim with `gate: true` holds."""
    input:
        claims="<results>/claims.csv",
    log:
        "<logs>/gate.log",
    localrule: True
    conda:
        "../envs/analysis.yaml"
    message:
        "Asking the claims with a gate"
    script:
        "../scripts/gate.py"
