//! A history in the space of a word: gaps where nothing was measured, the target dashed.

use std::fmt::Write;

use super::svg::{Svg, n};

/// A history as its sparkline shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Spark<'a> {
    /// One value per period, oldest first.
    pub values: &'a [Option<f64>],
    /// The target in force.
    pub target: Option<f64>,
    /// The history in words.
    pub title: &'a str,
}

/// 104 wide, 26 high.
pub fn spark(of: &Spark<'_>) -> String {
    const W: f64 = 104.0;
    const H: f64 = 26.0;
    const STYLE: &str = "min-width:5.5rem;max-width:8rem";
    let mut svg = Svg::default();
    let known = || of.values.iter().flatten().chain(&of.target).copied();
    if of.values.iter().all(Option::is_none) {
        svg.line(3.0, 13.0, W - 3.0, 13.0, "na");
        return svg.finish(W, H, of.title, "", STYLE);
    }
    let (mut lo, mut hi) = (
        known().fold(f64::INFINITY, f64::min),
        known().fold(f64::NEG_INFINITY, f64::max),
    );
    if hi <= lo {
        (lo, hi) = (lo - 1.0, hi + 1.0);
    }
    let last = of.values.len() - 1;
    let x = |i: usize| 5.0 + (W - 10.0) * i as f64 / last.max(1) as f64;
    // A single period stands at the right, where the present is.
    let x = |i: usize| if last == 0 { W - 5.0 } else { x(i) };
    let y = |v: f64| H - 5.0 - (H - 10.0) * (v - lo) / (hi - lo);
    if lo < 0.0 && hi > 0.0 {
        svg.line(3.0, y(0.0), W - 3.0, y(0.0), "gl");
    }
    if let Some(target) = of.target {
        svg.path(
            &format!("M3 {}H{}", n(y(target)), n(W - 3.0)),
            "",
            " style=\"stroke:var(--ink3);stroke-dasharray:2 2;fill:none\"",
        );
    }
    let mut d = String::new();
    let mut before = false;
    for (i, value) in of.values.iter().enumerate() {
        if let Some(v) = value {
            let pen = if before { 'L' } else { 'M' };
            let _ = write!(d, "{pen}{} {}", n(x(i)), n(y(*v)));
        }
        before = value.is_some();
    }
    svg.path(&d, "ln", " style=\"stroke-width:1.6\"");
    for (i, value) in of.values.iter().enumerate() {
        let lonely = (i == 0 || of.values[i - 1].is_none())
            && of.values.get(i + 1).is_none_or(Option::is_none);
        match value {
            Some(v) if i == last => {
                svg.circle(x(i), y(*v), 3.0, "dot");
            }
            // A point between two gaps would vanish with the line it does not have.
            Some(v) if lonely => {
                svg.circle(x(i), y(*v), 1.6, "pt");
            }
            _ => {}
        }
    }
    svg.finish(W, H, of.title, "", STYLE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(values: &[Option<f64>]) -> String {
        spark(&Spark {
            values,
            target: None,
            title: "t",
        })
    }

    #[test]
    fn a_line_is_not_joined_across_a_gap() {
        let svg = drawn(&[Some(1.0), Some(2.0), None, Some(4.0), None, Some(1.0)]);
        let d = svg.split("<path d=\"").nth(1).unwrap();
        let d = d.split('"').next().unwrap();
        assert_eq!(d.matches('M').count(), 3, "{d}");
        assert_eq!(d.matches('L').count(), 1, "{d}");
        assert_eq!(svg.matches("class=\"pt\"").count(), 1);
        assert_eq!(svg.matches("class=\"dot\"").count(), 1);
    }

    #[test]
    fn nothing_measured_is_a_dashed_line_and_one_value_a_dot() {
        assert!(drawn(&[None, None]).contains("class=\"na\""));
        assert!(drawn(&[]).contains("class=\"na\""));
        let one = drawn(&[Some(5.0)]);
        assert!(one.contains("cx=\"99\""), "{one}");
    }
}
