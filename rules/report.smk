rule make_report:
    """Write the report: one page that tells everything, and its twin in Markdown."""
    input:
        tables=collect("<results>/{table}.csv", table=TABLES),
        manifest="<results>/manifest.json",
        figures=collect(
            f"<img>/{{figure}}{SUFFIX}.{{format}}", figure=FIGURES, format=REPORT_FORMAT
        ),
    output:
        page=report(
            "<results>/report.html",
            caption="../config/captions/report.rst",
            category="Report",
            labels={"form": "one page"},
        ),
        markdown="<results>/report.md",
        summary="<results>/report.txt",
    log:
        "<logs>/make_report.log",
    conda:
        "../envs/analysis.yaml"
    params:
        order=CAMPAIGN.report_order(),
        figures=plan.report(CAMPAIGN),
        vocabulary=CAMPAIGN.vocabulary,
        code=source_digest("figures", "inference", "report", "tables"),
    message:
        "Writing the report"
    script:
        "../scripts/make_report.py"
