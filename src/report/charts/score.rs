//! A score with honest bounds, on the same 0–100 axis for every row.

use super::svg::{Svg, class, n, text_width};

/// A score as it is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Score<'a> {
    /// 0–100; none where too little is measured.
    pub score: Option<f64>,
    /// What it would be if everything unmeasured scored 0.
    pub low: f64,
    /// … and 100.
    pub high: f64,
    /// Score in the previous period.
    pub previous: Option<f64>,
    /// Symbol of its status: `good`, `watch`, `bad`, `none`.
    pub mark: &'a str,
    /// Where status changes: 50 and 75, or 33.33 and 66.67.
    pub cuts: [f64; 2],
    /// The whole scorecard's, drawn larger.
    pub big: bool,
    /// The scale in words for those who cannot see it.
    pub title: &'a str,
    /// How the bounds are printed.
    pub labels: [&'a str; 2],
}

/// 300 wide, 30 high, 40 where it is big.
pub fn score(of: &Score<'_>) -> String {
    const W: f64 = 300.0;
    const X0: f64 = 8.0;
    let (h, y, band) = if of.big {
        (40.0, 16.0, 16.0)
    } else {
        (30.0, 12.0, 12.0)
    };
    let x = |score: f64| X0 + (W - 2.0 * X0) * score.clamp(0.0, 100.0) / 100.0;
    let mut svg = Svg::default();
    svg.rect(x(0.0), y - band / 2.0, x(100.0) - x(0.0), band, "b2");
    for cut in of.cuts {
        svg.line(x(cut), y - band / 2.0, x(cut), y + band / 2.0, "cut");
    }
    if of.high - of.low > 0.5 {
        let (low, high) = (x(of.low), x(of.high));
        let dash = if of.score.is_none() {
            ";stroke-dasharray:4 4"
        } else {
            ""
        };
        svg.path(
            &format!("M{} {}H{}", n(low), n(y), n(high)),
            "",
            &format!(" style=\"stroke:var(--ink);stroke-width:2;fill:none{dash}\""),
        );
        svg.path(
            &format!(
                "M{} {}v10M{} {}v10",
                n(low),
                n(y - 5.0),
                n(high),
                n(y - 5.0)
            ),
            "",
            " style=\"stroke:var(--ink);stroke-width:2;fill:none\"",
        );
        bounds(&mut svg, of, low, high, y + band / 2.0 + 11.0, W);
    }
    if let Some(previous) = of.previous {
        svg.path(
            &format!(
                "M{} {}h8l-4 5z",
                n(x(previous) - 4.0),
                n(y - band / 2.0 - 5.0)
            ),
            "",
            " fill=\"var(--ink3)\"",
        );
    }
    if let Some(score) = of.score {
        svg.mark(x(score), y, of.mark, if of.big { 18.0 } else { 15.0 });
    }
    svg.finish(W, h, of.title, "", "")
}

/// The two bounds in figures, pushed apart where they would touch and kept within the drawing.
fn bounds(svg: &mut Svg, of: &Score<'_>, low: f64, high: f64, y: f64, width: f64) {
    const SIZE: f64 = 11.0;
    const GAP: f64 = 4.0;
    let half = of.labels.map(|label| text_width(label, SIZE) / 2.0);
    let overlap = (half[0] + half[1] + GAP - (high - low)).max(0.0);
    let left = (low - overlap / 2.0).max(half[0]);
    let right = (high + overlap / 2.0)
        .max(left + half[0] + half[1] + GAP)
        .min(width - half[1]);
    let left = left.min(right - half[0] - half[1] - GAP);
    svg.text(left, y, of.labels[0], class::QUIET_MIDDLE);
    svg.text(right, y, of.labels[1], class::QUIET_MIDDLE);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(low: f64, high: f64, score: Option<f64>) -> Score<'static> {
        Score {
            score,
            low,
            high,
            previous: None,
            mark: "watch",
            cuts: [50.0, 75.0],
            big: false,
            title: "Score",
            labels: ["49", "50"],
        }
    }

    /// x of every text in a drawing.
    fn text_places(svg: &str) -> Vec<f64> {
        svg.split("<text x=\"")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap().parse().unwrap())
            .collect()
    }

    #[test]
    fn full_measurement_makes_the_interval_vanish() {
        let svg = score(&of(66.0, 66.0, Some(66.0)));
        assert!(text_places(&svg).is_empty());
        assert!(svg.contains("#s-watch"));
    }

    #[test]
    fn bounds_never_touch_nor_leave_the_drawing() {
        for (low, high) in [(49.0, 50.0), (0.0, 1.0), (99.0, 100.0), (0.0, 100.0)] {
            let places = text_places(&score(&of(low, high, None)));
            let width = text_width("49", 11.0);
            assert!(
                places[1] - places[0] >= width + 3.9,
                "{low} {high} {places:?}"
            );
            assert!(places[0] >= width / 2.0 - 0.1 && places[1] <= 300.0 - width / 2.0 + 0.1);
        }
    }
}
