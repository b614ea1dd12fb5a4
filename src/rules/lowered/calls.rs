//! The calls of functions that `api` registers, lowered.

use rhai::{Expr, ImmutableString, Position};

use super::super::outcome::Side;
use super::compile::{Argument, Binding, Lowering};
use super::functions::{of_one, of_two};
use super::tree::{Fact, Figure, FigureAt, Format, Node, Saying, Site};

impl Lowering<'_> {
    /// A function of `api`.
    pub(super) fn function(
        &mut self,
        name: &str,
        arguments: Vec<Argument<'_>>,
        position: Position,
    ) -> Node {
        let of_customer = arguments
            .first()
            .is_some_and(|first| self.is_customer(first));
        if of_customer {
            return self.of_customer(name, arguments).unwrap_or(Node::HandBack);
        }
        match name {
            "class" | "action" | "because" => self.answer(name, &arguments, position),
            "strength" | "attractiveness" => self.criterion(name, arguments),
            "like" => self.alike(arguments),
            "push" => self.push(arguments),
            _ => self.of_values(name, arguments),
        }
        .unwrap_or(Node::HandBack)
    }

    fn of_customer(&mut self, name: &str, arguments: Vec<Argument<'_>>) -> Option<Node> {
        let mut rest = arguments.into_iter().skip(1);
        let (second, third, none) = (rest.next(), rest.next(), rest.next());
        if none.is_some() {
            return None;
        }
        match (name, second, third) {
            ("has", Some(fact), None) => Some(Node::Has(self.fact(text(&fact)?)?)),
            ("get", Some(fact), Some(default)) => {
                let fact = self.fact(text(&fact)?)?;
                Some(Node::Get(fact, Box::new(self.argument(default))))
            }
            ("points" | "points_low", Some(fact), Some(steps)) => {
                let fact = self.fact(text(&fact)?)?;
                Some(Node::Points(fact, four_steps(&steps)?, name == "points"))
            }
            ("fifths", Some(all), Some(fact)) => {
                let column = self.figure_column(text(&fact)?)?;
                Some(Node::Fifths(Box::new(self.argument(all)), column))
            }
            _ => None,
        }
    }

    fn of_values(&mut self, name: &str, arguments: Vec<Argument<'_>>) -> Option<Node> {
        let mut nodes: Vec<Node> = Vec::with_capacity(arguments.len());
        for argument in arguments {
            nodes.push(self.argument(argument));
        }
        let mut nodes = nodes.into_iter();
        match (nodes.next(), nodes.next(), nodes.next()) {
            (None, ..) => (name == "missing").then_some(Node::Missing),
            (Some(x), None, _) => {
                let x = Box::new(x);
                let format = match name {
                    "money" => Some(Format::Money),
                    "percent" => Some(Format::Percent),
                    "number" => Some(Format::Number),
                    _ => None,
                };
                if let Some(format) = format {
                    return Some(Node::Format(format, x));
                }
                if name == "scorecard" {
                    return Some(Node::Scorecard(x));
                }
                match of_one(name) {
                    Some(function) => Some(Node::OfOne(function, x)),
                    None => Some(Node::Figure(figure(name)?, x)),
                }
            }
            (Some(a), Some(b), None) => {
                let both = Box::new((a, b));
                match of_two(name) {
                    Some(function) => Some(Node::OfTwo(function, both)),
                    None => Some(Node::FigureAt(figure_at(name)?, both)),
                }
            }
            _ => None,
        }
    }

    fn alike(&mut self, arguments: Vec<Argument<'_>>) -> Option<Node> {
        if !(3..=5).contains(&arguments.len()) || !self.is_customer(&arguments[1]) {
            return None;
        }
        let mut columns = Vec::new();
        for name in &arguments[2..] {
            match self.fact(text(name)?)? {
                Fact::Column(column) => columns.push(column),
                _ => return None,
            }
        }
        let population = arguments.into_iter().next()?;
        Some(Node::Alike(Box::new(self.argument(population)), columns))
    }

    fn push(&mut self, arguments: Vec<Argument<'_>>) -> Option<Node> {
        let mut arguments = arguments.into_iter();
        let (list, item, none) = (arguments.next()?, arguments.next()?, arguments.next());
        let Argument::Written(list) = list else {
            return None;
        };
        match (self.binding(list), none) {
            (Some(Binding::Slot(slot, true)), None) => {
                let item = self.argument(item);
                Some(Node::Push(slot, Box::new(item)))
            }
            _ => None,
        }
    }

    fn criterion(&mut self, name: &str, arguments: Vec<Argument<'_>>) -> Option<Node> {
        let side = if name == "strength" {
            Side::Strength
        } else {
            Side::Attractiveness
        };
        let mut arguments = arguments.into_iter();
        text(&arguments.next()?)?;
        let (weight, points) = (arguments.next()?, arguments.next()?);
        if arguments.next().is_some() {
            return None;
        }
        let both = (self.argument(weight), self.argument(points));
        Some(Node::Criterion(side, Box::new(both)))
    }

    fn answer(
        &mut self,
        name: &str,
        arguments: &[Argument<'_>],
        position: Position,
    ) -> Option<Node> {
        let saying = match name {
            "class" => Saying::Class,
            "action" => Saying::Action,
            _ => Saying::Ground,
        };
        let (class, arguments) = match saying {
            Saying::Class => {
                let (class, rest) = arguments.split_first()?;
                let class = text(class).filter(|class| !class.trim().is_empty())?;
                (Some(class.clone()), rest)
            }
            _ => (None, arguments),
        };
        let line = class.as_ref().and(position.line()).unwrap_or(0) as u32;
        let (key, map) = match arguments {
            [] if class.is_some() => (ImmutableString::new(), None),
            [key] => (text(key)?.clone(), None),
            [key, Argument::Written(Expr::Map(map, _))] => (text(key)?.clone(), Some(map)),
            _ => return None,
        };
        let mut fills: Vec<_> = map.iter().flat_map(|map| &map.0).collect();
        fills.sort_by(|a, b| a.0.name.cmp(&b.0.name));
        let names = fills
            .iter()
            .map(|(name, _)| name.name.to_string())
            .collect();
        let fills = fills
            .iter()
            .map(|(_, value)| self.expression(value))
            .collect();
        self.tree.sites.push(Site {
            saying,
            class,
            line,
            text: key,
            names,
        });
        Some(Node::Answer(self.tree.sites.len() - 1, fills))
    }
}

/// A text that is written out.
fn text<'e>(argument: &Argument<'e>) -> Option<&'e ImmutableString> {
    match argument {
        Argument::Written(Expr::StringConstant(text, _)) => Some(text),
        _ => None,
    }
}

/// Four rising numbers that are written out.
fn four_steps(argument: &Argument<'_>) -> Option<[f64; 4]> {
    let Argument::Written(Expr::Array(steps, _)) = argument else {
        return None;
    };
    let mut numbers = Vec::with_capacity(4);
    for step in steps {
        numbers.push(match step {
            Expr::IntegerConstant(x, _) => *x as f64,
            Expr::FloatConstant(x, _) => **x,
            _ => return None,
        });
    }
    <[f64; 4]>::try_from(numbers)
        .ok()
        .filter(|steps| steps.is_sorted())
}

fn figure(name: &str) -> Option<Figure> {
    Some(match name {
        "positive" => Figure::Positive,
        "negative" => Figure::Negative,
        "count" => Figure::Count,
        "sum" => Figure::Sum,
        "mean" => Figure::Mean,
        "median" => Figure::Median,
        "min" => Figure::Min,
        "max" => Figure::Max,
        _ => return None,
    })
}

fn figure_at(name: &str) -> Option<FigureAt> {
    Some(match name {
        "above" => FigureAt::Above,
        "below" => FigureAt::Below,
        "quantile" => FigureAt::Quantile,
        _ => return None,
    })
}
