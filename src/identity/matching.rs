//! Customers with something in common: those that are one for certain, those that may be.
//!
//! Customers are compared only within those that share a value, of which there are never more than
//! `max-shared`: the work grows with the customers, not with their pairs. Nothing depends on the order
//! of rows or files.

use std::collections::{BTreeMap, BTreeSet};

use super::declared::Declared;
use crate::workspace::{Identity, Key, Trait};

/// What is known of a customer, over all its rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Evidence {
    /// The customer, once the statements of the client are followed.
    pub(super) id: String,
    /// Values in normal form, row by row: what stands in two rows need not be true together.
    pub(super) rows: Vec<BTreeMap<Trait, BTreeSet<String>>>,
    /// The first day it is known from, in days of the epoch.
    pub(super) since: Option<i32>,
    /// Whether the client has said that another id is this one.
    pub(super) is_target: bool,
}

impl Evidence {
    /// What decides which of two ids stays: the one the client chose, then the one known for longer,
    /// then the shorter, then the smaller.
    fn rank(&self) -> (bool, i32, usize, &str) {
        let since = self.since.unwrap_or(i32::MAX);
        (!self.is_target, since, self.id.len(), &self.id)
    }

    /// Its values of a trait, some of them several times.
    fn has(&self, of: Trait) -> impl Iterator<Item = &str> {
        let rows = self.rows.iter().filter_map(move |row| row.get(&of));
        rows.flatten().map(String::as_str)
    }

    /// The values of a key: one of each trait, put together; each once.
    fn values_of(&self, key: &Key) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for row in &self.rows {
            let mut all = vec![String::new()];
            for of in key.traits() {
                let values = row.get(of);
                let combined = all.iter().flat_map(|before| {
                    let values = values.into_iter().flatten();
                    // No normal form holds a control character.
                    values.map(move |value| format!("{before}{value}\u{1f}"))
                });
                all = combined.collect();
            }
            found.extend(all);
        }
        found
    }
}

/// Traits that no customer has two of, so that two values are two customers.
const FIXED: [Trait; 2] = [Trait::TaxId, Trait::BirthDate];

/// An id that is another's by a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Merge {
    pub(super) from: String,
    pub(super) to: String,
    /// The first key that ties it to another of the same customer.
    pub(super) key: Key,
}

/// Two customers that may be one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The id that would go.
    pub from: String,
    /// The id that would stay.
    pub to: String,
    /// What they have in common, in normal form.
    pub agrees: BTreeMap<Trait, String>,
    /// What each of them has, and differs in, though nobody has two of it.
    pub differs: BTreeMap<Trait, (String, String)>,
}

/// A value that too many customers have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shared {
    /// The key.
    pub key: Key,
    /// Its value in normal form, the traits side by side.
    pub value: String,
    /// How many customers have it.
    pub customers: u64,
    /// The first of them by id.
    pub first: String,
}

/// What the keys tell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Matches {
    /// By id.
    pub(super) merges: Vec<Merge>,
    /// The likeliest first.
    pub(super) proposals: Vec<Proposal>,
    /// The most shared first.
    pub(super) shared: Vec<Shared>,
}

/// Compares customers by the keys of the settings. Those that the client says are two, or belong to one
/// household, are neither merged nor proposed.
pub(super) fn find(customers: &[Evidence], settings: &Identity, declared: &Declared) -> Matches {
    let mut matches = Matches::default();
    let mut ties: BTreeMap<(usize, usize), Vec<&Key>> = BTreeMap::new();
    for key in settings.keys.iter().chain(&settings.propose) {
        let groups = groups(customers, key);
        for (value, group) in groups {
            if group.len() > settings.most_shared {
                let of = &customers[group[0]];
                let first = group.iter().map(|at| &customers[*at].id).min();
                matches.shared.push(Shared {
                    key: key.clone(),
                    value: value.trim_end_matches('\u{1f}').replace('\u{1f}', ", "),
                    customers: group.len() as u64,
                    first: first.unwrap_or(&of.id).clone(),
                });
                continue;
            }
            for (place, a) in group.iter().enumerate() {
                for b in &group[place + 1..] {
                    let of_pair = ties.entry((*a.min(b), *a.max(b))).or_default();
                    if !of_pair.contains(&key) {
                        of_pair.push(key);
                    }
                }
            }
        }
    }
    matches.shared.sort_by(|a, b| {
        let by_count = b.customers.cmp(&a.customers);
        by_count.then_with(|| (&a.key, &a.value).cmp(&(&b.key, &b.value)))
    });
    let places: BTreeMap<&str, usize> = (0..)
        .zip(customers)
        .map(|(at, of)| (of.id.as_str(), at))
        .collect();
    let place = |id: &str| places.get(id).copied();
    let two: BTreeSet<(usize, usize)> = declared
        .different
        .iter()
        .filter_map(|(a, b)| Some(ordered(place(a)?, place(b)?)))
        .collect();
    let of_one_group =
        |a: usize, b: usize| declared.are_of_one_group(&customers[a].id, &customers[b].id);
    let said_two = |a: usize, b: usize| two.contains(&ordered(a, b)) || of_one_group(a, b);
    let apart =
        |a: usize, b: usize| said_two(a, b) || !differing(&customers[a], &customers[b]).is_empty();
    let certain = |keys: &[&Key]| keys.iter().any(|key| settings.keys.contains(key));
    let sure = ties
        .iter()
        .filter(|(_, keys)| certain(keys))
        .map(|(pair, _)| *pair);
    let sure: Vec<(usize, usize)> = sure.filter(|(a, b)| !apart(*a, *b)).collect();
    let mut one: BTreeMap<usize, usize> = BTreeMap::new();
    for members in components(&sure) {
        let too_many = members.len() > settings.most_shared;
        if too_many || any_pair(&members, &apart) {
            continue;
        }
        let stays = members.iter().min_by_key(|at| customers[**at].rank());
        let Some(stays) = stays.copied() else {
            continue;
        };
        for member in members {
            one.insert(member, stays);
        }
    }
    let mut tied_by: BTreeMap<usize, BTreeSet<&Key>> = BTreeMap::new();
    for ((a, b), keys) in &ties {
        if one.get(a).is_some_and(|stays| one.get(b) == Some(stays)) {
            for at in [a, b] {
                tied_by.entry(*at).or_default().extend(keys);
            }
        }
    }
    for (from, to) in one.iter().filter(|(from, to)| from != to) {
        let tied_by = tied_by.get(from);
        let mut keys = settings.keys.iter();
        let key = keys.find(|key| tied_by.is_some_and(|keys| keys.contains(key)));
        matches.merges.push(Merge {
            from: customers[*from].id.clone(),
            to: customers[*to].id.clone(),
            key: key.cloned().unwrap_or_else(|| Key::of(&[])),
        });
    }
    matches.merges.sort_by(|a, b| a.from.cmp(&b.from));
    matches.proposals = proposals(customers, &ties, &one, &two, &of_one_group);
    matches
}

/// Customers by the value they have of a key, those with one in common: by value, each in the order of
/// the customers.
fn groups(customers: &[Evidence], key: &Key) -> Vec<(String, Vec<usize>)> {
    let mut values: Vec<(String, usize)> = Vec::new();
    for (at, customer) in customers.iter().enumerate() {
        values.extend(customer.values_of(key).into_iter().map(|value| (value, at)));
    }
    values.sort_unstable();
    values
        .chunk_by(|a, b| a.0 == b.0)
        .filter(|group| group.len() > 1)
        .map(|group| (group[0].0.clone(), group.iter().map(|of| of.1).collect()))
        .collect()
}

/// What two customers both have, with nothing of it in common, though nobody has two.
fn differing(a: &Evidence, b: &Evidence) -> BTreeSet<Trait> {
    let both = |of: &Trait| a.has(*of).next().is_some() && b.has(*of).next().is_some();
    let apart = |of: &Trait| {
        !a.has(*of)
            .any(|value| b.has(*of).any(|other| other == value))
    };
    FIXED
        .into_iter()
        .filter(|of| both(of) && apart(of))
        .collect()
}

fn ordered(a: usize, b: usize) -> (usize, usize) {
    (a.min(b), a.max(b))
}

fn any_pair(members: &[usize], of: &dyn Fn(usize, usize) -> bool) -> bool {
    let mut pairs = members
        .iter()
        .enumerate()
        .flat_map(|(at, a)| members[at + 1..].iter().map(move |b| (*a, *b)));
    pairs.any(|(a, b)| of(a, b))
}

/// What hangs together: each time in order, in the order of the first.
fn components(pairs: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let mut beside: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (a, b) in pairs {
        beside.entry(*a).or_default().push(*b);
        beside.entry(*b).or_default().push(*a);
    }
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for start in beside.keys() {
        let mut members = BTreeSet::new();
        let mut next = vec![*start];
        while let Some(at) = next.pop() {
            if seen.insert(at) {
                members.insert(at);
                next.extend(beside.get(&at).into_iter().flatten());
            }
        }
        if !members.is_empty() {
            found.push(members.into_iter().collect());
        }
    }
    found
}

/// Pairs that have a key in common and are neither one nor said to be two.
fn proposals(
    customers: &[Evidence],
    ties: &BTreeMap<(usize, usize), Vec<&Key>>,
    one: &BTreeMap<usize, usize>,
    two: &BTreeSet<(usize, usize)>,
    of_one_group: &dyn Fn(usize, usize) -> bool,
) -> Vec<Proposal> {
    let stays = |at: usize| one.get(&at).copied().unwrap_or(at);
    // Who is not one customer is not another either that is the same as the one.
    let two: BTreeSet<(usize, usize)> = two
        .iter()
        .map(|(a, b)| ordered(stays(*a), stays(*b)))
        .collect();
    let mut found: BTreeMap<(usize, usize), Proposal> = BTreeMap::new();
    for ((a, b), keys) in ties {
        let (one, other) = (stays(*a), stays(*b));
        let is_settled = one == other || two.contains(&ordered(one, other));
        if is_settled || of_one_group(*a, *b) || of_one_group(one, other) {
            continue;
        }
        let (mut one, mut other) = (*a, *b);
        if customers[stays(one)].rank() < customers[stays(other)].rank() {
            (one, other) = (other, one);
        }
        let (from, to) = (stays(one), stays(other));
        let (one, other) = (&customers[one], &customers[other]);
        let shared = |of: Trait| {
            one.has(of)
                .find(|value| other.has(of).any(|same| same == *value))
        };
        let agrees = keys.iter().flat_map(|key| key.traits());
        let agrees = agrees.filter_map(|of| Some((*of, shared(*of)?.to_owned())));
        let differs = differing(one, other).into_iter().filter_map(|of| {
            Some((
                of,
                (
                    one.has(of).next()?.to_owned(),
                    other.has(of).next()?.to_owned(),
                ),
            ))
        });
        let proposal = found.entry((from, to)).or_insert_with(|| Proposal {
            from: customers[from].id.clone(),
            to: customers[to].id.clone(),
            agrees: BTreeMap::new(),
            differs: BTreeMap::new(),
        });
        proposal.agrees.extend(agrees);
        proposal.differs.extend(differs);
    }
    let mut found: Vec<Proposal> = found.into_values().collect();
    found.sort_by(|a, b| {
        let likelier = (a.differs.len(), b.agrees.len()).cmp(&(b.differs.len(), a.agrees.len()));
        likelier.then_with(|| (&a.to, &a.from).cmp(&(&b.to, &b.from)))
    });
    found
}
