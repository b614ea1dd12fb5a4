//! Why each customer is in its class, as columns of the list of customers: the reason in words, the
//! numbers that decided, and what moved the customer.

use std::collections::HashMap;
use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, Float64Builder, RecordBatch, StringViewBuilder,
};
use datafusion::arrow::datatypes::{DataType, Field};

use super::compute::Computed;
use crate::diagnostics::Diagnostic;
use crate::engine::internal;
use crate::message::{Argument, Message};
use crate::report::locale::Locale;

/// What a reason may be given that stands in a column of its own, `decided_…`.
const DECIDED: [&str; 1] = ["cut"];

/// The columns `reason`, `decided_cut` and `moved` for rows with
/// `customer_id`, `opening_segment` and `segment_because`.
///
/// # Errors
/// When a column is not there: our fault.
pub(super) fn columns(
    computed: &Computed,
    rows: &HashMap<&str, usize>,
    locale: &Locale,
    customers: &RecordBatch,
) -> Result<Vec<(Field, ArrayRef)>, Diagnostic> {
    let text = |name: &str| {
        customers
            .column_by_name(name)
            .and_then(|column| column.as_string_view_opt())
            .ok_or_else(|| internal(format!("no text column `{name}`")))
    };
    let (ids, causes) = (text("customer_id")?, text("segment_because")?);
    let before = text("opening_segment")?;
    let mut reasons = StringViewBuilder::new();
    let mut decided = DECIDED.map(|_| Float64Builder::new());
    let mut moved = StringViewBuilder::new().with_deduplicate_strings();
    for row in 0..customers.num_rows() {
        let known = rows.get(ids.value(row)).copied();
        let reason = known.and_then(|row| computed.assignments.reason(row));
        reasons.append_option(reason.as_ref().map(|reason| locale.message(reason)));
        for (name, builder) in DECIDED.iter().zip(&mut decided) {
            builder.append_option(reason.as_ref().and_then(|reason| number_in(reason, name)));
        }
        moved.append_option(causes.is_valid(row).then(|| {
            let class = Argument::Text(before.value(row).to_owned());
            let key = match causes.value(row) {
                "ruler" => "scoring.from-by-ruler",
                _ => "scoring.from-by-behaviour",
            };
            locale.text_with(key, &[("class", class)])
        }));
    }
    let field = |name: &str, kind| Field::new(name, kind, true);
    let mut columns: Vec<(Field, ArrayRef)> = vec![(
        field("reason", DataType::Utf8View),
        Arc::new(reasons.finish()),
    )];
    for (name, builder) in DECIDED.iter().zip(&mut decided) {
        let field = field(&format!("decided_{name}"), DataType::Float64);
        columns.push((field, Arc::new(builder.finish())));
    }
    let field = field("moved", DataType::Utf8View);
    columns.push((field, Arc::new(moved.finish())));
    Ok(columns)
}

/// A number that a reason was given under a name; none where there is none.
fn number_in(reason: &Message, name: &str) -> Option<f64> {
    let Message::Keyed { args, .. } = reason else {
        return None;
    };
    match args.get(name)? {
        Argument::Count(count) => Some(*count as f64),
        Argument::Number(x) | Argument::Money(x) | Argument::Percent(x) => Some(*x),
        Argument::Text(_) | Argument::Key(_) | Argument::Date(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_reason_was_given_is_found_by_its_name() {
        let reason = Message::key("reason.room-to-grow")
            .with("potential", Argument::Money(16.5))
            .with("peers", Argument::Count(40))
            .with("cut", Argument::Text("many".to_owned()));
        let found = ["cut", "potential", "peers", "gap"].map(|name| number_in(&reason, name));
        assert_eq!(found, [None, Some(16.5), Some(40.0), None]);
        assert_eq!(
            number_in(&Message::Plain("because".to_owned()), "cut"),
            None
        );
    }
}
