//! Works a tree out for one row after another.

mod card;

use std::collections::BTreeMap;

use rhai::{Caches, Dynamic, Engine, Expr, ImmutableString, Position, Scope, Stmt};

use super::super::customer::{FactValue, Facts, SoFar};
use super::super::population::Population;
use super::super::store::{Answers, Cell, Fill, Kind, Parts};
use super::super::values::Day;
use super::tree::{Fact, Figure, FigureAt, Format, Node, Saying, Tree};
use super::value::{Number, Value};

/// Why working out a node stopped.
enum Stop<'a> {
    /// rhai has to run the row.
    HandBack,
    /// The function is left with a value.
    Return(Value<'a>),
}

type Outcome<'a> = Result<Value<'a>, Stop<'a>>;

/// A value that a switch was asked about.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Label {
    Whole(i64),
    Flag(bool),
    Text(String),
}

/// A tree at work on the customers of a period.
pub(in super::super) struct Machine<'a> {
    tree: &'a Tree,
    engine: &'a Engine,
    facts: &'a Facts,
    all: &'a Population,
    constants: Vec<Option<Value<'a>>>,
    /// The classes of the sites. The machine's own copies: one count of references for all cores
    /// would be what they wait for.
    classes: Vec<Option<ImmutableString>>,
    /// What was worked out once for everybody.
    kept: Vec<Option<Value<'a>>>,
    slots: Vec<Value<'a>>,
    lists: Vec<Vec<Value<'a>>>,
    /// Lists of rows before, for their memory.
    spare: Vec<Vec<Value<'a>>>,
    /// What is said of a row: the site, and where its fills are.
    answers: Vec<(usize, std::ops::Range<usize>)>,
    fills: Vec<Value<'a>>,
    /// For each site, the templates that its answers had.
    templates: Vec<Vec<u32>>,
    /// For each switch, the case that a value takes.
    cases: Vec<BTreeMap<Label, Option<usize>>>,
    row: usize,
    so_far: SoFar,
}

impl<'a> Machine<'a> {
    /// A machine for the facts of a period; `constants` are those of the file for this period.
    pub(in super::super) fn new(
        tree: &'a Tree,
        engine: &'a Engine,
        facts: &'a Facts,
        all: &'a Population,
        constants: &Scope<'_>,
    ) -> Self {
        let constant = |name: &ImmutableString| Value::of(constants.get(name)?);
        Self {
            tree,
            engine,
            facts,
            all,
            constants: tree.constants.iter().map(constant).collect(),
            classes: tree
                .sites
                .iter()
                .map(|site| site.class.as_ref().map(|class| class.as_str().into()))
                .collect(),
            kept: vec![None; tree.kept],
            slots: vec![Value::Nothing; tree.slots],
            lists: Vec::new(),
            spare: Vec::new(),
            answers: Vec::new(),
            fills: Vec::new(),
            templates: vec![Vec::new(); tree.sites.len()],
            cases: tree.switches.iter().map(|_| BTreeMap::new()).collect(),
            row: 0,
            so_far: SoFar::default(),
        }
    }

    /// The class of a row, kept among `answers`, with the figures of its reason where they are `told`;
    /// none when rhai has to say.
    pub(in super::super) fn segment(
        &mut self,
        row: usize,
        told: bool,
        answers: &mut Answers,
    ) -> Option<(u32, ImmutableString)> {
        let Value::Answer(answer) = self.run(row, &SoFar::default())? else {
            return None;
        };
        let class = self.classes[self.answers[answer].0].clone()?;
        Some((self.keep(answer, told, answers)?, class))
    }

    /// Strength and attractiveness of a row; none when rhai has to say.
    pub(in super::super) fn score(
        &mut self,
        row: usize,
        so_far: &SoFar,
    ) -> Option<(Option<f64>, Option<f64>)> {
        match self.run(row, so_far)? {
            Value::Card(strength, attractiveness) => Some((strength, attractiveness)),
            _ => None,
        }
    }

    /// The actions for a row, or why it gets a profile, kept among `answers`: the first of them and how
    /// many. None when rhai has to say.
    pub(in super::super) fn texts(
        &mut self,
        saying: Saying,
        row: usize,
        so_far: &SoFar,
        answers: &mut Answers,
    ) -> Option<(u32, u32)> {
        let Value::List(list) = self.run(row, so_far)? else {
            return None;
        };
        let mut said = Vec::with_capacity(self.lists[list].len());
        for item in &self.lists[list] {
            let Value::Answer(answer) = item else {
                return None;
            };
            let answer = *answer;
            let is_asked_for = self.tree.sites[self.answers[answer].0].saying == saying;
            let (_, fills) = &self.answers[answer];
            if !is_asked_for
                || self.fills[fills.clone()]
                    .iter()
                    .any(|fill| filled(fill).is_none())
            {
                return None;
            }
            said.push(answer);
        }
        let mut range = (0, 0);
        for answer in said {
            let kept = self.keep(answer, true, answers)?;
            range = if range.1 == 0 {
                (kept, 1)
            } else {
                (range.0, range.1 + 1)
            };
        }
        Some(range)
    }

    /// Keeps an answer, with its figures where they are `told`; none when something in it cannot be
    /// printed.
    fn keep(&mut self, answer: usize, told: bool, answers: &mut Answers) -> Option<u32> {
        let (site, fills) = self.answers[answer].clone();
        let mut fills = self.fills[fills].iter().map(filled);
        let fills: Vec<(Kind, Fill<'_>)> = match told {
            true => fills.collect::<Option<_>>()?,
            false if fills.all(|fill| fill.is_some()) => Vec::new(),
            false => return None,
        };
        let of = &self.tree.sites[site];
        let parts = Parts {
            class: of.class.as_deref().unwrap_or(""),
            line: of.line,
            text: &of.text,
            names: if told { &of.names } else { &[] },
            fills: &fills,
        };
        Some(answers.push_parts(&mut self.templates[site], &parts))
    }

    fn run(&mut self, row: usize, so_far: &SoFar) -> Option<Value<'a>> {
        self.row = row;
        self.so_far = so_far.clone();
        self.spare.append(&mut self.lists);
        self.answers.clear();
        self.fills.clear();
        let tree = self.tree;
        match self.block(&tree.body) {
            Ok(value) | Err(Stop::Return(value)) => Some(value),
            Err(Stop::HandBack) => None,
        }
    }

    fn block(&mut self, nodes: &'a [Node]) -> Outcome<'a> {
        let mut value = Value::Nothing;
        for node in nodes {
            value = self.value(node)?;
        }
        Ok(value)
    }

    fn value(&mut self, node: &'a Node) -> Outcome<'a> {
        match node {
            Node::HandBack => Err(Stop::HandBack),
            Node::Nothing => Ok(Value::Nothing),
            Node::Whole(x) => Ok(Value::whole(*x)),
            Node::Number(x) => Ok(Value::float(*x)),
            Node::Flag(x) => Ok(Value::Flag(*x)),
            Node::Text(text) => Ok(Value::Text(text)),
            Node::Constant(at) => self.constants[*at].clone().ok_or(Stop::HandBack),
            Node::Slot(slot) => Ok(self.copied(*slot)),
            Node::Let(slot, value) => {
                self.slots[*slot] = self.value(value)?;
                Ok(Value::Nothing)
            }
            Node::Return(value) => {
                let value = self.value(value)?;
                Err(Stop::Return(value))
            }
            Node::Block(nodes) => self.block(nodes),
            Node::If(parts) => {
                let (condition, yes, no) = &**parts;
                if self.flag(condition)? {
                    self.block(yes)
                } else {
                    self.block(no)
                }
            }
            Node::Switch(on, switch, cases) => {
                let on = self.value(on)?;
                match self.case(*switch, &on)? {
                    Some(case) => self.value(cases.get(case).ok_or(Stop::HandBack)?),
                    None => Ok(Value::Nothing),
                }
            }
            Node::And(_) | Node::Or(_) | Node::Not(_) | Node::Test(..) | Node::Has(_) => {
                self.flag(node).map(Value::Flag)
            }
            Node::Minus(x) => match self.number(x)? {
                Number::Whole(x) => x.checked_neg().map(Value::whole).ok_or(Stop::HandBack),
                Number::Float(x) => Ok(Value::float(-x)),
            },
            Node::Sum(sum, both) => {
                let (a, b) = self.both(both)?;
                sum.of(&a, &b).ok_or(Stop::HandBack)
            }
            Node::OfOne(function, x) => {
                let x = self.number(x)?;
                function(x).map(Value::Number).ok_or(Stop::HandBack)
            }
            Node::OfTwo(function, both) => {
                let (a, b) = (self.number(&both.0)?, self.number(&both.1)?);
                Ok(Value::Number(function(a, b)))
            }
            Node::Call(parameters, body) => {
                for (slot, value) in parameters {
                    self.slots[*slot] = self.value(value)?;
                }
                match self.block(body) {
                    Err(Stop::Return(value)) => Ok(value),
                    other => other,
                }
            }
            Node::Fact(fact) => self.fact(*fact).ok_or(Stop::HandBack),
            Node::Get(fact, default) => {
                // rhai works out the default first, whether it is needed or not.
                let default = self.value(default)?;
                Ok(self.fact(*fact).unwrap_or(default))
            }
            Node::List(items) => {
                let mut list = self.spare.pop().unwrap_or_default();
                list.clear();
                for item in items {
                    list.push(self.value(item)?);
                }
                self.lists.push(list);
                Ok(Value::List(self.lists.len() - 1))
            }
            Node::Push(slot, item) => {
                let item = self.value(item)?;
                let Value::List(list) = self.slots[*slot] else {
                    return Err(Stop::HandBack);
                };
                self.lists[list].push(item);
                Ok(Value::Nothing)
            }
            Node::Answer(site, fills) => {
                let start = self.fills.len();
                for fill in fills {
                    let fill = self.value(fill)?;
                    self.fills.push(fill);
                }
                self.answers.push((*site, start..self.fills.len()));
                Ok(Value::Answer(self.answers.len() - 1))
            }
            Node::Format(format, x) => {
                let x = self.number(x)?;
                let kind = match format {
                    Format::Money => Kind::Money,
                    Format::Percent => Kind::Percent,
                    Format::Number => Kind::Number,
                };
                Ok(Value::Shown(kind, Cell::Float(x.wide())))
            }
            Node::Kept(at, node) => {
                if let Some(value) = &self.kept[*at] {
                    return Ok(value.clone());
                }
                let value = self.value(node)?;
                self.kept[*at] = Some(value.clone());
                Ok(value)
            }
            Node::All => Ok(Value::Population(self.all.clone())),
            Node::Alike(..) | Node::Band(_) | Node::Members(_) | Node::Figures(..) => {
                self.of_population(node)
            }
            Node::Figure(figure, of) => self.figure(*figure, of),
            Node::FigureAt(figure, both) => self.figure_at(*figure, both),
            Node::Points(..) | Node::Fifths(..) | Node::Missing => {
                self.points(node).map(Value::Points)
            }
            Node::Criterion(..) => {
                let (side, weight, points) = self.criterion(node)?;
                Ok(Value::Criterion(side, weight, points))
            }
            Node::Scorecard(list) => self.scorecard(list),
        }
    }

    /// The value of a variable; lists are values too, so the copy is another list.
    fn copied(&mut self, slot: usize) -> Value<'a> {
        match self.slots[slot] {
            Value::List(list) => {
                self.lists.push(self.lists[list].clone());
                Value::List(self.lists.len() - 1)
            }
            _ => self.slots[slot].clone(),
        }
    }

    fn both(&mut self, both: &'a (Node, Node)) -> Result<(Value<'a>, Value<'a>), Stop<'a>> {
        let a = self.value(&both.0)?;
        Ok((a, self.value(&both.1)?))
    }

    /// Yes or no. What is asked most is answered here, without a [`Value`] in between.
    fn flag(&mut self, node: &'a Node) -> Result<bool, Stop<'a>> {
        match node {
            Node::And(parts) => {
                for part in parts {
                    if !self.flag(part)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Node::Or(parts) => {
                for part in parts {
                    if self.flag(part)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Node::Not(x) => Ok(!self.flag(x)?),
            Node::Test(test, both) => {
                if let (Some(a), Some(b)) = (self.at_hand(&both.0), self.at_hand(&both.1)) {
                    return Ok(test.of_numbers(a, b));
                }
                let (a, b) = self.both(both)?;
                test.of(&a, &b).ok_or(Stop::HandBack)
            }
            Node::Has(fact) => Ok(self.fact(*fact).is_some()),
            _ => self.value(node)?.flag().ok_or(Stop::HandBack),
        }
    }

    /// A number. What is asked most is answered here, without a [`Value`] in between.
    fn number(&mut self, node: &'a Node) -> Result<Number, Stop<'a>> {
        match self.at_hand(node) {
            Some(x) => Ok(x),
            None => self.value(node)?.number().ok_or(Stop::HandBack),
        }
    }

    /// A number that is known without working anything out; none where that takes more.
    fn at_hand(&self, node: &Node) -> Option<Number> {
        match node {
            Node::Whole(x) => Some(Number::Whole(*x)),
            Node::Number(x) => Some(Number::Float(*x)),
            Node::Slot(slot) => self.slots[*slot].number(),
            Node::Constant(at) => self.constants[*at].as_ref()?.number(),
            Node::Kept(at, _) => self.kept[*at].as_ref()?.number(),
            Node::Fact(Fact::Column(column)) => match self.facts.value(*column, self.row)? {
                FactValue::Number(x) | FactValue::Money(x) => Some(Number::Float(x)),
                FactValue::Whole(x) => Some(Number::Whole(x)),
                _ => None,
            },
            _ => None,
        }
    }

    fn population(&mut self, node: &'a Node) -> Result<Population, Stop<'a>> {
        match self.value(node)? {
            Value::Population(population) => Ok(population),
            _ => Err(Stop::HandBack),
        }
    }

    fn fact(&self, fact: Fact) -> Option<Value<'a>> {
        let column = match fact {
            Fact::Column(column) => column,
            Fact::Segment => return self.so_far.segment.clone().map(Value::Name),
            Fact::Strength => return self.so_far.strength.map(Value::float),
            Fact::Attractiveness => return self.so_far.attractiveness.map(Value::float),
        };
        Some(match self.facts.value(column, self.row)? {
            FactValue::Number(x) | FactValue::Money(x) => Value::float(x),
            FactValue::Whole(x) => Value::whole(x),
            FactValue::Flag(x) => Value::Flag(x),
            FactValue::Text(text) => Value::Text(text),
            FactValue::Date(day) => Value::Day(Day(day)),
        })
    }

    /// Which case of a switch a value takes.
    fn case(&mut self, switch: usize, on: &Value<'_>) -> Result<Option<usize>, Stop<'a>> {
        let label = match on {
            Value::Number(Number::Whole(x)) => Label::Whole(*x),
            Value::Flag(x) => Label::Flag(*x),
            other => Label::Text(other.text().ok_or(Stop::HandBack)?.to_owned()),
        };
        if let Some(case) = self.cases[switch].get(&label) {
            return Ok(*case);
        }
        let case = self.ask(switch, &label).ok_or(Stop::HandBack)?;
        self.cases[switch].insert(label, case);
        Ok(case)
    }

    /// Asks rhai, with the cases numbered.
    fn ask(&self, switch: usize, label: &Label) -> Option<Option<usize>> {
        let mut question = self.tree.switches[switch].clone();
        let Stmt::Switch(parts, _) = &mut question else {
            return None;
        };
        parts.0 = match label {
            Label::Whole(x) => Expr::IntegerConstant(*x, Position::NONE),
            Label::Flag(x) => Expr::BoolConstant(*x, Position::NONE),
            Label::Text(text) => Expr::StringConstant(text.into(), Position::NONE),
        };
        #[allow(deprecated)]
        let answer: Dynamic = self
            .engine
            .eval_statements_raw(
                &mut self.engine.new_global_runtime_state(),
                &mut Caches::new(),
                &mut Scope::new(),
                &[question],
            )
            .ok()?;
        if answer.is_unit() {
            return Some(None);
        }
        answer.as_int().ok().map(|case| usize::try_from(case).ok())
    }

    fn of_population(&mut self, node: &'a Node) -> Outcome<'a> {
        Ok(match node {
            Node::Alike(of, columns) => {
                let peers = match **of {
                    Node::All => self.all.alike(self.facts, self.row, columns),
                    _ => {
                        let facts = self.facts;
                        self.population(of)?.alike(facts, self.row, columns)
                    }
                };
                Value::Population(peers.ok_or(Stop::HandBack)?)
            }
            Node::Band(of) => Value::float(self.population(of)?.value_band()),
            Node::Members(of) => Value::whole(self.population(of)?.count()),
            Node::Figures(of, column) => Value::Figures(match **of {
                Node::All => self.all.figures(*column),
                _ => self.population(of)?.figures(*column),
            }),
            _ => return Err(Stop::HandBack),
        })
    }

    fn figure(&mut self, figure: Figure, of: &'a Node) -> Outcome<'a> {
        let figures = match self.value(of)? {
            Value::Figures(figures) => figures,
            // `count(x)` of a number says how it is to be printed.
            Value::Number(Number::Whole(x)) if figure == Figure::Count => {
                return Ok(Value::Shown(Kind::Count, Cell::Whole(x)));
            }
            Value::Number(Number::Float(x)) if figure == Figure::Count => {
                return Ok(Value::Shown(Kind::Count, Cell::Whole(x.round() as i64)));
            }
            _ => return Err(Stop::HandBack),
        };
        let value = match figure {
            Figure::Positive => return Ok(Value::Figures(figures.above(0.0))),
            Figure::Negative => return Ok(Value::Figures(figures.below(0.0))),
            Figure::Count => return Ok(Value::whole(figures.count())),
            Figure::Sum => Some(figures.sum()),
            Figure::Mean => figures.mean(),
            Figure::Median => figures.quantile(0.5),
            Figure::Min => figures.min(),
            Figure::Max => figures.max(),
        };
        value.map(Value::float).ok_or(Stop::HandBack)
    }

    fn figure_at(&mut self, figure: FigureAt, both: &'a (Node, Node)) -> Outcome<'a> {
        let Value::Figures(figures) = self.value(&both.0)? else {
            return Err(Stop::HandBack);
        };
        let at = self.number(&both.1)?;
        match (figure, at) {
            (FigureAt::Above, x) => Ok(Value::Figures(figures.above(x.wide()))),
            (FigureAt::Below, x) => Ok(Value::Figures(figures.below(x.wide()))),
            (FigureAt::Quantile, Number::Float(p)) => {
                figures.quantile(p).map(Value::float).ok_or(Stop::HandBack)
            }
            (FigureAt::Quantile, Number::Whole(_)) => Err(Stop::HandBack),
        }
    }
}

/// What fills a placeholder; none for what cannot be printed.
fn filled<'v>(value: &'v Value<'_>) -> Option<(Kind, Fill<'v>)> {
    Some(match value {
        Value::Number(Number::Float(x)) => (Kind::Number, Fill::Cell(Cell::Float(*x))),
        Value::Number(Number::Whole(x)) => (Kind::Count, Fill::Cell(Cell::Whole(*x))),
        Value::Day(day) => (Kind::Date, Fill::Cell(Cell::Day(day.0))),
        Value::Shown(kind, cell) => (*kind, Fill::Cell(*cell)),
        other => (Kind::Text, Fill::Text(other.text()?)),
    })
}
