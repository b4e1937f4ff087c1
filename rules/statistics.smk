rule compare_variance:
    """Test whether spreads differ: Levene, pair by pair and across the sizes of a run."""
    input:
        trials=collect("<results>/trials/{run}.csv", run=RUNS),
    output:
        table="<results>/variance.csv",
    log:
        "<logs>/compare_variance.log",
    conda:
        "../envs/analysis.yaml"
    params:
        what=CAMPAIGN.compared(),
        settings=CAMPAIGN.statistics,
        code=source_digest("compare_variance.py"),
    script:
        "../scripts/compare_variance.py"


rule compare_location:
    """Test whether runs differ from their baselines: exact Mann-Whitney, with effect sizes."""
    input:
        trials=collect("<results>/trials/{run}.csv", run=RUNS),
    output:
        table="<results>/location.csv",
    log:
        "<logs>/compare_location.log",
    conda:
        "../envs/analysis.yaml"
    params:
        what=CAMPAIGN.compared(),
        settings=CAMPAIGN.statistics,
        code=source_digest("compare_location.py"),
    script:
        "../scripts/compare_location.py"
