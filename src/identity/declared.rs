//! What the client says of ids: the rows of `id_map`, chains followed, contradictions found.

use std::collections::{BTreeMap, BTreeSet};

/// What two ids have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Relation {
    /// They are one customer.
    Same,
    /// They live in one household.
    Household,
    /// They buy for one account.
    Account,
}

/// A row of `id_map`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Statement {
    pub(super) from: String,
    pub(super) to: String,
    pub(super) relation: Relation,
    /// Yes, no, or nothing said yet.
    pub(super) confirmed: Option<bool>,
}

/// Rows that cannot both hold, by their places among the statements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Contradiction {
    /// The row that is set aside.
    pub(super) row: usize,
    /// A row it is against; itself where it is only part of a circle with others set aside alike.
    pub(super) other: usize,
    pub(super) why: Why,
}

/// Why two rows cannot both hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Why {
    /// One id would become two.
    TwoTargets,
    /// The ids become each other.
    Circle,
    /// Said to be the same, and said to be different.
    YesAndNo,
}

/// What follows from all statements.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Declared {
    /// Every id that is another, with the id at the end of its chain and the statement that begins it.
    pub(super) same: BTreeMap<String, (String, usize)>,
    /// Ids said to be different customers, each followed to its end, the smaller first.
    pub(super) different: BTreeSet<(String, String)>,
    /// Customers with their household.
    pub(super) households: BTreeMap<String, String>,
    /// Customers with their account.
    pub(super) accounts: BTreeMap<String, String>,
    /// Statements that hold nothing, each once.
    pub(super) contradictions: Vec<Contradiction>,
    /// Statements that nobody has answered.
    pub(super) open: u64,
}

impl Declared {
    /// What follows from the statements. The order they stand in matters for nothing but which of two
    /// equal ones is named.
    pub(super) fn of(statements: &[Statement]) -> Self {
        let mut declared = Self {
            open: statements
                .iter()
                .filter(|of| of.confirmed.is_none())
                .count() as u64,
            ..Self::default()
        };
        let both = declared.yes_and_no(statements);
        let same = declared.followed(statements, Relation::Same, &both);
        for (from, (to, row)) in ends(&same) {
            declared.same.insert(from.to_owned(), (to.to_owned(), row));
        }
        declared.differ(statements, &both);
        for relation in [Relation::Household, Relation::Account] {
            let next = declared.followed(statements, relation, &BTreeSet::new());
            // The ids of groups are customers' as often as not, so they follow what those have become.
            let groups: BTreeMap<String, String> = ends(&next)
                .into_iter()
                .map(|(from, (to, _))| {
                    (declared.root(from).to_owned(), declared.root(to).to_owned())
                })
                .collect();
            match relation {
                Relation::Household => declared.households = groups,
                _ => declared.accounts = groups,
            }
        }
        declared.contradictions.sort_unstable();
        declared.contradictions.dedup_by_key(|of| of.row);
        declared
    }

    /// What an id has become.
    pub(super) fn root<'a>(&'a self, id: &'a str) -> &'a str {
        self.same.get(id).map_or(id, |(to, _)| to)
    }

    /// Whether two ids belong together and stay apart: one household, one account.
    pub(super) fn are_of_one_group(&self, a: &str, b: &str) -> bool {
        let called = |groups: &BTreeMap<String, String>, id: &str| {
            groups.get(id).map_or(id, String::as_str).to_owned()
        };
        let one = |groups| called(groups, a) == called(groups, b);
        a != b && (one(&self.households) || one(&self.accounts))
    }

    /// Pairs answered with yes and with no: neither holds.
    fn yes_and_no(&mut self, statements: &[Statement]) -> BTreeSet<usize> {
        let mut answers: BTreeMap<(&str, &str), [Vec<usize>; 2]> = BTreeMap::new();
        for (row, of) in statements.iter().enumerate() {
            if let (Relation::Same, Some(yes)) = (of.relation, of.confirmed) {
                let pair = pair(&of.from, &of.to);
                answers.entry(pair).or_default()[usize::from(yes)].push(row);
            }
        }
        let mut both = BTreeSet::new();
        for [no, yes] in answers.values() {
            let (Some(first_no), Some(first_yes)) = (no.first(), yes.first()) else {
                continue;
            };
            for (rows, other) in [(no, *first_yes), (yes, *first_no)] {
                for row in rows {
                    both.insert(*row);
                    self.contradict(*row, other, Why::YesAndNo);
                }
            }
        }
        both
    }

    fn contradict(&mut self, row: usize, other: usize, why: Why) {
        self.contradictions.push(Contradiction { row, other, why });
    }

    /// From each id that is said to belong to another to that other, without contradictions.
    fn followed<'a>(
        &mut self,
        statements: &'a [Statement],
        relation: Relation,
        left_out: &BTreeSet<usize>,
    ) -> BTreeMap<&'a str, (&'a str, usize)> {
        let mut said: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
        for (row, of) in statements.iter().enumerate() {
            let holds = of.confirmed == Some(true) && of.relation == relation;
            if holds && of.from != of.to && !left_out.contains(&row) {
                said.entry(&of.from)
                    .or_default()
                    .entry(&of.to)
                    .or_insert(row);
            }
        }
        let mut next: BTreeMap<&str, (&str, usize)> = BTreeMap::new();
        for (from, targets) in &said {
            if let (1, Some((to, row))) = (targets.len(), targets.first_key_value()) {
                next.insert(from, (to, *row));
            }
        }
        self.break_circles(&mut next);
        // Two targets that are one in the end are no contradiction.
        let mut more = Vec::new();
        for (from, targets) in said.iter().filter(|(_, targets)| targets.len() > 1) {
            let ends: BTreeSet<&str> = targets.keys().map(|to| end(&next, to)).collect();
            let rows: Vec<usize> = targets.values().copied().collect();
            match (ends.len(), targets.first_key_value()) {
                (1, Some((to, row))) => more.push((*from, (*to, *row))),
                _ => {
                    for (at, row) in rows.iter().enumerate() {
                        let other = rows[usize::from(at == 0)];
                        self.contradict(*row, other, Why::TwoTargets);
                    }
                }
            }
        }
        next.extend(more);
        self.break_circles(&mut next);
        next
    }

    /// Takes out the statements that lead round in a circle.
    fn break_circles<'a>(&mut self, next: &mut BTreeMap<&'a str, (&'a str, usize)>) {
        let mut circles: Vec<Vec<&str>> = Vec::new();
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        for start in next.keys() {
            let mut path = Vec::new();
            let mut at = *start;
            while seen.insert(at) {
                path.push(at);
                match next.get(at) {
                    Some((to, _)) => at = to,
                    None => break,
                }
            }
            // Seen on this very path, and not by an earlier one that ended well.
            if let Some(begin) = path.iter().position(|id| *id == at)
                && next.contains_key(at)
            {
                circles.push(path.split_off(begin));
            }
        }
        for circle in circles {
            let rows: Vec<usize> = circle
                .iter()
                .filter_map(|id| Some(next.remove(id)?.1))
                .collect();
            for (at, row) in rows.iter().enumerate() {
                self.contradict(*row, rows[(at + 1) % rows.len()], Why::Circle);
            }
        }
    }

    /// Pairs said to be different, unless other statements make them one.
    fn differ(&mut self, statements: &[Statement], left_out: &BTreeSet<usize>) {
        for (row, of) in statements.iter().enumerate() {
            let no = of.relation == Relation::Same && of.confirmed == Some(false);
            if !no || left_out.contains(&row) {
                continue;
            }
            let (from, to) = (self.root(&of.from), self.root(&of.to));
            if from == to {
                let said = [&of.from, &of.to];
                let yes = said.iter().find_map(|id| self.same.get(*id));
                let yes = yes.map_or(row, |(_, row)| *row);
                self.contradict(row, yes, Why::YesAndNo);
            } else {
                let (from, to) = pair(from, to);
                let pair = (from.to_owned(), to.to_owned());
                self.different.insert(pair);
            }
        }
    }
}

/// Two ids, the smaller first.
pub(super) fn pair<'a>(a: &'a str, b: &'a str) -> (&'a str, &'a str) {
    if a <= b { (a, b) } else { (b, a) }
}

/// The end of the chain that begins with an id.
fn end<'a>(next: &BTreeMap<&'a str, (&'a str, usize)>, id: &'a str) -> &'a str {
    let mut at = id;
    while let Some((to, _)) = next.get(at) {
        at = to;
    }
    at
}

/// Every id with the end of its chain, and the statement that begins it.
fn ends<'a>(next: &BTreeMap<&'a str, (&'a str, usize)>) -> BTreeMap<&'a str, (&'a str, usize)> {
    let of = |(from, (_, row)): (&&'a str, &(&'a str, usize))| (*from, (end(next, from), *row));
    next.iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(text: &str) -> Vec<Statement> {
        text.split_whitespace()
            .map(|word| {
                let (ids, confirmed) = match word.split_at(word.len() - 1) {
                    (ids, "+") => (ids, Some(true)),
                    (ids, "-") => (ids, Some(false)),
                    (ids, _) => (ids, None),
                };
                let (from, to) = ids.split_once('>').unwrap();
                Statement {
                    from: from.to_owned(),
                    to: to.to_owned(),
                    relation: Relation::Same,
                    confirmed,
                }
            })
            .collect()
    }

    fn same(declared: &Declared) -> Vec<String> {
        let of = declared.same.iter();
        of.map(|(from, (to, _))| format!("{from}>{to}")).collect()
    }

    fn against(declared: &Declared) -> Vec<(usize, Why)> {
        let of = declared.contradictions.iter();
        of.map(|of| (of.row, of.why)).collect()
    }

    #[test]
    fn chains_are_followed_to_their_end() {
        let declared = Declared::of(&says("a>b+ b>c+ d>c+ e>f? g>g+"));
        assert_eq!(same(&declared), ["a>c", "b>c", "d>c"]);
        assert_eq!(declared.open, 1);
        assert!(declared.contradictions.is_empty());
    }

    #[test]
    fn circles_hold_nothing_but_what_leads_to_them_does() {
        let declared = Declared::of(&says("a>b+ b>c+ c>b+ d>e+"));
        assert_eq!(same(&declared), ["a>b", "d>e"]);
        assert_eq!(against(&declared), [(1, Why::Circle), (2, Why::Circle)]);
    }

    #[test]
    fn one_id_becomes_one() {
        let declared = Declared::of(&says("a>b+ a>c+ d>b+"));
        assert_eq!(same(&declared), ["d>b"]);
        assert_eq!(
            against(&declared),
            [(0, Why::TwoTargets), (1, Why::TwoTargets)]
        );
        // Both are the same in the end.
        let declared = Declared::of(&says("a>b+ a>c+ b>c+"));
        assert_eq!(same(&declared), ["a>c", "b>c"]);
        assert!(declared.contradictions.is_empty());
        // What two targets lead to may lead back.
        let declared = Declared::of(&says("a>x+ a>y+ x>t+ y>t+ t>u+ t>v+ u>a+ v>a+"));
        assert!(!declared.contradictions.is_empty());
        for (from, (to, _)) in &declared.same {
            assert!(!declared.same.contains_key(to), "{from} {to}");
        }
    }

    #[test]
    fn a_no_is_remembered_and_stands_against_a_yes() {
        let declared = Declared::of(&says("a>b- c>a+"));
        assert_eq!(declared.different.len(), 1);
        assert_eq!(same(&declared), ["c>a"]);
        let declared = Declared::of(&says("a>b- b>a+"));
        assert_eq!(against(&declared), [(0, Why::YesAndNo), (1, Why::YesAndNo)]);
        assert!(declared.same.is_empty() && declared.different.is_empty());
        // A chain makes one of what is said to be two.
        let declared = Declared::of(&says("a>b+ b>c+ a>c-"));
        assert_eq!(against(&declared), [(2, Why::YesAndNo)]);
        assert_eq!(same(&declared), ["a>c", "b>c"]);
    }

    #[test]
    fn groups_follow_what_their_members_have_become() {
        let mut statements = says("a>b+ b>h+ c>h+");
        statements[1].relation = Relation::Household;
        statements[2].relation = Relation::Household;
        let declared = Declared::of(&statements);
        let of = |id: &str| declared.households.get(id).map(String::as_str);
        assert_eq!((of("b"), of("c"), of("a")), (Some("h"), Some("h"), None));
    }
}
