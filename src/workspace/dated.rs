//! Files of sections that each hold from a period on, until the next one's.

use super::{Document, Files, Table};
use crate::calendar::Quarter;
use crate::diagnostics::codes::workspace::BAD_VALUE;
use crate::diagnostics::{Diagnostic, Diagnostics};

/// What holds from a period on.
pub trait AsOf {
    /// The period at whose end it was found.
    fn as_of(&self) -> Quarter;
}

/// Sections that hold from a period on, the earliest first.
#[derive(Debug, Clone, PartialEq)]
pub struct Dated<T>(Vec<T>);

impl<T> Default for Dated<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: AsOf> Dated<T> {
    /// The `[[cuts]]` of a file of the workspace; none without the file. Mistakes go to `problems`, and
    /// their section is left out.
    pub fn cuts(
        files: &Files,
        path: &str,
        problems: &mut Diagnostics,
        read: impl Fn(&mut Table<'_>, &mut Diagnostics) -> Option<T>,
    ) -> Self {
        let Some(source) = files.get(path) else {
            return Self::default();
        };
        let document = match Document::parse(source) {
            Ok(document) => document,
            Err(problem) => {
                problems.push(problem);
                return Self::default();
            }
        };
        let mut root = document.root();
        let mut found: Vec<T> = Vec::new();
        for mut table in root.tables("cuts", problems) {
            let place = table.place();
            let mut wrong = Diagnostics::new();
            let section = read(&mut table, &mut wrong);
            table.finish(&mut wrong);
            let is_wrong = wrong.has_errors();
            problems.extend(wrong);
            let Some(section) = section.filter(|_| !is_wrong) else {
                continue;
            };
            let as_of = section.as_of();
            if found.iter().any(|known| known.as_of() == as_of) {
                let message = format!("cut points of {as_of} are there twice");
                let problem = Diagnostic::error(&BAD_VALUE, message);
                problems.push(problem.at(place).help("take one of the sections out"));
            }
            found.push(section);
        }
        root.finish(problems);
        found.sort_by_key(T::as_of);
        Self(found)
    }

    /// What holds in a period: the last by its end.
    pub fn in_force(&self, period: Quarter) -> Option<&T> {
        self.0
            .iter()
            .rev()
            .find(|section| section.as_of() <= period)
    }

    /// Whether there is one of a period.
    pub fn has(&self, as_of: Quarter) -> bool {
        self.0.iter().any(|section| section.as_of() == as_of)
    }

    /// The period of the next one after a period; none where what holds then still holds.
    pub fn next_after(&self, period: Quarter) -> Option<Quarter> {
        let mut all = self.0.iter().map(T::as_of);
        all.find(|as_of| *as_of > period)
    }

    /// With this in the place of that of the same period.
    #[must_use]
    pub fn with(mut self, section: T) -> Self {
        self.0.retain(|known| known.as_of() != section.as_of());
        self.0.push(section);
        self.0.sort_by_key(T::as_of);
        self
    }

    /// Takes out the last where it is such.
    pub fn pop_if(&mut self, is_such: impl FnOnce(&T) -> bool) -> Option<T> {
        self.0.pop_if(|last| is_such(last))
    }

    /// All of them, the earliest first.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.0.iter()
    }
}
