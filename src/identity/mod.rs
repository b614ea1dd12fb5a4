//! Which ids are one customer, settled before anything is counted.
//!
//! ```text
//! id_map ──► declared ─┐
//! contacts ────────────┼──► Intake::rename ──► tables in which a customer has one id
//! customers ──► evidence ──► matching ─┘  └──► what may be one: asked in a workbook
//! ```
//!
//! In go the tables as read and `[identity]`; the tables come out with ids replaced, and beside them
//! [`Identities`]: which id became which and why, which customers may be one, which values tell
//! nothing. Where there is neither an `id_map` nor an `[identity]`, nothing is looked at.
//!
//! What the client says goes before what keys tell: a *no* keeps two customers apart whatever they
//! share. Two customers who both have a tax number, or a day of birth, and not the same, are never
//! merged by another key. Nothing depends on the order of rows and files.

mod declared;
mod evidence;
mod inventory;
mod matching;
mod normal;
mod provide;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use datafusion::arrow::array::{Array, AsArray};

use crate::diagnostics::codes::intake::{
    CONTRADICTING_IDS, LIKELY_MATCHES, MERGED_CUSTOMERS, SHARED_KEY, UNANSWERED_IDS,
};
use crate::diagnostics::{Diagnostic, Diagnostics, Place};
use crate::intake::flaw::Fault;
use crate::intake::{Intake, RenamedRows, RowAt};
use crate::workspace::{Identity, Key, Workspace};

use declared::{Contradiction, Declared, Relation, Statement, Why};
pub use inventory::{
    ALL as INVENTORY_COLUMNS, FILE as INVENTORY_FILE, TABLE as INVENTORY, mentioned,
    provide as provide_inventory, wanted,
};
pub use matching::{Proposal, Shared};
pub use provide::{TABLES, register};

/// Proposals that a workbook holds; what is over is counted.
const MOST_PROPOSED: usize = 2_000;
/// Values and customers that a diagnostic names.
const NAMED: usize = 3;

/// Why an id is another's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Because {
    /// An `id_map` says so.
    IdMap,
    /// It is a contact of the customer.
    Contact,
    /// Both have this in common.
    Key(Key),
}

impl std::fmt::Display for Because {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::IdMap => f.write_str("id-map"),
            Self::Contact => f.write_str("contact"),
            Self::Key(key) => write!(f, "{key}"),
        }
    }
}

/// An id that is another's.
#[derive(Debug, Clone, PartialEq)]
pub struct Merged {
    /// The id as it stands in files.
    pub from: String,
    /// The customer it is.
    pub to: String,
    /// Why.
    pub because: Because,
    /// Where that is said: the row of the `id_map` or of the contact, or that of the customer in the
    /// customers table.
    pub place: Option<Place>,
    /// How many cells of all tables name it.
    pub rows: u64,
}

/// What is known of who is who.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Identities {
    /// Whether anything was asked: there is an `id_map` or an `[identity]`.
    pub asked: bool,
    /// Ids that are another's, by id.
    pub merged: Vec<Merged>,
    /// Customers that may be one, the likeliest first.
    pub proposals: Vec<Proposal>,
    /// How many more there are.
    pub more_proposals: u64,
    /// Values that too many customers have in common, the most shared first.
    pub shared: Vec<Shared>,
    /// Rows that named a customer by an old id, by table, sheet and id.
    pub renamed: Vec<RenamedRows>,
    /// Customers with the household an `id_map` gives them.
    pub households: BTreeMap<String, String>,
    /// Customers with the account an `id_map` gives them.
    pub accounts: BTreeMap<String, String>,
}

impl Identities {
    /// What an id has become, and why; none where it is nobody else's.
    pub fn merged_from(&self, id: &str) -> Option<&Merged> {
        let at = self
            .merged
            .binary_search_by(|merged| merged.from.as_str().cmp(id));
        at.ok().map(|at| &self.merged[at])
    }

    /// The ids that have become a customer.
    pub fn merged_into<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a Merged> {
        self.merged.iter().filter(move |merged| merged.to == id)
    }
}

/// Settles who is who, and replaces ids in the tables. To be called between
/// [`crate::intake::gather`] and [`Intake::settle`].
pub fn resolve(
    workspace: &Workspace,
    intake: &mut Intake,
    problems: &mut Diagnostics,
) -> Identities {
    let settings = workspace.config.identity.as_ref();
    if settings.is_none() && intake.table("id_map").is_none() {
        return Identities::default();
    }
    let said = Said::of(intake);
    let mut declared = Declared::of(&said.statements);
    say_contradictions(intake, &said, &declared.contradictions, problems);
    let contacts = contacts(intake, settings, &mut declared);
    let matches = match (settings, intake.table("customers")) {
        (Some(settings), Some(table)) => {
            let customers = evidence::of(table, &declared, settings);
            matching::find(&customers, settings, &declared)
        }
        _ => matching::Matches::default(),
    };

    let by_key: BTreeMap<&str, &matching::Merge> = matches
        .merges
        .iter()
        .map(|merge| (merge.from.as_str(), merge))
        .collect();
    let end = |id: &str| {
        by_key
            .get(id)
            .map_or(id, |merge| merge.to.as_str())
            .to_owned()
    };
    let mut merged: BTreeMap<String, Merged> = BTreeMap::new();
    for (from, (to, statement)) in &declared.same {
        let (because, place) = match said.rows.get(*statement) {
            Some(at) => (Because::IdMap, intake.cell_of("id_map", *at, "from_id")),
            None => {
                let at = contacts.get(from);
                (
                    Because::Contact,
                    at.and_then(|at| intake.cell_of("contacts", *at, "contact_id")),
                )
            }
        };
        merged.insert(
            from.clone(),
            Merged {
                from: from.clone(),
                to: end(to),
                because,
                place,
                rows: 0,
            },
        );
    }
    let listed = rows_of(intake, "customers", "customer_id");
    for merge in &matches.merges {
        let place = listed.get(&merge.from);
        merged.insert(
            merge.from.clone(),
            Merged {
                from: merge.from.clone(),
                to: end(&merge.to),
                because: Because::Key(merge.key.clone()),
                place: place.and_then(|at| intake.cell_of("customers", *at, "customer_id")),
                rows: 0,
            },
        );
    }
    // Whatever is said of a row of the id map is said before rows leave it.
    say_unanswered(intake, &said, declared.open, problems);
    drop_contradictions(intake, &said, &declared.contradictions);
    let ids = merged
        .values()
        .map(|of| (of.from.clone(), of.to.clone()))
        .collect();
    let renamed = intake.rename(&ids);
    for rows in &renamed {
        if let Some(of) = merged.get_mut(&rows.from) {
            of.rows += rows.rows;
        }
    }
    // Most contacts are named nowhere but in their own sheet.
    merged.retain(|_, of| of.because != Because::Contact || of.rows > 0);

    let grouped = |groups: &BTreeMap<String, String>| -> BTreeMap<String, String> {
        groups
            .iter()
            .map(|(of, group)| (end(of), end(group)))
            .collect()
    };
    let mut proposals = matches.proposals;
    let more_proposals = proposals.len().saturating_sub(MOST_PROPOSED) as u64;
    proposals.truncate(MOST_PROPOSED);
    let identities = Identities {
        asked: true,
        households: grouped(&declared.households),
        accounts: grouped(&declared.accounts),
        merged: merged.into_values().collect(),
        proposals,
        more_proposals,
        shared: matches.shared,
        renamed,
    };
    identities.say(problems);
    identities
}

/// The rows of `id_map`, and where they stand.
struct Said {
    statements: Vec<Statement>,
    rows: Vec<RowAt>,
}

impl Said {
    fn of(intake: &Intake) -> Self {
        let mut said = Self {
            statements: Vec::new(),
            rows: Vec::new(),
        };
        let batches = intake.table("id_map").map(|table| &table.batches);
        for (number, batch) in batches.into_iter().flatten().enumerate() {
            let text = |name: &str| batch.column_by_name(name)?.as_string_view_opt();
            let (Some(from), Some(to), kind) = (text("from_id"), text("to_id"), text("kind"))
            else {
                continue;
            };
            let answers = batch
                .column_by_name("confirmed")
                .and_then(|of| of.as_boolean_opt());
            // A sheet that does not ask is the client's word.
            let account = intake.account_of("id_map", number);
            let asks = account.is_some_and(|of| of.columns_found.contains(&"confirmed"));
            for row in 0..batch.num_rows() {
                if from.is_null(row) || to.is_null(row) {
                    continue;
                }
                let kind = kind
                    .filter(|kind| kind.is_valid(row))
                    .map(|kind| kind.value(row));
                let answer = answers
                    .filter(|of| of.is_valid(row))
                    .map(|of| of.value(row));
                said.rows.push((number, row));
                said.statements.push(Statement {
                    from: from.value(row).to_owned(),
                    to: to.value(row).to_owned(),
                    relation: match kind {
                        Some("household") => Relation::Household,
                        Some("account") => Relation::Account,
                        _ => Relation::Same,
                    },
                    confirmed: if asks { answer } else { Some(true) },
                });
            }
        }
        said
    }
}

/// Ids of a column with the first row that has each.
fn rows_of(intake: &Intake, table: &str, column: &str) -> BTreeMap<String, RowAt> {
    let mut found = BTreeMap::new();
    let batches = intake.table(table).map(|table| &table.batches);
    for (number, batch) in batches.into_iter().flatten().enumerate() {
        let ids = batch
            .column_by_name(column)
            .and_then(|ids| ids.as_string_view_opt());
        for (row, id) in ids.into_iter().flatten().enumerate() {
            if let Some(id) = id {
                found.entry(id.to_owned()).or_insert((number, row));
            }
        }
    }
    found
}

/// Where contacts buy for their accounts, their ids become those of their customers; unless they are
/// customers of their own, or the client says what they are. Returned is where they stand.
fn contacts(
    intake: &Intake,
    settings: Option<&Identity>,
    declared: &mut Declared,
) -> BTreeMap<String, RowAt> {
    if !settings.is_some_and(|settings| settings.contacts_are_accounts) {
        return BTreeMap::new();
    }
    let customers = rows_of(intake, "customers", "customer_id");
    let contacts = rows_of(intake, "contacts", "contact_id");
    let batches = intake
        .table("contacts")
        .map(|table| table.batches.as_slice());
    let mut found = BTreeMap::new();
    for (contact, (batch, row)) in contacts {
        let of = batches.and_then(|batches| batches[batch].column_by_name("customer_id"));
        let of = of.and_then(|ids| ids.as_string_view_opt());
        let Some(of) = of.filter(|ids| ids.is_valid(row)).map(|ids| ids.value(row)) else {
            continue;
        };
        let to = declared.root(of).to_owned();
        if contact == to || customers.contains_key(&contact) || declared.same.contains_key(&contact)
        {
            continue;
        }
        // Who is a contact and a target of the id map is a customer to somebody.
        if declared.same.values().any(|(target, _)| *target == contact) {
            continue;
        }
        // No statement: its place says that it is a contact.
        declared.same.insert(contact.clone(), (to, usize::MAX));
        found.insert(contact, (batch, row));
    }
    found
}

/// One diagnostic for all rows of one contradiction.
fn say_contradictions(
    intake: &Intake,
    said: &Said,
    contradictions: &[Contradiction],
    problems: &mut Diagnostics,
) {
    let place = |row: usize| intake.cell_of("id_map", said.rows[row], "to_id");
    for of in contradictions {
        // Told once, at the later of the two.
        let told = contradictions.iter().any(|other| other.row == of.other);
        if told && of.other > of.row {
            continue;
        }
        let (row, other) = (&said.statements[of.row], &said.statements[of.other]);
        let message = match of.why {
            Why::TwoTargets => format!(
                "`{}` is said to be `{}` and to be `{}`, which are not one customer",
                row.from, row.to, other.to
            ),
            Why::Circle => format!(
                "`{}` is said to be `{}`, which leads back to `{}`: a circle",
                row.from, row.to, row.from
            ),
            Why::YesAndNo => format!(
                "`{}` and `{}` are said to be one customer and to be two",
                row.from, row.to
            ),
        };
        let mut problem = Diagnostic::warning(&CONTRADICTING_IDS, message)
            .help("delete the rows that are wrong; till then none of them is used");
        problem.place = place(of.row);
        if let Some(place) = place(of.other) {
            problem = problem.related(place, "against this row");
        }
        problems.push(problem);
    }
}

fn drop_contradictions(intake: &mut Intake, said: &Said, contradictions: &[Contradiction]) {
    let named = |row: usize| -> String {
        let at = said.rows[row];
        match intake.cell_of("id_map", at, "to_id") {
            Some(Place::Cell {
                file,
                sheet,
                row: Some(row),
                ..
            }) => {
                let own = sheet.map_or(String::new(), |sheet| format!(", {sheet}"));
                format!("{row} ({}{own})", file.rsplit('/').next().unwrap_or(&file))
            }
            _ => String::new(),
        }
    };
    let faults: BTreeMap<RowAt, Fault> = contradictions
        .iter()
        .map(|of| (said.rows[of.row], Fault::Contradiction(named(of.other))))
        .collect();
    intake.set_aside("id_map", "to_id", &faults);
}

/// Rows of the id map that wait for an answer.
fn say_unanswered(intake: &Intake, said: &Said, open: u64, problems: &mut Diagnostics) {
    let first = said.statements.iter().position(|of| of.confirmed.is_none());
    let Some(first) = first else { return };
    let mut problem =
        Diagnostic::info(&UNANSWERED_IDS, "rows of `id_map` are not confirmed").times(open);
    problem.place = intake.cell_of("id_map", said.rows[first], "confirmed");
    problems.push(problem);
}

impl Identities {
    /// Says what was found, in one remark of each kind.
    fn say(&self, problems: &mut Diagnostics) {
        if !self.merged.is_empty() {
            let mut kinds: BTreeMap<String, u64> = BTreeMap::new();
            for of in &self.merged {
                *kinds.entry(of.because.to_string()).or_default() += 1;
            }
            let customers: BTreeSet<&str> = self.merged.iter().map(|of| of.to.as_str()).collect();
            let kinds: Vec<String> = kinds
                .into_iter()
                .map(|(kind, count)| format!("{count} by {kind}"))
                .collect();
            let message = format!(
                "ids are those of {} customers with another id: {}",
                customers.len(),
                kinds.join(", ")
            );
            let mut problem = Diagnostic::info(&MERGED_CUSTOMERS, message)
                .help("quarterdeck query \"select * from merged_customers\" lists them")
                .times(self.merged.len() as u64);
            for of in self.merged.iter().take(NAMED) {
                if let Some(place) = &of.place {
                    let what = format!("`{}` is `{}`, by {}", of.from, of.to, of.because);
                    problem = problem.related(place.clone(), what);
                }
            }
            problems.push(problem);
        }
        for of in self.shared.iter().take(NAMED) {
            let message = format!(
                "{} customers have the {} `{}` in common, too many for it to tell who is who",
                of.customers, of.key, of.value
            );
            problems.push(
                Diagnostic::info(&SHARED_KEY, message).about(format!("customer {}", of.first)),
            );
        }
        if self.shared.len() > NAMED {
            let message = "further values that too many customers have in common";
            let count = self.shared.len() - NAMED;
            problems.push(Diagnostic::info(&SHARED_KEY, message).times(count as u64));
        }
        let proposed = self.proposals.len() as u64 + self.more_proposals;
        if proposed > 0 {
            let message = "pairs of customers have something in common and may be one";
            problems.push(
                Diagnostic::info(&LIKELY_MATCHES, message)
                    .help("answer the workbook in `to-confirm` and put it into the inbox")
                    .times(proposed),
            );
        }
    }
}
