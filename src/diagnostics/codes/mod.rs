//! Every kind of problem, one file per area.

pub mod engine;
pub mod intake;
pub mod report;
pub mod roi;
pub mod rules;
pub mod run;
pub mod scorecard;
pub mod workspace;

use super::Code;

/// Every code there is, by area.
pub fn all() -> impl Iterator<Item = &'static Code> {
    [
        workspace::ALL,
        intake::ALL,
        engine::ALL,
        rules::ALL,
        scorecard::ALL,
        roi::ALL,
        report::ALL,
        run::ALL,
    ]
    .into_iter()
    .flatten()
    .copied()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    #[test]
    fn names_are_unique_kebab_case_and_explained() {
        let mut seen = BTreeSet::new();
        for code in super::all() {
            assert!(seen.insert(code.name), "{} is declared twice", code.name);
            assert!(
                code.name
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'),
                "{}",
                code.name
            );
            assert!(code.explanation.ends_with('.'), "{}", code.name);
        }
    }
}
