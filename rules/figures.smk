rule draw_figure:
    """Draw a figure of all runs."""
    input:
        unpack(tables_shown),
    output:
        **figure_output(f"<img>/{{figure}}{SUFFIX}", runs="all"),
    log:
        "<logs>/draw_figure/{figure}.log",
    conda:
        "../envs/analysis.yaml"
    params:
        figure=figure_request,
        vocabulary=CAMPAIGN.vocabulary,
        code=source_digest("figures", "inference", "tables"),
    message:
        "Drawing {wildcards.figure}"
    script:
        "../scripts/draw_figure.py"


use rule draw_figure as draw_run_figure with:
    output:
        **figure_output(f"<img>/{{run}}/{{figure}}{SUFFIX}", runs="{run}"),
    log:
        "<logs>/draw_run_figure/{run}/{figure}.log",
    message:
        "Drawing {wildcards.figure} of {wildcards.run} against its baselines"
