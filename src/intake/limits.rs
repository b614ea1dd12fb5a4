//! How many rows of a table may be set aside before its figures mislead: `[input] max-set-aside` and
//! `max-set-aside-of`.

use super::Intake;
use crate::diagnostics::codes::intake::{TOO_MANY_SET_ASIDE, UNKNOWN_TABLE};
use crate::diagnostics::{Diagnostic, Diagnostics, Place, suggestion};
use crate::tables::by_name;
use crate::workspace::{Input, Workspace};

/// A table of which more rows were set aside than may be.
#[derive(Debug, Clone, PartialEq)]
pub struct OverLimit {
    /// The table.
    pub table: &'static str,
    /// Rows set aside.
    pub rows_set_aside: u64,
    /// Rows that hold anything.
    pub rows: u64,
    /// The share of them that may be set aside, 0 to 1.
    pub limit: f64,
    /// Where that is said, if it is said of this table alone.
    own: Option<Place>,
}

impl OverLimit {
    /// The setting that allows more, as it is written.
    pub fn setting(&self) -> String {
        match self.own {
            Some(_) => format!("`{}` in `[input] max-set-aside-of`", self.table),
            None => "`[input] max-set-aside`".to_owned(),
        }
    }

    /// As an error.
    pub fn diagnostic(&self) -> Diagnostic {
        let message = format!(
            "{} of {} rows of table `{}` were set aside, more than the {} % that are allowed",
            self.rows_set_aside,
            self.rows,
            self.table,
            self.limit * 100.0
        );
        let help = format!("correct the rows, or raise {} knowingly", self.setting());
        let diagnostic = Diagnostic::error(&TOO_MANY_SET_ASIDE, message).help(help);
        match &self.own {
            Some(place) => diagnostic.related(place.clone(), "allowed here"),
            None => diagnostic,
        }
    }
}

impl Intake {
    /// The tables of which too little can be used, in their order.
    pub fn over_limits(&self, settings: &Input) -> Vec<OverLimit> {
        let over = self.tables.iter().filter_map(|table| {
            let name = table.spec.name;
            let own = settings.max_set_aside_of.iter();
            let own = own.rev().find(|limit| limit.table == name);
            let limit = own.map_or(settings.max_set_aside, |own| own.share);
            let accounts = self.accounts.iter().filter(|of| of.table == name);
            let (aside, rows) = accounts.fold((0, 0), |(aside, rows), account| {
                (
                    aside + account.rows_set_aside,
                    rows + account.rows_read - account.rows_blank,
                )
            });
            (aside as f64 > limit * rows as f64).then(|| OverLimit {
                table: name,
                rows_set_aside: aside,
                rows,
                limit,
                own: own.map(|own| own.place.clone()),
            })
        });
        over.collect()
    }
}

/// Limits of tables that do not exist.
pub(super) fn check(workspace: &Workspace, problems: &mut Diagnostics) {
    for limit in &workspace.config.input.max_set_aside_of {
        if by_name(&limit.table).is_none() {
            let names = crate::tables::all().iter().map(|table| table.name);
            problems.push(
                Diagnostic::error(
                    &UNKNOWN_TABLE,
                    format!("there is no table `{}`", limit.table),
                )
                .at(limit.place.clone())
                .maybe_help(suggestion(&limit.table, names)),
            );
        }
    }
}
