rule draw_figure:
    """Draw one figure: of all runs, or of one run and what it stands against."""
    input:
        unpack(figure_tables),
    output:
        figure=report(
            "<img>/{scope}{figure}_lammps.{format}",
            caption="../config/captions/figure.rst",
            category="Figures",
            labels=figure_labels,
        ),
    log:
        "<logs>/draw_figure/{scope}{figure}.{format}.log",
    conda:
        "../envs/analysis.yaml"
    params:
        figure=lambda wildcards: figure_request(wildcards.scope, wildcards.figure),
        code=source_digest("draw_figure.py"),
    script:
        "../scripts/draw_figure.py"
