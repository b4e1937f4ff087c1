rule draw_figure:
    """Draw one figure: of all runs, or of one run and what it stands against."""
    input:
        trials=lambda wildcards: collect(
            "<results>/trials/{run.name}.csv", run=runs_shown(wildcards.scope)
        ),
    output:
        figure="<img>/{scope}{figure}_lammps.{format}",
    log:
        "<logs>/draw_figure/{scope}{figure}.{format}.log",
    conda:
        "../envs/analysis.yaml"
    params:
        figure=lambda wildcards: figure_request(wildcards.scope, wildcards.figure),
        code=source_digest("draw_figure.py"),
    script:
        "../scripts/draw_figure.py"
