//! The grid of recency and frequency scores, and what each score means.

use super::CustomerFigures;
use crate::message::Argument;
use crate::report::locale::Locale;
use crate::report::model;

pub(super) fn grid(figures: &CustomerFigures, locale: &Locale) -> model::RfmGrid {
    let mut counts = vec![vec![0; 5]; 5];
    for cell in &figures.rfm {
        if let (1..=5, 1..=5) = (cell.recency, cell.frequency) {
            counts[(5 - cell.recency) as usize][(cell.frequency - 1) as usize] += cell.customers;
        }
    }
    let recency = possible(&figures.cuts.most_days);
    let frequency = possible(&figures.cuts.most_orders);
    model::RfmGrid {
        counts,
        recency: bands(&figures.cuts.most_days, &recency, "recency", locale),
        recency_scores: (1..=5)
            .rev()
            .zip(&recency)
            .filter_map(|(score, possible)| possible.then_some(score))
            .collect(),
        frequency: bands(&figures.cuts.most_orders, &frequency, "frequency", locale),
        frequency_scores: (1..=5)
            .zip(&frequency)
            .filter_map(|(score, possible)| possible.then_some(score))
            .collect(),
    }
}

/// Which of five bands anybody can be in: one that ends where the band before it ends is empty.
fn possible(most: &[i64]) -> [bool; 5] {
    let mut possible = [true; 5];
    possible[0] = most.first().is_none_or(|most| *most >= 0);
    for (band, pair) in possible.iter_mut().skip(1).zip(most.windows(2).take(3)) {
        *band = pair[0] < pair[1];
    }
    possible
}

/// What each band means, in words; nothing for one that nobody can be in.
fn bands(most: &[i64], possible: &[bool; 5], key: &str, locale: &Locale) -> Vec<String> {
    let said = |edge: &str, most: i64| {
        let edge = if edge == "up-to" && most == 0 {
            "none"
        } else {
            edge
        };
        let at = [("at", Argument::Count(most))];
        locale.text_with(&format!("portfolio.{key}.{edge}"), &at)
    };
    let mut bands: Vec<_> = most
        .iter()
        .take(4)
        .map(|most| said("up-to", *most))
        .collect();
    bands.resize(4, String::new());
    bands.push(
        most.last()
            .map_or(String::new(), |most| said("over", *most)),
    );
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

    fn frequency(most: &[i64]) -> Vec<String> {
        bands(
            most,
            &possible(most),
            "frequency",
            &locale(Language::En, "USD"),
        )
    }

    #[test]
    fn bands_that_end_together_are_one() {
        assert_eq!(
            frequency(&[0, 0, 0, 2]),
            ["none", "", "", "up to 2", "over 2"]
        );
        assert_eq!(
            frequency(&[1, 2, 4, 9]),
            ["up to 1", "up to 2", "up to 4", "up to 9", "over 9"]
        );
        assert_eq!(frequency(&[]), [""; 5]);
    }

    /// Where everybody bought on the last day, the cut points are 0 days and nobody is before them.
    #[test]
    fn a_band_below_nothing_is_empty() {
        assert_eq!(
            possible(&[-1, -1, -1, -1]),
            [false, false, false, false, true]
        );
    }
}
