rule fetch_originals:
    """Fetch the published logs of the campaign, and check each by its digest."""
    output:
        collect(CAMPAIGN.source["directory"] + "/{path}", path=CAMPAIGN.published),
    log:
        "<logs>/fetch_originals.log",
    localrule: True
    conda:
        "../envs/analysis.yaml"
    params:
        source=CAMPAIGN.source,
    message:
        "Fetching the published logs"
    script:
        "../scripts/fetch_originals.py"
