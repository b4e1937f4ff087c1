from snakemake.utils import min_version

min_version("9.25")


# A configuration that is given on the command line stands alone: merged into the default one, its
# campaign would hold the default's runs, too.
if not workflow.config_settings.configfiles:

    configfile: "config/config.yaml"


pathvars:
    img="img",


include: "rules/common.smk"
include: "rules/parse.smk"
include: "rules/aggregate.smk"
include: "rules/statistics.smk"
include: "rules/figures.smk"
include: "rules/provenance.smk"
include: "rules/report.smk"


if CAMPAIGN.source:

    include: "rules/fetch.smk"


rule all:
    """Every table and every figure of the campaign, and its report."""
    default_target: True
    input:
        collect("<results>/{table}.csv", table=TABLES),
        collect(f"<img>/{{figure}}{SUFFIX}.png", figure=FIGURES),
        "<results>/report.html",
    localrule: True
    message:
        "Everything is made"


rule tables:
    """Every table of the campaign, without figures."""
    input:
        collect("<results>/{table}.csv", table=TABLES),
    localrule: True


rule run_figures:
    """The figures of each run against its baselines."""
    input:
        RUN_FIGURES,
    localrule: True


rule report:
    """The report of the campaign, and what it is made of."""
    input:
        "<results>/report.html",
    localrule: True
