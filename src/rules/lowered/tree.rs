//! What a rule file comes to: expressions over facts, figures and slots.

use rhai::{ImmutableString, Stmt};

use super::super::outcome::Side;

/// A rule file, ready for a [`Machine`](super::Machine).
#[derive(Debug)]
pub(in super::super) struct Tree {
    /// What the entry point does.
    pub(super) body: Vec<Node>,
    /// How many variables there are, each with a slot of its own.
    pub(super) slots: usize,
    /// The constants of the file that are read, by name.
    pub(super) constants: Vec<ImmutableString>,
    /// How many expressions are the same for everybody.
    pub(super) kept: usize,
    /// The calls of `class`, `action` and `because`.
    pub(in super::super) sites: Vec<Site>,
    /// The switches, to be asked which case a value takes.
    pub(super) switches: Vec<Stmt>,
}

/// What a call answers with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Saying {
    Class,
    Action,
    Ground,
}

/// A call of `class`, `action` or `because`: everything about its answers but the numbers.
#[derive(Debug)]
pub(in super::super) struct Site {
    pub(in super::super) saying: Saying,
    /// The class; none for other answers.
    pub(in super::super) class: Option<ImmutableString>,
    /// The line of a class; 0 for other answers.
    pub(in super::super) line: u32,
    /// The key or the client's own words; empty for none.
    pub(in super::super) text: ImmutableString,
    /// The names of what fills the text in, ascending.
    pub(in super::super) names: Vec<String>,
}

/// Where the value of a fact comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fact {
    Column(usize),
    Segment,
    Strength,
    Attractiveness,
}

/// The comparisons; what cannot be ordered is unequal, and neither less nor greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Test {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// The arithmetic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sum {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Power,
}

/// What can be asked of figures without an argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Figure {
    Positive,
    Negative,
    Count,
    Sum,
    Mean,
    Median,
    Min,
    Max,
}

/// What can be asked of figures with a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FigureAt {
    Above,
    Below,
    Quantile,
}

/// How a value is to be printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Money,
    Percent,
    Number,
}

/// Functions of one number, as rules call them.
pub(super) type OfOne = fn(super::value::Number) -> Option<super::value::Number>;

/// Functions of two numbers.
pub(super) type OfTwo = fn(super::value::Number, super::value::Number) -> super::value::Number;

/// An expression or a statement; every one has a value, if only nothing.
#[derive(Debug)]
pub(super) enum Node {
    /// Something only rhai can do: the row is handed back.
    HandBack,
    Nothing,
    Whole(i64),
    Number(f64),
    Flag(bool),
    Text(ImmutableString),
    /// A constant of the file.
    Constant(usize),
    /// A variable.
    Slot(usize),
    Let(usize, Box<Node>),
    Return(Box<Node>),
    Block(Vec<Node>),
    If(Box<(Node, Vec<Node>, Vec<Node>)>),
    /// The value, the switch among [`Tree::switches`], and its cases.
    Switch(Box<Node>, usize, Vec<Node>),
    And(Vec<Node>),
    Or(Vec<Node>),
    Not(Box<Node>),
    Minus(Box<Node>),
    Test(Test, Box<(Node, Node)>),
    Sum(Sum, Box<(Node, Node)>),
    OfOne(OfOne, Box<Node>),
    OfTwo(OfTwo, Box<(Node, Node)>),
    /// A function of the file: its parameters are set, then its body is worked out.
    Call(Vec<(usize, Node)>, Vec<Node>),

    Fact(Fact),
    Has(Fact),
    Get(Fact, Box<Node>),

    /// What is the same for everybody in the period, worked out when it is first needed.
    Kept(usize, Box<Node>),
    /// The customers of the period.
    All,
    /// The customers of a population that are alike in some columns.
    Alike(Box<Node>, Vec<usize>),
    Band(Box<Node>),
    Members(Box<Node>),
    /// The figures of a column over a population.
    Figures(Box<Node>, usize),
    Figure(Figure, Box<Node>),
    FigureAt(FigureAt, Box<(Node, Node)>),

    /// `points` and `points_low`: the fact, the steps, whether more is better.
    Points(Fact, [f64; 4], bool),
    /// `fifths` over a population.
    Fifths(Box<Node>, usize),
    Missing,
    Criterion(Side, Box<(Node, Node)>),
    Scorecard(Box<Node>),

    List(Vec<Node>),
    /// Puts an item on the list in a slot.
    Push(usize, Box<Node>),
    Format(Format, Box<Node>),
    /// `class`, `action` or `because`: the site, and what fills its text in, in the order of the names.
    Answer(usize, Vec<Node>),
}

impl Node {
    /// Whether the value is the same for everybody in a period, and takes some working out.
    pub(super) fn is_common(&self) -> bool {
        match self {
            Self::Band(of) | Self::Members(of) | Self::Figures(of, _) | Self::Figure(_, of) => {
                of.is_steady()
            }
            Self::OfOne(_, x) | Self::Minus(x) => x.is_common(),
            Self::FigureAt(_, both) => both.0.is_steady() && both.1.is_steady(),
            Self::Sum(_, both) | Self::OfTwo(_, both) => {
                both.0.is_steady()
                    && both.1.is_steady()
                    && (both.0.is_common() || both.1.is_common())
            }
            Self::Kept(..) => true,
            _ => false,
        }
    }

    /// Whether the value is the same for everybody in a period.
    fn is_steady(&self) -> bool {
        let is_literal = matches!(
            self,
            Self::Whole(_) | Self::Number(_) | Self::Constant(_) | Self::All
        );
        is_literal || self.is_common()
    }
}
