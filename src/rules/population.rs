//! The customers of a period together: the `all` of the rules.
//!
//! Figures of a fact are worked out once per population, when a rule first asks, and kept. Sums are
//! taken over sorted values, so that the order of rows cannot change their last bit.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use rhai::EvalAltResult;

use super::customer::{Customer, FactKind, FactValue, Facts};
use super::cuts::{ClassCuts, FrozenClasses};
use super::values::wrong;
use crate::calendar::{FiscalCalendar, Quarter};

/// The type-1 quantile (the inverse of the empirical distribution function; Hyndman and Fan, 1996)
/// of ascending values: the smallest value that at least the share `p` of them does not exceed.
/// None of nothing, and for `p` outside 0 to 1.
pub(super) fn quantile(sorted: &[f64], p: f64) -> Option<f64> {
    if sorted.is_empty() || !(0.0..=1.0).contains(&p) {
        return None;
    }
    let reach = sorted.len() as f64 * p;
    // As R does: 0.7 × 10 may not become 7.000000000000001 and so the eighth value.
    let fuzz = 4.0 * f64::EPSILON * reach.max(1.0);
    let rank = (reach - fuzz).ceil().max(1.0) as usize;
    sorted.get(rank - 1).copied()
}

/// The values of one fact over a population, ascending; missing ones are left out.
#[derive(Debug)]
pub(super) struct Sorted {
    name: String,
    values: Vec<f64>,
    /// `sums[i]` is the sum of the first `i` values.
    sums: Vec<f64>,
    fifths: [f64; 4],
}

impl Sorted {
    fn of(facts: &Facts, column: usize, rows: &[u32]) -> Self {
        let mut values: Vec<f64> = rows
            .iter()
            .filter_map(|row| facts.value(column, *row as usize)?.number())
            .collect();
        values.sort_unstable_by(f64::total_cmp);
        let mut sums = Vec::with_capacity(values.len() + 1);
        let mut sum = 0.0;
        sums.push(sum);
        for value in &values {
            sum += value;
            sums.push(sum);
        }
        let cut = |p| quantile(&values, p).unwrap_or(f64::INFINITY);
        Self {
            name: facts.schema[column].name.clone(),
            fifths: [cut(0.2), cut(0.4), cut(0.6), cut(0.8)],
            values,
            sums,
        }
    }

    /// 1 to 5 by quintile: one more than the cut points strictly below, so that equal values share.
    pub(super) fn fifth(&self, value: f64) -> i64 {
        1 + self.fifths.iter().filter(|cut| **cut < value).count() as i64
    }
}

/// The figures of a fact over a population, or over a part of its values.
#[derive(Debug, Clone)]
pub(super) struct Figures {
    sorted: Arc<Sorted>,
    part: Range<usize>,
    /// How the part was asked for, for traces.
    asked: &'static str,
}

impl Figures {
    fn values(&self) -> &[f64] {
        &self.sorted.values[self.part.clone()]
    }

    fn cut(&self, from: usize, to: usize, asked: &'static str) -> Self {
        let from = from.max(self.part.start);
        Self {
            sorted: Arc::clone(&self.sorted),
            part: from..to.min(self.part.end).max(from),
            asked,
        }
    }

    /// Those above a value.
    pub(super) fn above(&self, value: f64) -> Self {
        let from = self.sorted.values.partition_point(|x| *x <= value);
        let asked = if value == 0.0 { "positive " } else { "some " };
        self.cut(from, usize::MAX, asked)
    }

    /// Those below a value.
    pub(super) fn below(&self, value: f64) -> Self {
        let to = self.sorted.values.partition_point(|x| *x < value);
        let asked = if value == 0.0 { "negative " } else { "some " };
        self.cut(0, to, asked)
    }

    /// How many there are.
    pub(super) fn count(&self) -> i64 {
        self.part.len() as i64
    }

    /// Their sum; 0 of nothing.
    pub(super) fn sum(&self) -> f64 {
        self.sorted.sums[self.part.end] - self.sorted.sums[self.part.start]
    }

    /// Their mean; none of nothing.
    pub(super) fn mean(&self) -> Option<f64> {
        (!self.part.is_empty()).then(|| self.sum() / self.part.len() as f64)
    }

    /// The type-1 quantile; none of nothing.
    pub(super) fn quantile(&self, p: f64) -> Option<f64> {
        quantile(self.values(), p)
    }

    /// The least; none of nothing.
    pub(super) fn min(&self) -> Option<f64> {
        self.values().first().copied()
    }

    /// The greatest; none of nothing.
    pub(super) fn max(&self) -> Option<f64> {
        self.values().last().copied()
    }

    /// What they are figures of, in words.
    pub(super) fn describe(&self) -> String {
        format!("{}`{}`", self.asked, self.sorted.name)
    }
}

/// What a population needs to know beside the facts.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The client's fiscal calendar.
    pub calendar: FiscalCalendar,
    /// `[value] band`; none for 1 % of the mean positive actual value of the period.
    pub value_band: Option<f64>,
    /// Cut points between the classes that were frozen.
    pub frozen: FrozenClasses,
}

#[derive(Debug)]
struct Inner {
    facts: Arc<Facts>,
    settings: Arc<Settings>,
    period: Quarter,
    /// Ascending.
    rows: Vec<u32>,
    figures: Vec<OnceLock<Arc<Sorted>>>,
    band: f64,
    /// Whether frozen cut points hold.
    is_frozen: bool,
    peers: RwLock<BTreeMap<PeerKey, Arc<Peers>>>,
}

/// The columns that customers are alike in; unused places hold `usize::MAX`.
type PeerKey = [usize; ALIKE];

/// In how many facts customers can be alike.
const ALIKE: usize = 3;

/// The customers of a period, or those of them that are alike.
#[derive(Debug, Clone)]
pub(super) struct Population(Arc<Inner>);

/// A population split into groups that are alike in some facts.
#[derive(Debug)]
struct Peers {
    /// By position among the rows of the population.
    group_of: Vec<u32>,
    groups: Vec<Population>,
    /// For each fact in turn.
    steps: Vec<Step>,
}

/// How groups are split by one more fact.
#[derive(Debug)]
struct Step {
    column: usize,
    coder: Coder,
    /// The group so far and the code of the value, to the finer group.
    finer: BTreeMap<(u32, u32), u32>,
}

impl Peers {
    /// The group of the customer at a place among the rows.
    fn of(&self, place: usize) -> Population {
        self.groups[self.group_of[place] as usize].clone()
    }

    /// The group that a customer of other facts would be in; none where there is nobody like it.
    fn like(&self, facts: &Facts, row: usize) -> Option<Population> {
        let mut group = 0;
        for step in &self.steps {
            let code = step.coder.code(facts.value(step.column, row))?;
            group = *step.finer.get(&(group, code))?;
        }
        Some(self.groups.get(group as usize)?.clone())
    }
}

/// What a value counts as when customers are told alike.
#[derive(Debug)]
enum Coder {
    /// The quarter of the ranking from 1, which ends at these values.
    Quarter([f64; 3]),
    /// A number of its own for each value.
    Own(BTreeMap<String, u32>),
}

impl Coder {
    /// 0 for missing; none for a value that nobody of the population has.
    fn code(&self, value: Option<FactValue<'_>>) -> Option<u32> {
        let Some(value) = value else { return Some(0) };
        match self {
            Self::Quarter(cuts) => Some(value.number().map_or(0, |x| {
                1 + cuts.iter().filter(|cut| **cut < x).count() as u32
            })),
            Self::Own(known) => known.get(&value.to_string()).copied(),
        }
    }
}

impl Population {
    /// All customers of a period.
    pub(super) fn of(facts: &Arc<Facts>, settings: &Arc<Settings>, period: Quarter) -> Self {
        let rows = facts.periods().get(&period).cloned().unwrap_or_default();
        let cuts = settings.frozen.in_force(period);
        let cuts = cuts.filter(|cuts| basis(facts, &rows).as_ref() == Some(&cuts.basis));
        let band = settings.value_band.or(cuts.map(|cuts| cuts.band));
        let band = band.unwrap_or_else(|| {
            let column = facts.column_named("actual_value");
            let values = column.map(|column| Sorted::of(facts, column, &rows));
            values.map_or(0.0, |sorted| {
                let part = 0..sorted.values.len();
                let sorted = Arc::new(sorted);
                let figures = Figures {
                    sorted,
                    part,
                    asked: "",
                };
                figures.above(0.0).mean().unwrap_or(0.0) * 0.01
            })
        });
        Self::with(facts, settings, period, rows, (band, cuts.is_some()))
    }

    fn with(
        facts: &Arc<Facts>,
        settings: &Arc<Settings>,
        period: Quarter,
        rows: Vec<u32>,
        (band, is_frozen): (f64, bool),
    ) -> Self {
        let figures = facts.schema.iter().map(|_| OnceLock::new()).collect();
        Self(Arc::new(Inner {
            facts: Arc::clone(facts),
            settings: Arc::clone(settings),
            period,
            rows,
            figures,
            band,
            is_frozen,
            peers: RwLock::default(),
        }))
    }

    /// How many customers there are.
    pub(super) fn count(&self) -> i64 {
        self.0.rows.len() as i64
    }

    /// The period.
    pub(super) fn period(&self) -> Quarter {
        self.0.period
    }

    /// The first and the last day of the period.
    pub(super) fn days(&self) -> (chrono::NaiveDate, chrono::NaiveDate) {
        let calendar = self.0.settings.calendar;
        (calendar.starts(self.0.period), calendar.ends(self.0.period))
    }

    /// The band around zero within which a value counts as nothing.
    pub(super) fn value_band(&self) -> f64 {
        self.0.band
    }

    /// The frozen cut points between classes that hold here.
    pub(super) fn frozen(&self) -> Option<&ClassCuts> {
        let inner = &self.0;
        let cuts = inner.settings.frozen.in_force(inner.period);
        cuts.filter(|_| inner.is_frozen)
    }

    /// What the actual values are made of.
    pub(super) fn basis(&self) -> Option<String> {
        basis(&self.0.facts, &self.0.rows)
    }

    pub(super) fn sorted(&self, column: usize) -> &Arc<Sorted> {
        let inner = &self.0;
        inner.figures[column]
            .get_or_init(|| Arc::new(Sorted::of(&inner.facts, column, &inner.rows)))
    }

    /// The figures of a fact.
    pub(super) fn figures(&self, column: usize) -> Figures {
        let sorted = Arc::clone(self.sorted(column));
        let part = 0..sorted.values.len();
        Figures {
            sorted,
            part,
            asked: "",
        }
    }

    /// The figures of a fact by name.
    pub(super) fn figures_named(&self, name: &str) -> Result<Figures, Box<EvalAltResult>> {
        let column = self.0.facts.find(name)?;
        if self.0.facts.schema[column].kind.is_figure() {
            Ok(self.figures(column))
        } else {
            Err(wrong(format!("the fact `{name}` is not a number")))
        }
    }

    /// Those who are alike a customer in some facts: numbers by quarter of their ranking (type-1
    /// quartiles, equal values together), texts, dates and flags by value, missing with missing.
    pub(super) fn like(
        &self,
        customer: &Customer,
        names: &[&str],
    ) -> Result<Self, Box<EvalAltResult>> {
        let columns: Result<Vec<usize>, _> =
            names.iter().map(|name| self.0.facts.find(name)).collect();
        self.alike(&customer.facts, customer.row as usize, &columns?)
            .ok_or_else(|| wrong("the customer is not one of this population"))
    }

    /// Those who are alike the customer of a row in up to [`ALIKE`] columns; none when the customer
    /// is not one of this population. A customer of other facts than the population's is one among
    /// those who are like it, if there are any.
    pub(super) fn alike(&self, facts: &Facts, row: usize, columns: &[usize]) -> Option<Self> {
        let inner = &self.0;
        if !std::ptr::eq(facts, &*inner.facts) {
            let found = self.with_peers(columns, |peers| peers.like(facts, row));
            return Some(found.unwrap_or_else(|| self.part(Vec::new())));
        }
        let place = inner.rows.binary_search(&(row as u32)).ok()?;
        Some(self.with_peers(columns, |peers| peers.of(place)))
    }

    /// Asks the population by what its customers are alike in, which is worked out once.
    fn with_peers<T>(&self, columns: &[usize], ask: impl FnOnce(&Peers) -> T) -> T {
        let mut key = [usize::MAX; ALIKE];
        key[..columns.len()].copy_from_slice(columns);
        // A panic elsewhere cannot leave a half-made entry behind: entries are inserted whole.
        let known = self.0.peers.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(peers) = known.get(&key) {
            return ask(peers);
        }
        drop(known);
        let mut known = self.0.peers.write().unwrap_or_else(PoisonError::into_inner);
        ask(known
            .entry(key)
            .or_insert_with(|| Arc::new(self.split(columns))))
    }

    fn split(&self, columns: &[usize]) -> Peers {
        let inner = &self.0;
        // Each fact makes finer groups out of those before: (group so far, code of the value).
        let mut group_of = vec![0_u32; inner.rows.len()];
        let mut steps = Vec::with_capacity(columns.len());
        for column in columns {
            let column = *column;
            let coder = self.coder(column);
            let mut finer: BTreeMap<(u32, u32), u32> = BTreeMap::new();
            for (group, row) in group_of.iter_mut().zip(&inner.rows) {
                let value = inner.facts.value(column, *row as usize);
                // Every value of the population has a code.
                let code = coder.code(value).unwrap_or(0);
                let next = finer.len() as u32;
                *group = *finer.entry((*group, code)).or_insert(next);
            }
            steps.push(Step {
                column,
                coder,
                finer,
            });
        }
        let count = group_of.iter().max().map_or(0, |last| last + 1);
        let mut members = vec![Vec::new(); count as usize];
        for (group, row) in group_of.iter().zip(&inner.rows) {
            members[*group as usize].push(*row);
        }
        Peers {
            group_of,
            groups: members.into_iter().map(|rows| self.part(rows)).collect(),
            steps,
        }
    }

    /// The population of these of its rows.
    fn part(&self, rows: Vec<u32>) -> Self {
        let inner = &self.0;
        Self::with(
            &inner.facts,
            &inner.settings,
            inner.period,
            rows,
            (inner.band, inner.is_frozen),
        )
    }

    /// How the values of a column are told alike: missing with missing, numbers by the quarter of the
    /// ranking, any other value by itself.
    fn coder(&self, column: usize) -> Coder {
        let inner = &self.0;
        if matches!(
            inner.facts.schema[column].kind,
            FactKind::Number | FactKind::Money | FactKind::Whole
        ) {
            let sorted = &self.sorted(column).values;
            let cuts = [0.25, 0.5, 0.75].map(|p| quantile(sorted, p).unwrap_or(f64::INFINITY));
            return Coder::Quarter(cuts);
        }
        let mut known: BTreeMap<String, u32> = BTreeMap::new();
        for row in &inner.rows {
            if let Some(value) = inner.facts.value(column, *row as usize) {
                let next = known.len() as u32 + 1;
                known.entry(value.to_string()).or_insert(next);
            }
        }
        Coder::Own(known)
    }
}

/// What the actual values of these rows are made of, which is the same for all that have one.
fn basis(facts: &Facts, rows: &[u32]) -> Option<String> {
    let column = facts.column_named("value_basis")?;
    let mut values = rows
        .iter()
        .filter_map(|row| facts.value(column, *row as usize));
    values.next().map(|basis| basis.to_string())
}

#[cfg(test)]
mod tests {
    use super::quantile;

    /// R: `quantile(c(1, 2, 3, 4, 5, 6, 7, 8, 9, 10), p, type = 1)` gives 1, 3, 5, 7, 8, 10 for
    /// p = 0, 0.3, 0.5, 0.7, 0.75, 1.
    #[test]
    fn quantiles_are_type_1() {
        let ten: Vec<f64> = (1..=10).map(f64::from).collect();
        for (p, expected) in [
            (0.0, 1.0),
            (0.3, 3.0),
            (0.5, 5.0),
            (0.7, 7.0),
            (0.75, 8.0),
            (1.0, 10.0),
        ] {
            assert_eq!(quantile(&ten, p), Some(expected), "{p}");
        }
        assert_eq!(quantile(&[], 0.5), None);
        assert_eq!(quantile(&ten, 1.5), None);
    }

    /// A hundred customers, frequencies 54 × 1, 20 × 2, 10 × 3, 6 × 4, 4 × 5, 2 × 6, 8, 10, 20, 54:
    /// the quintile cut points are 1, 1, 2, 3.
    #[test]
    fn quantiles_of_many_ties() {
        let mut values = Vec::new();
        for (value, times) in [(1, 54), (2, 20), (3, 10), (4, 6), (5, 4), (6, 2)] {
            values.extend(std::iter::repeat_n(f64::from(value), times));
        }
        values.extend([8.0, 10.0, 20.0, 54.0]);
        assert_eq!(values.len(), 100);
        let cuts = [0.2, 0.4, 0.6, 0.8].map(|p| quantile(&values, p));
        assert_eq!(cuts, [Some(1.0), Some(1.0), Some(2.0), Some(3.0)]);
    }
}
