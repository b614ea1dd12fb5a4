//! What became of the rows of a sheet as one stacked bar.

use super::svg::Svg;
use crate::report::model::InputRows;

/// The least share a part that is not used is drawn with, so that it can be seen.
const LEAST: f64 = 0.03;

/// 100 wide and 10 high: used, set aside, duplicate, unmatched, after the period and blank.
///
/// The figures stand in the row beside it, so it is decoration to those who cannot see it.
pub fn account_bar(rows: &InputRows) -> String {
    const W: f64 = 100.0;
    let others = [
        (rows.rows_set_aside, "ng"),
        (rows.rows_duplicate, "ac"),
        (rows.rows_unmatched, "fc"),
        (rows.rows_out_of_period + rows.rows_blank, "b2"),
    ];
    let mut svg = Svg::default();
    if rows.rows_read == 0 {
        svg.rect(0.5, 1.5, W - 1.0, 7.0, "na");
    } else {
        let share = |count: u64| match count {
            0 => 0.0,
            count => (count as f64 / rows.rows_read as f64).max(LEAST),
        };
        // Where much is tiny the used part gives way; where nothing is used the others share the bar.
        let widened: f64 = others.iter().map(|(count, _)| share(*count)).sum();
        let used = if rows.rows_used == 0 {
            0.0
        } else {
            (1.0 - widened).max(LEAST)
        };
        let whole = used + widened;
        let mut x = 0.0;
        let parts = others.map(|(count, class)| (share(count), class));
        for (part, class) in [(used, "pr")].into_iter().chain(parts) {
            let width = W * part / whole;
            if width > 0.0 {
                svg.rect(x, 1.0, width, 8.0, class);
            }
            x += width;
        }
    }
    svg.finish(W, 10.0, "", "", "min-width:5rem;max-width:9rem")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The widths drawn, by class.
    fn widths(rows: &InputRows) -> Vec<(String, f64)> {
        let svg = account_bar(rows);
        let attribute = |rect: &str, name: &str| {
            let from = rect.split(&format!("{name}=\"")).nth(1).unwrap();
            from.split('"').next().unwrap().to_owned()
        };
        svg.split("<rect ")
            .skip(1)
            .map(|rect| {
                let width = attribute(rect, "width").parse().unwrap();
                (attribute(rect, "class"), width)
            })
            .collect()
    }

    #[test]
    fn parts_are_shares_and_small_ones_can_be_seen() {
        let rows = InputRows {
            rows_read: 1000,
            rows_used: 899,
            rows_set_aside: 1,
            rows_duplicate: 100,
            ..InputRows::default()
        };
        // One in a thousand is drawn as 3 %, a tenth as it is; the used part gives way: 100 − 3 − 10.
        let drawn = widths(&rows);
        let classes: Vec<&str> = drawn.iter().map(|(class, _)| class.as_str()).collect();
        assert_eq!(classes, ["pr", "ng", "ac"]);
        let sum: f64 = drawn.iter().map(|(_, width)| width).sum();
        assert!((sum - 100.0).abs() < 0.3, "{sum}");
        assert!((drawn[0].1 - 87.0).abs() < 0.1 && (drawn[1].1 - 3.0).abs() < 0.1);
    }

    #[test]
    fn a_sheet_without_rows_is_an_outline() {
        assert_eq!(widths(&InputRows::default())[0].0, "na");
    }
}
