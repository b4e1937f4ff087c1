if drawn(own=False, of_trials=True):

    rule draw_figures:
        """Draw the figures of all runs that are made of trials alone."""
        input:
            trials=collect("<results>/trials/{run}.csv", run=RUNS),
        output:
            figure_files("<img>", drawn(own=False, of_trials=True), "all"),
        log:
            "<logs>/draw_figures.log",
        conda:
            "../envs/analysis.yaml"
        resources:
            mem_mb=lambda wildcards, attempt: attempt * memory(RUNS.values()),
            runtime=minutes(RUNS.values()),
        params:
            figures=figure_requests(of_trials=True),
            code=source_digest("draw_figures.py"),
        message:
            "Drawing the figures of all runs"
        script:
            "../scripts/draw_figures.py"


if drawn(own=False, of_trials=False):

    rule draw_comparisons:
        """Draw the figures of all runs that are made of computed tables."""
        input:
            **tables_compared(name for name, _ in drawn(own=False, of_trials=False)),
            trials=collect("<results>/trials/{run}.csv", run=RUNS),
        output:
            figure_files("<img>", drawn(own=False, of_trials=False), "all"),
        log:
            "<logs>/draw_comparisons.log",
        conda:
            "../envs/analysis.yaml"
        resources:
            mem_mb=lambda wildcards, attempt: attempt * memory(RUNS.values()),
            runtime=minutes(RUNS.values()),
        params:
            figures=figure_requests(of_trials=False),
            code=source_digest("draw_figures.py"),
        message:
            "Drawing the comparisons of all runs"
        script:
            "../scripts/draw_figures.py"


if drawn(own=True, of_trials=True):

    rule draw_run_figures:
        """Draw the figures of a run and its baselines that are made of trials alone."""
        input:
            trials=trials_shown,
        output:
            figure_files("<img>/{run}", drawn(own=True, of_trials=True), "{run}"),
        log:
            "<logs>/draw_run_figures/{run}.log",
        conda:
            "../envs/analysis.yaml"
        resources:
            mem_mb=lambda wildcards, attempt: attempt * memory(runs_shown(wildcards.run)),
            runtime=lambda wildcards: minutes(runs_shown(wildcards.run)),
        params:
            figures=lambda wildcards: figure_requests(True, wildcards.run),
            code=source_digest("draw_figures.py"),
        message:
            "Drawing the figures of {wildcards.run} against its baselines"
        script:
            "../scripts/draw_figures.py"


if drawn(own=True, of_trials=False):

    rule draw_run_comparisons:
        """Draw the figures of a run and its baselines that are made of computed tables."""
        input:
            **tables_compared(name for name, _ in drawn(own=True, of_trials=False)),
            trials=trials_shown,
        output:
            figure_files("<img>/{run}", drawn(own=True, of_trials=False), "{run}"),
        log:
            "<logs>/draw_run_comparisons/{run}.log",
        conda:
            "../envs/analysis.yaml"
        resources:
            mem_mb=lambda wildcards, attempt: attempt * memory(runs_shown(wildcards.run)),
            runtime=lambda wildcards: minutes(runs_shown(wildcards.run)),
        params:
            figures=lambda wildcards: figure_requests(False, wildcards.run),
            code=source_digest("draw_figures.py"),
        message:
            "Drawing the comparisons of {wildcards.run} against its baselines"
        script:
            "../scripts/draw_figures.py"
