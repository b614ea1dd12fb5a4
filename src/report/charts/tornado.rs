//! What one assumption at a time does to a result, largest swing first.

use super::svg::{Svg, class, fit, n, text_width};
use crate::report::model::Swing;

/// A sensitivity analysis as it is drawn.
pub struct Tornado<'a> {
    /// The swings, as the model orders them.
    pub swings: &'a [Swing],
    /// The result of the base case.
    pub base: f64,
    /// How a result is printed.
    pub amount: &'a dyn Fn(f64) -> String,
    /// What the base is called.
    pub base_label: &'a str,
    /// What zero is called, where the results lie on both sides of it.
    pub zero_label: &'a str,
    /// What it shows, in words.
    pub title: &'a str,
}

/// 360 wide, 36 per row.
pub fn tornado(of: &Tornado<'_>) -> String {
    const W: f64 = 360.0;
    const TOP: f64 = 20.0;
    const ROW: f64 = 36.0;
    let height = TOP + ROW * of.swings.len() as f64 + 4.0;
    let results = || {
        of.swings
            .iter()
            .flat_map(|swing| [swing.npv_low, swing.npv_high])
            .chain([of.base])
    };
    let (lo, hi) = (
        results().fold(f64::INFINITY, f64::min),
        results().fold(f64::NEG_INFINITY, f64::max),
    );
    let span = if hi > lo { hi - lo } else { 1.0 };
    // Room for the figures at the ends of the bars.
    let gutter = results()
        .map(|v| text_width(&(of.amount)(v), 11.0))
        .fold(0.0, f64::max)
        + 8.0;
    let x = |v: f64| gutter + (W - 2.0 * gutter) * (v - lo) / span;
    let mut svg = Svg::default();
    let mut texts = Svg::default();
    for (i, swing) in of.swings.iter().enumerate() {
        let y = TOP + ROW * i as f64;
        let range = format!("{} – {}", swing.low, swing.high);
        let range = fit(&range, 11.0, W * 0.45);
        let room = W - text_width(&range, 11.0) - 12.0;
        texts.text(0.0, y + 12.0, &fit(&swing.label, 12.0, room), "");
        texts.text(W, y + 12.0, &range, class::QUIET_END);
        for result in [swing.npv_low, swing.npv_high] {
            let above = result >= of.base;
            let (a, b) = (x(of.base).min(x(result)), x(of.base).max(x(result)));
            svg.rect(a, y + 18.0, b - a, 12.0, if above { "ac" } else { "pr" });
        }
        let (less, more) = (
            swing.npv_low.min(swing.npv_high),
            swing.npv_low.max(swing.npv_high),
        );
        // Where both ends lie on one side of the base, the nearer one has no room beside the bar.
        if more > of.base {
            texts.text(x(more) + 5.0, y + 28.0, &(of.amount)(more), class::QUIET);
        }
        if less < of.base {
            texts.text(
                x(less) - 5.0,
                y + 28.0,
                &(of.amount)(less),
                class::QUIET_END,
            );
        }
    }
    svg.path(
        &format!("M{} {}V{}", n(x(of.base)), n(TOP - 6.0), n(height)),
        "ax",
        " fill=\"none\"",
    );
    if lo < 0.0 && hi > 0.0 {
        svg.path(
            &format!("M{} {}V{}", n(x(0.0)), n(TOP - 6.0), n(height)),
            "tg",
            " style=\"stroke:var(--bad)\"",
        );
        heads(&mut texts, of, x(0.0), x(of.base));
    } else {
        head(&mut texts, x(of.base), of.base_label);
    }
    svg.raw(texts.markup());
    svg.finish(W, height, of.title, "", "")
}

/// The two heads, side by side where centring them would make them touch.
fn heads(texts: &mut Svg, of: &Tornado<'_>, zero: f64, base: f64) {
    let together = text_width(of.base_label, 11.0) + text_width(of.zero_label, 11.0);
    if (zero - base).abs() >= together / 2.0 + 12.0 {
        head(texts, zero, of.zero_label);
        head(texts, base, of.base_label);
        return;
    }
    let ((left, left_label), (right, right_label)) = if zero < base {
        ((zero, of.zero_label), (base, of.base_label))
    } else {
        ((base, of.base_label), (zero, of.zero_label))
    };
    texts.text(left - 2.0, 10.0, left_label, class::QUIET_END);
    texts.text(right + 2.0, 10.0, right_label, class::QUIET);
}

/// A head centred on its line, kept within the drawing.
fn head(texts: &mut Svg, x: f64, label: &str) {
    let half = text_width(label, 11.0) / 2.0;
    texts.text(
        x.max(half).min(360.0 - half),
        10.0,
        label,
        class::QUIET_MIDDLE,
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn swing(low: f64, high: f64) -> Swing {
        Swing {
            label: "อัตราการใช้งาน".to_owned(),
            low: "60%".to_owned(),
            high: "90%".to_owned(),
            npv_low: low,
            npv_high: high,
        }
    }

    fn drawn(swings: &[Swing], base: f64) -> String {
        tornado(&Tornado {
            swings,
            base,
            amount: &|v| format!("{v}"),
            base_label: "NPV 1.3",
            zero_label: "0",
            title: "t",
        })
    }

    #[test]
    fn zero_is_marked_only_where_results_lie_on_both_sides() {
        assert!(drawn(&[swing(-2.0, 3.0)], 1.0).contains("var(--bad)"));
        assert!(!drawn(&[swing(0.5, 3.0)], 1.0).contains("var(--bad)"));
    }

    #[test]
    fn both_sides_of_the_base_are_drawn() {
        let svg = drawn(&[swing(-2.0, 3.0), swing(4.0, 0.0)], 1.0);
        assert_eq!(svg.matches("class=\"ac\"").count(), 2);
        assert_eq!(svg.matches("class=\"pr\"").count(), 2);
        assert!(drawn(&[], 1.0).starts_with("<svg"));
    }
}
