//! How a KPI is made: its formula, its measures with the files they come from, its values.

use std::io::Write;

use super::Failed;
use crate::report::build::kpi_words;
use crate::rules::KPI_FILE;
use crate::run::{Computed, Plan};
use crate::scorecard::{Kpi, Scoring};

pub(super) fn explain(
    kpi: &Kpi,
    plan: &Plan,
    computed: &Computed,
    out: &mut dyn Write,
) -> Result<(), Failed> {
    let (label, formula) = kpi_words(kpi, &plan.locale);
    writeln!(out, "KPI {}: {label}", kpi.id)?;
    writeln!(out, "  formula  {formula}")?;
    if let Scoring::Script(function) = &kpi.scoring {
        writeln!(out, "  score    {function}(kpi) of {KPI_FILE}")?;
    }
    let Some(value) = &kpi.value else {
        writeln!(out, "  it can only be typed into a manual_kpi sheet")?;
        return Ok(());
    };
    writeln!(out, "  value    {}", value.text())?;
    for name in value.names().iter().map(|name| &name.name) {
        let Some(measure) = computed.measures.iter().find(|m| m.name == *name) else {
            continue;
        };
        writeln!(
            out,
            "\nMeasure {name}, from rules/measures/{name}.sql, reads {}",
            measure.reads.join(", ")
        )?;
        if !measure.missing_tables.is_empty() {
            writeln!(out, "  not supplied: {}", measure.missing_tables.join(", "))?;
        }
        for period in &computed.prepared.timeline.periods {
            let Some(row) = measure.total(*period) else {
                continue;
            };
            let show = |x: Option<f64>| x.map_or_else(|| "—".to_owned(), |x| x.to_string());
            if measure.is_ratio {
                writeln!(
                    out,
                    "  {period}  {} ÷ {} = {}",
                    show(row.numerator),
                    show(row.denominator),
                    show(row.value)
                )?;
            } else {
                writeln!(out, "  {period}  {}", show(row.value))?;
            }
        }
    }
    Ok(())
}
