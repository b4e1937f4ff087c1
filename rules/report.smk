def report_order():
    """Return what the report shows, apart from tables and figures."""
    return {
        "title": CAMPAIGN.title,
        "labels": {run.name: run.label for run in RUNS.values()},
        "metrics": list(CAMPAIGN.metrics),
        "sizes": list(CAMPAIGN.sizes),
        "alpha": CAMPAIGN.statistics["alpha"],
        "margin": CAMPAIGN.statistics["margin"],
    }


def report_figures():
    """Return what each figure of the report shows, and which runs have it on their own, too."""
    return [
        {
            "name": figure,
            **figure_request(figure),
            "format": FORMATS[0],
            "of_runs": [run for run in RUNS if (run, figure) in OWN_FIGURES],
        }
        for figure in FIGURES
    ]


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
