//! RFM: the grid of recency and frequency scores, what each score means, and who moved and why.

use super::{CustomerFigures, share};
use crate::calendar::Quarter;
use crate::message::Argument;
use crate::report::locale::Locale;
use crate::report::model;
use crate::workspace::{Monetary, RfmMethod};

/// Customers with a recency and a frequency score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct RfmCount {
    pub recency: i64,
    pub frequency: i64,
    pub customers: i64,
}

/// How the customers of the reported period were scored.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RfmScoring {
    /// How the cut points were found.
    pub method: RfmMethod,
    /// Whether it is `thirds` since the customers are too few for fifths, and nobody has set a method.
    pub is_for_few: bool,
    /// What the monetary value is.
    pub monetary: Monetary,
    /// As of which period the cut points were frozen; none where they are the period's own.
    pub frozen: Option<Quarter>,
    /// Days since the last purchase.
    pub recency: ScaleFigure,
    /// Purchase occasions of the window.
    pub frequency: ScaleFigure,
    /// Monetary value, in currency.
    pub monetary_value: ScaleFigure,
    /// Who moved since the period before.
    pub moves: Vec<RfmMoveCount>,
}

/// The five scores of one value.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ScaleFigure {
    /// The last values that score 5, 4, 3 and 2 in recency, 1, 2, 3 and 4 in the others. Equal ones
    /// leave the score between them out; there are none where no cut holds for everybody.
    pub ends: Vec<f64>,
    /// The customers of each score, 1 first.
    pub bands: [ScoreBand; 5],
}

/// The customers of one score.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ScoreBand {
    /// How many.
    pub customers: i64,
    /// The least and the greatest of their values.
    pub range: Option<(f64, f64)>,
}

/// Customers whose score moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RfmMoveCount {
    /// `recency`, `frequency`, `monetary`, or `rfm` for any of them.
    pub score: String,
    /// To a better one; none for any of the three.
    pub is_up: Option<bool>,
    /// `behaviour`, `ruler`, or none where it cannot be told.
    pub because: Option<String>,
    /// How many.
    pub customers: i64,
}

pub(super) fn grid(figures: &CustomerFigures, locale: &Locale) -> model::RfmGrid {
    let mut counts = vec![vec![0; 5]; 5];
    for cell in &figures.rfm {
        if let (1..=5, 1..=5) = (cell.recency, cell.frequency) {
            counts[(5 - cell.recency) as usize][(cell.frequency - 1) as usize] += cell.customers;
        }
    }
    let scoring = &figures.scoring;
    let recency = possible(&scoring.recency.ends, Some(0.0));
    let frequency = possible(&scoring.frequency.ends, Some(0.0));
    let said = |scale: &ScaleFigure, possible: &[bool; 5], key: &str| {
        bands(&scale.ends, possible, key, locale)
    };
    let best_first = || (1..=5).rev();
    model::RfmGrid {
        counts,
        recency: said(&scoring.recency, &recency, "recency"),
        recency_scores: best_first()
            .zip(&recency)
            .filter_map(|(score, possible)| possible.then_some(score))
            .collect(),
        frequency: said(&scoring.frequency, &frequency, "frequency"),
        frequency_scores: (1..=5)
            .zip(&frequency)
            .filter_map(|(score, possible)| possible.then_some(score))
            .collect(),
        method: scoring.method.name().to_owned(),
        method_said: match scoring.is_for_few {
            true => locale.text("scoring.method.few").to_owned(),
            false => locale
                .text(&format!("scoring.method.{}", scoring.method.name()))
                .to_owned(),
        },
        cuts_said: cuts_said(scoring, locale),
        is_frozen: scoring.frozen.is_some(),
        scales: scales(scoring, locale),
        moves: moves(&scoring.moves, locale),
    }
}

/// Where the cut points come from.
fn cuts_said(scoring: &RfmScoring, locale: &Locale) -> String {
    match (scoring.frozen, scoring.method) {
        (Some(as_of), _) => {
            let period = ("period", Argument::Text(locale.quarter(as_of)));
            locale.text_with("scoring.cuts.frozen", &[period])
        }
        (None, RfmMethod::Thresholds) => locale.text("scoring.cuts.set").to_owned(),
        (None, RfmMethod::Rank | RfmMethod::Nested) => locale.text("scoring.cuts.none").to_owned(),
        (None, _) => locale.text("scoring.cuts.own").to_owned(),
    }
}

fn scales(scoring: &RfmScoring, locale: &Locale) -> Vec<model::RfmScale> {
    let monetary = match scoring.monetary {
        Monetary::Total => "monetary",
        Monetary::Mean => "monetary-mean",
    };
    let scales = [
        ("recency", "recency", &scoring.recency),
        ("frequency", "frequency", &scoring.frequency),
        ("monetary", monetary, &scoring.monetary_value),
    ];
    let anybody = |scale: &ScaleFigure| scale.bands.iter().any(|band| band.customers > 0);
    scales
        .into_iter()
        .filter(|(_, _, scale)| anybody(scale))
        .map(|(id, label, scale)| model::RfmScale {
            id: id.to_owned(),
            label: locale.text(&format!("scoring.scale.{label}")).to_owned(),
            bands: scale_bands(id, scale, locale),
        })
        .collect()
}

/// The bands of a scale, the best score first.
fn scale_bands(id: &str, scale: &ScaleFigure, locale: &Locale) -> Vec<model::RfmBand> {
    let least = (id != "monetary").then_some(0.0);
    let mut said = bands(&scale.ends, &possible(&scale.ends, least), id, locale);
    if id != "recency" {
        said.reverse();
    }
    let all: i64 = scale.bands.iter().map(|band| band.customers).sum();
    (1..=5_u32)
        .rev()
        .zip(scale.bands.iter().rev())
        .zip(said)
        .map(|((score, band), said)| model::RfmBand {
            score,
            said,
            customers: band.customers,
            share: share(band.customers as f64, all as f64),
            least: band.range.map(|(least, _)| least),
            most: band.range.map(|(_, most)| most),
        })
        .collect()
}

fn moves(counts: &[RfmMoveCount], locale: &Locale) -> Vec<model::RfmMove> {
    ["recency", "frequency", "monetary", "rfm"]
        .into_iter()
        .filter(|_| !counts.is_empty())
        .map(|score| {
            let of = |fits: &dyn Fn(&RfmMoveCount) -> bool| -> i64 {
                let fitting = counts.iter().filter(|c| c.score == score && fits(c));
                fitting.map(|count| count.customers).sum()
            };
            let because = |why: Option<&str>| of(&|count| count.because.as_deref() == why);
            let direction = |up: bool| {
                let known = score != "rfm";
                known.then(|| of(&|count| count.is_up == Some(up)))
            };
            model::RfmMove {
                score: score.to_owned(),
                label: locale.text(&format!("scoring.moved.{score}")).to_owned(),
                up: direction(true),
                down: direction(false),
                behaviour: because(Some("behaviour")),
                ruler: because(Some("ruler")),
                untold: because(None),
            }
        })
        .collect()
}

/// Which of five bands anybody can be in: one that ends where the band before it ends is empty, and so
/// is one that ends below the least value there can be.
fn possible(ends: &[f64], least: Option<f64>) -> [bool; 5] {
    let mut possible = [true; 5];
    possible[0] = match (ends.first(), least) {
        (Some(end), Some(least)) => *end >= least,
        _ => true,
    };
    for (band, pair) in possible.iter_mut().skip(1).zip(ends.windows(2).take(3)) {
        *band = pair[0] < pair[1];
    }
    possible
}

/// What each band means, in words; nothing for one that nobody can be in.
fn bands(ends: &[f64], possible: &[bool; 5], key: &str, locale: &Locale) -> Vec<String> {
    let said = |edge: &str, end: f64| {
        let edge = if edge == "up-to" && end == 0.0 && key != "monetary" {
            "none"
        } else {
            edge
        };
        let at = match key {
            "monetary" => Argument::Money(end),
            _ => Argument::Count(end as i64),
        };
        locale.text_with(&format!("portfolio.{key}.{edge}"), &[("at", at)])
    };
    let mut bands: Vec<_> = ends.iter().take(4).map(|end| said("up-to", *end)).collect();
    bands.resize(4, String::new());
    bands.push(ends.last().map_or(String::new(), |end| said("over", *end)));
    for (band, possible) in bands.iter_mut().zip(possible) {
        if !possible {
            band.clear();
        }
    }
    bands
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::locale::tests::locale;
    use crate::workspace::Language;

    fn frequency(ends: &[f64]) -> Vec<String> {
        bands(
            ends,
            &possible(ends, Some(0.0)),
            "frequency",
            &locale(Language::En, "USD"),
        )
    }

    #[test]
    fn bands_that_end_together_are_one() {
        assert_eq!(
            frequency(&[0.0, 0.0, 0.0, 2.0]),
            ["none", "", "", "up to 2", "over 2"]
        );
        assert_eq!(
            frequency(&[1.0, 2.0, 4.0, 9.0]),
            ["up to 1", "up to 2", "up to 4", "up to 9", "over 9"]
        );
        assert_eq!(frequency(&[]), [""; 5]);
    }

    /// Where everybody bought on the last day, the cut points are 0 days and nobody is before them.
    #[test]
    fn a_band_below_nothing_is_empty() {
        assert_eq!(
            possible(&[-1.0; 4], Some(0.0)),
            [false, false, false, false, true]
        );
    }

    /// The golden case of 100 customers, cut at 1, 1, 2, 3: nobody scores 2, and what each score means
    /// stands beside those who have it, the best first.
    #[test]
    fn cut_points_and_counts_stand_together() {
        let counted = |customers, least, most| ScoreBand {
            customers,
            range: Some((least, most)),
        };
        let scale = ScaleFigure {
            ends: vec![1.0, 1.0, 2.0, 3.0],
            bands: [
                counted(54, 1.0, 1.0),
                ScoreBand::default(),
                counted(20, 2.0, 2.0),
                counted(10, 3.0, 3.0),
                counted(16, 4.0, 54.0),
            ],
        };
        let bands = scale_bands("frequency", &scale, &locale(Language::En, "USD"));
        let seen: Vec<(u32, &str, i64)> = bands
            .iter()
            .map(|band| (band.score, band.said.as_str(), band.customers))
            .collect();
        let expected = [
            (5, "over 3", 16),
            (4, "up to 3", 10),
            (3, "up to 2", 20),
            (2, "", 0),
            (1, "up to 1", 54),
        ];
        assert_eq!(seen, expected);
        assert_eq!((bands[0].least, bands[0].most), (Some(4.0), Some(54.0)));
        assert_eq!(bands[3].least, None);
    }

    /// 7 of 10 moves up because of the customers, 3 because of the ruler; in one direction or the other
    /// they are counted once.
    #[test]
    fn moves_are_split_by_their_cause() {
        let count = |score: &str, up: Option<bool>, because: &str, customers| RfmMoveCount {
            score: score.to_owned(),
            is_up: up,
            because: Some(because.to_owned()),
            customers,
        };
        let counts = [
            count("recency", Some(true), "behaviour", 7),
            count("recency", Some(false), "ruler", 3),
            count("rfm", None, "behaviour", 8),
        ];
        let rows = moves(&counts, &locale(Language::En, "USD"));
        assert_eq!(rows.len(), 4);
        assert_eq!((rows[0].up, rows[0].down), (Some(7), Some(3)));
        assert_eq!((rows[0].behaviour, rows[0].ruler), (7, 3));
        assert_eq!((rows[3].up, rows[3].behaviour, rows[3].ruler), (None, 8, 0));
        assert_eq!(moves(&[], &locale(Language::En, "USD")), []);
    }
}
