//! What rules answer: a class, a scorecard, actions, each with texts to be said in any language.

use rhai::{Dynamic, EvalAltResult, ImmutableString, Map};

use super::values::{Day, kind_of, wrong};
use crate::message::{Argument, Message};

/// A value with the way it is to be printed: `money(x)`, `percent(x)`, `count(x)`, `key(k)`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shown(pub(super) Argument);

/// A text of a rule: a key with arguments, or the client's own words.
#[derive(Debug, Clone)]
pub(super) struct Text {
    pub(super) key: ImmutableString,
    pub(super) args: Map,
}

/// The sections of the catalogues that rules may name texts in.
pub(super) const SECTIONS: [&str; 5] = ["reason", "action", "class", "criterion", "profile"];

/// Whether a text is a key into the catalogues rather than the client's own words.
pub(super) fn is_key(text: &str) -> bool {
    text.split_once('.').is_some_and(|(section, rest)| {
        SECTIONS.contains(&section)
            && !rest.is_empty()
            && rest
                .chars()
                .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
    })
}

impl Text {
    pub(super) fn new(key: ImmutableString, args: Map) -> Result<Self, Box<EvalAltResult>> {
        for (name, value) in &args {
            if argument(value).is_none() {
                return Err(wrong(format!(
                    "the argument `{name}` of `{key}` is {}; give a number, a text, a date, \
                     or money(…), percent(…), count(…), key(…)",
                    kind_of(value)
                )));
            }
        }
        Ok(Self { key, args })
    }

    /// As the report prints it.
    pub(super) fn message(&self) -> Message {
        if !is_key(&self.key) {
            return Message::Plain(self.key.to_string());
        }
        let arguments = self.args.iter();
        arguments.fold(
            Message::key(self.key.as_str()),
            |message, (name, value)| match argument(value) {
                Some(argument) => message.with(name.as_str(), argument),
                None => message,
            },
        )
    }
}

/// What fills a placeholder, from a value of a rule; a bare number prints as a number.
pub(super) fn argument(value: &Dynamic) -> Option<Argument> {
    if let Ok(number) = value.as_float() {
        Some(Argument::Number(number))
    } else if let Ok(whole) = value.as_int() {
        Some(Argument::Count(whole))
    } else if let Some(text) = value.read_lock::<ImmutableString>() {
        Some(Argument::Text(text.to_string()))
    } else if let Some(day) = value.read_lock::<Day>() {
        Some(Argument::Date(day.0))
    } else {
        value.read_lock::<Shown>().map(|shown| shown.0.clone())
    }
}

/// What `segment` answers.
#[derive(Debug, Clone)]
pub(super) struct Class {
    pub(super) name: ImmutableString,
    pub(super) reason: Option<Text>,
    /// The line that decided.
    pub(super) line: u32,
}

/// One of what `actions` answers.
#[derive(Debug, Clone)]
pub(super) struct Action(pub(super) Text);

/// One of what `profile` answers: why a customer gets a page of its own.
#[derive(Debug, Clone)]
pub(super) struct Ground(pub(super) Text);

/// Points from 1 to 5, or not measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Points(pub(super) Option<f64>);

/// The two sides of the customer scorecard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// How firm the relationship is.
    Strength,
    /// How much it is worth having.
    Attractiveness,
}

/// A criterion of the customer scorecard.
#[derive(Debug, Clone, PartialEq)]
pub struct Criterion {
    /// Which side it counts for.
    pub side: Side,
    /// Its name; `criterion.<name>` in the catalogues.
    pub name: String,
    /// Its weight within its side.
    pub weight: f64,
    /// 1 to 5; none when it could not be measured.
    pub points: Option<f64>,
}

/// The customer scorecard of one customer.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Scorecard {
    /// In the order of the rule.
    pub criteria: Vec<Criterion>,
}

/// Points of a value by four rising steps: one more from each step on, or one less above each.
pub(super) fn stepped(value: f64, steps: &[f64; 4], rising: bool) -> f64 {
    if rising {
        1.0 + steps.iter().filter(|step| value >= **step).count() as f64
    } else {
        5.0 - steps.iter().filter(|step| value > **step).count() as f64
    }
}

/// The score of criteria, added one by one, as [`Scorecard::score`] gives it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Weighted {
    sum: f64,
    weights: f64,
}

impl Weighted {
    /// Adds a criterion; without points it takes no part.
    pub(super) fn add(&mut self, weight: f64, points: Option<f64>) {
        if let Some(points) = points {
            self.sum += weight * (points - 1.0) * 25.0;
            self.weights += weight;
        }
    }

    /// 0 to 100; none where nothing was measured.
    pub(super) fn mean(self) -> Option<f64> {
        (self.weights > 0.0).then(|| self.sum / self.weights)
    }
}

impl Scorecard {
    /// The score of a side from 0 (1 point in everything) to 100 (5 points), weighted over the
    /// criteria that could be measured; none when none could.
    pub fn score(&self, side: Side) -> Option<f64> {
        let mut score = Weighted::default();
        for criterion in self.criteria.iter().filter(|c| c.side == side) {
            score.add(criterion.weight, criterion.points);
        }
        score.mean()
    }

    /// How firm the relationship is, 0 to 100.
    pub fn strength(&self) -> Option<f64> {
        self.score(Side::Strength)
    }

    /// How much the relationship is worth having, 0 to 100.
    pub fn attractiveness(&self) -> Option<f64> {
        self.score(Side::Attractiveness)
    }

    /// The share of a side's weight that could be measured, 0 to 1; none for a side without weight.
    pub fn coverage(&self, side: Side) -> Option<f64> {
        let (mut measured, mut all) = (0.0, 0.0);
        for criterion in self.criteria.iter().filter(|c| c.side == side) {
            all += criterion.weight;
            if criterion.points.is_some() {
                measured += criterion.weight;
            }
        }
        (all > 0.0).then(|| measured / all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn criterion(side: Side, weight: f64, points: Option<f64>) -> Criterion {
        Criterion {
            side,
            name: "x".to_owned(),
            weight,
            points,
        }
    }

    /// By hand: (3 × 100 + 1 × 50) ÷ 4 = 87.5 over the two measured; 4 of 6 of the weight.
    #[test]
    fn what_is_not_measured_takes_no_part() {
        let card = Scorecard {
            criteria: vec![
                criterion(Side::Strength, 3.0, Some(5.0)),
                criterion(Side::Strength, 1.0, Some(3.0)),
                criterion(Side::Strength, 2.0, None),
                criterion(Side::Attractiveness, 1.0, None),
            ],
        };
        assert_eq!(card.score(Side::Strength), Some(87.5));
        assert_eq!(card.coverage(Side::Strength), Some(4.0 / 6.0));
        assert_eq!(card.score(Side::Attractiveness), None);
    }

    #[test]
    fn keys_are_told_from_words() {
        assert!(is_key("reason.below-zero"));
        assert!(is_key("action.โทรหา"));
        assert!(!is_key("reason. because"));
        assert!(!is_key("Ring them today."));
        assert!(!is_key("other.key"));
    }
}
