//! A customer's quarters: revenue as bars, contribution within them.

use super::svg::{Svg, fit};

/// A quarter as its bar shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar<'a> {
    /// Below the first and the last bar.
    pub label: &'a str,
    /// None before the first purchase: no bar, and no zero either.
    pub revenue: Option<f64>,
    /// None where no cost is known.
    pub contribution: Option<f64>,
}

/// 360 wide, 120 high. `amount` prints an amount.
pub fn quarters(bars: &[Bar<'_>], amount: &dyn Fn(f64) -> String, title: &str) -> String {
    const W: f64 = 360.0;
    const H: f64 = 120.0;
    const TOP: f64 = 18.0;
    const FOOT: f64 = 18.0;
    let mut svg = Svg::default();
    let known = || {
        bars.iter()
            .flat_map(|bar| [bar.revenue, bar.contribution])
            .flatten()
    };
    let (lo, hi) = (
        known().fold(0.0, f64::min),
        known().fold(0.0, f64::max).max(f64::MIN_POSITIVE),
    );
    let y = |value: f64| TOP + (H - TOP - FOOT) * (hi - value) / (hi - lo);
    let step = W / bars.len().max(1) as f64;
    let wide = (step * 0.7).min(28.0);
    for (place, bar) in bars.iter().enumerate() {
        let middle = step * (place as f64 + 0.5);
        let mut upright = |value: f64, width: f64, class: &str| {
            let (above, below) = (y(value.max(0.0)), y(value.min(0.0)));
            // What is nothing, or next to it, is still there.
            let height = (below - above).max(1.0);
            svg.rect(middle - width / 2.0, above, width, height, class);
        };
        if let Some(revenue) = bar.revenue {
            upright(revenue, wide, "pr");
        }
        if let Some(contribution) = bar.contribution {
            let class = if contribution < 0.0 { "ng" } else { "ac" };
            upright(contribution, wide * 0.45, class);
        }
    }
    svg.line(0.0, y(0.0), W, y(0.0), "ax");
    let best = bars.iter().enumerate().filter_map(|(place, bar)| {
        let revenue = bar.revenue.filter(|revenue| *revenue > 0.0)?;
        Some((place, revenue))
    });
    // The first of equals, so that the label stays where it was.
    let best = best.fold(None, |best: Option<(usize, f64)>, of| match best {
        Some(known) if known.1 >= of.1 => Some(known),
        _ => Some(of),
    });
    if let Some((place, revenue)) = best {
        let said = amount(revenue);
        let half = super::text_width(&said, 12.0) / 2.0;
        let x = (step * (place as f64 + 0.5)).clamp(half, W - half);
        svg.text(x, y(revenue) - 5.0, &said, "m");
    }
    let ends = [(bars.first(), 0.0, ""), (bars.last(), W, "e")];
    for (bar, x, class) in ends.into_iter().take(bars.len().min(2)) {
        if let Some(bar) = bar {
            svg.text(x, H - 4.0, &fit(bar.label, 12.0, W / 2.0), class);
        }
    }
    svg.finish(W, H, title, "", "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(revenue: Option<f64>, contribution: Option<f64>) -> Bar<'static> {
        Bar {
            label: "Q1/26",
            revenue,
            contribution,
        }
    }

    fn count(svg: &str, what: &str) -> usize {
        svg.matches(what).count()
    }

    /// Not a customer yet: no bar. Nothing bought: a bar of the height of a line. Sold at a loss: below
    /// the line.
    #[test]
    fn what_does_not_apply_has_no_bar_and_nothing_has_a_thin_one() {
        let bars = [
            bar(None, None),
            bar(Some(0.0), None),
            bar(Some(100.0), Some(40.0)),
            bar(Some(50.0), Some(-20.0)),
        ];
        let svg = quarters(&bars, &|v| format!("{v:.0}"), "t");
        assert_eq!(count(&svg, "class=\"pr\""), 3, "{svg}");
        assert_eq!(count(&svg, "class=\"ac\""), 1);
        assert_eq!(count(&svg, "class=\"ng\""), 1);
        assert!(svg.contains("height=\"1\""));
        assert!(svg.contains(">100<"));
    }

    #[test]
    fn nothing_at_all_is_a_line() {
        for bars in [vec![], vec![bar(None, None)]] {
            let svg = quarters(&bars, &|v| format!("{v:.0}"), "t");
            assert!(
                !svg.contains("NaN") && !svg.contains("class=\"pr\""),
                "{svg}"
            );
        }
    }
}
