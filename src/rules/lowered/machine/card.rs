//! The customer scorecard of a row. It is asked of every customer in every period, so points are not
//! put into a [`Value`] on their way.

use super::super::super::customer::FactValue;
use super::super::super::outcome::{Side, Weighted, stepped};
use super::super::super::population::Population;
use super::super::tree::Node;
use super::super::value::Value;
use super::{Machine, Outcome, Stop};

impl<'a> Machine<'a> {
    /// Strength and attractiveness.
    pub(super) fn scorecard(&mut self, list: &'a Node) -> Outcome<'a> {
        let (mut strength, mut attractiveness) = (Weighted::default(), Weighted::default());
        let mut add = |(side, weight, points)| match side {
            Side::Strength => strength.add(weight, points),
            Side::Attractiveness => attractiveness.add(weight, points),
        };
        if let Node::List(criteria) = list {
            for criterion in criteria {
                add(self.criterion(criterion)?);
            }
        } else {
            let Value::List(list) = self.value(list)? else {
                return Err(Stop::HandBack);
            };
            for item in &self.lists[list] {
                let Value::Criterion(side, weight, points) = item else {
                    return Err(Stop::HandBack);
                };
                add((*side, *weight, *points));
            }
        }
        Ok(Value::Card(strength.mean(), attractiveness.mean()))
    }

    /// The side of a criterion, its weight and its points.
    pub(super) fn criterion(
        &mut self,
        node: &'a Node,
    ) -> Result<(Side, f64, Option<f64>), Stop<'a>> {
        let Node::Criterion(side, both) = node else {
            return match self.value(node)? {
                Value::Criterion(side, weight, points) => Ok((side, weight, points)),
                _ => Err(Stop::HandBack),
            };
        };
        let weight = self.number(&both.0)?.wide();
        let points = self.points(&both.1)?;
        let fits = points.is_none_or(|points| (1.0..=5.0).contains(&points));
        if weight > 0.0 && fits {
            Ok((*side, weight, points))
        } else {
            Err(Stop::HandBack)
        }
    }

    /// The points of a criterion; none where it cannot be measured.
    pub(super) fn points(&mut self, node: &'a Node) -> Result<Option<f64>, Stop<'a>> {
        match node {
            Node::Whole(x) => Ok(Some(*x as f64)),
            Node::Number(x) => Ok(Some(*x)),
            Node::Missing => Ok(None),
            Node::Points(fact, steps, rising) => {
                let value = match self.fact(*fact) {
                    Some(Value::Number(x)) => Some(x.wide()),
                    Some(_) => return Err(Stop::HandBack),
                    None => None,
                };
                Ok(value.map(|x| stepped(x, steps, *rising)))
            }
            Node::Fifths(of, column) => {
                let value = self.facts.value(*column, self.row);
                let value = value.and_then(FactValue::number);
                // The handle of the population is shared by all cores: taking it is not free.
                let fifth = |all: &Population| value.map(|x| all.sorted(*column).fifth(x) as f64);
                Ok(match **of {
                    Node::All => fifth(self.all),
                    _ => fifth(&self.population(of)?),
                })
            }
            Node::Block(nodes) => self.points_of_block(nodes),
            Node::If(parts) => {
                let (condition, yes, no) = &**parts;
                if self.flag(condition)? {
                    self.points_of_block(yes)
                } else {
                    self.points_of_block(no)
                }
            }
            Node::Call(parameters, body) => {
                for (slot, value) in parameters {
                    self.slots[*slot] = self.value(value)?;
                }
                match self.points_of_block(body) {
                    Err(Stop::Return(value)) => as_points(&value),
                    other => other,
                }
            }
            Node::Return(points) => {
                let points = self.points(points)?;
                Err(Stop::Return(Value::Points(points)))
            }
            other => as_points(&self.value(other)?),
        }
    }

    /// Of the last node, after all before it.
    fn points_of_block(&mut self, nodes: &'a [Node]) -> Result<Option<f64>, Stop<'a>> {
        let (last, before) = nodes.split_last().ok_or(Stop::HandBack)?;
        for node in before {
            self.value(node)?;
        }
        self.points(last)
    }
}

fn as_points<'a>(value: &Value<'a>) -> Result<Option<f64>, Stop<'a>> {
    match value {
        Value::Points(points) => Ok(*points),
        Value::Number(points) => Ok(Some(points.wide())),
        _ => Err(Stop::HandBack),
    }
}
