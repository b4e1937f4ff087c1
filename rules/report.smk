rule make_report:
    """Write the report: one page that tells everything, and its twin in Markdown."""
    input:
        tables=collect("<results>/{table}.csv", table=TABLES),
        manifest="<results>/manifest.json",
        figures=collect("<img>/{figure}_lammps.{format}", figure=FIGURES, format=REPORT_FORMAT),
        linked=collect("<img>/{figure}_lammps.{format}", figure=FIGURES, format=FORMATS[0]),
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
    resources:
        mem_mb=lambda wildcards, attempt: attempt * memory(RUNS.values()),
        runtime=minutes(RUNS.values()),
    params:
        order=report_order(),
        figures=report_figures(),
        code=source_digest("make_report.py"),
    script:
        "../scripts/make_report.py"
