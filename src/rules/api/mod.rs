//! What rules can use: one engine, the same for every script, and one table that documents it.

mod basics;
mod facts;
mod operators;
mod outcomes;
mod table;

use std::collections::BTreeMap;

use rhai::{Engine, OptimizationLevel};

use super::customer::FactColumn;
use super::limits;
use super::trace::Tracer;

pub(super) use basics::DATE_PROPERTIES;
pub(super) use facts::POPULATION_PROPERTIES;
#[cfg(test)]
pub(super) use table::SECTIONS;
pub use table::markdown;

/// The functions that take the names of facts, and where they stand among the arguments when the
/// receiver counts as the first.
pub(super) const FACT_ARGUMENTS: [(&str, &[usize]); 6] = [
    ("has", &[1]),
    ("get", &[1]),
    ("like", &[2, 3, 4]),
    ("points", &[1]),
    ("points_low", &[1]),
    ("fifths", &[2]),
];

/// An engine with nothing in it but what is registered here, for facts of these columns.
///
/// Nothing is optimised away, so that `check` sees branches that can never be taken, and constants
/// are worked out by our operators.
pub(super) fn engine(schema: &[FactColumn], tracer: &Tracer) -> Engine {
    let mut engine = Engine::new_raw();
    engine.set_optimization_level(OptimizationLevel::None);
    limits::apply(&mut engine);
    operators::register(&mut engine, tracer);
    basics::register(&mut engine);
    facts::register(&mut engine, schema, tracer);
    outcomes::register(&mut engine, tracer);
    engine
}

/// The functions an engine knows: name to the numbers of arguments it takes, receiver included.
pub(super) fn functions(engine: &Engine) -> BTreeMap<String, Vec<usize>> {
    let mut known: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let found = engine.collect_fn_metadata(
        None,
        |info| Some((info.metadata.name.to_string(), info.metadata.num_params)),
        false,
    );
    for (name, arity) in found {
        let is_word = name.chars().all(|c| c.is_alphanumeric() || c == '_');
        let arities = known.entry(name).or_default();
        if is_word && !arities.contains(&arity) {
            arities.push(arity);
            arities.sort_unstable();
        }
    }
    known.retain(|_, arities| !arities.is_empty());
    known
}
