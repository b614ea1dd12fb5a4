//! A value against its target, over shades that change where its status does.

use super::svg::{Svg, n};

/// A KPI as its bullet shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Bullet<'a> {
    /// The value; none where it is not measured.
    pub value: Option<f64>,
    /// The target.
    pub target: Option<f64>,
    /// Values where the score is 0, 50, 75 and 100; empty where there is no such scale.
    pub scale: &'a [f64],
    /// What it shows, in words.
    pub title: &'a str,
}

const W: f64 = 160.0;
const X0: f64 = 2.0;
/// Room at the right for the arrow of a value off the scale.
const WIDTH: f64 = W - 12.0;

/// 160 wide, 24 high.
pub fn bullet(of: &Bullet<'_>) -> String {
    let mut svg = Svg::default();
    let (lo, hi) = domain(of);
    let x = |v: f64| X0 + WIDTH * (v.clamp(lo, hi) - lo) / (hi - lo);
    match of.scale {
        [zero, fifty, seventy_five, full] => {
            let (a, b) = (fifty.min(*seventy_five), fifty.max(*seventy_five));
            let shades = if full >= zero {
                ["b1", "b2", "b3"]
            } else {
                ["b3", "b2", "b1"]
            };
            svg.rect(x(lo), 3.0, x(a) - x(lo), 18.0, shades[0])
                .rect(x(a), 3.0, x(b) - x(a), 18.0, shades[1])
                .rect(x(b), 3.0, x(hi) - x(b), 18.0, shades[2]);
        }
        _ => {
            svg.rect(X0, 3.0, WIDTH, 18.0, "b3");
        }
    }
    match of.value {
        None => {
            svg.rect(X0, 3.5, WIDTH, 17.0, "na");
        }
        Some(value) => bar(&mut svg, value, lo, hi, x),
    }
    if let Some(target) = of.target {
        svg.rect(x(target) - 1.25, 2.0, 2.5, 20.0, "tk");
    }
    svg.finish(W, 24.0, of.title, "", "min-width:7.5rem;max-width:13rem")
}

/// The bar from zero (or from the edge, where zero is off the scale) to the value, with an arrow
/// where the value is off the scale itself.
fn bar(svg: &mut Svg, value: f64, lo: f64, hi: f64, x: impl Fn(f64) -> f64) {
    let zero = x(if (lo..=hi).contains(&0.0) { 0.0 } else { lo });
    let (a, b) = (zero.min(x(value)), zero.max(x(value)));
    svg.rect(a, 8.0, (b - a).max(1.5), 8.0, "ac");
    if lo < 0.0 {
        svg.line(zero, 2.0, zero, 22.0, "ax");
    }
    if value > hi {
        svg.path(
            &format!("M{} 7l5 5-5 5", n(x(hi) + 2.0)),
            "",
            " fill=\"none\" stroke=\"var(--actual)\" stroke-width=\"2\"",
        );
    }
    if value < lo {
        svg.path(
            &format!("M{} 8l-4 4 4 4", n(X0 + 6.0)),
            "",
            " fill=\"none\" stroke=\"var(--paper)\" stroke-width=\"2\"",
        );
    }
}

/// What the axis spans: the scale with a margin before its 0 and after its 100, from zero where
/// nothing is negative; without a scale, whatever there is.
fn domain(of: &Bullet<'_>) -> (f64, f64) {
    let (lo, hi) = match of.scale {
        [zero, _, _, full] => {
            let span = full - zero;
            let (a, b) = (zero - 0.15 * span, full + 0.3 * span);
            let lowest = zero.min(*full);
            let lo = a.min(b);
            (if lowest >= 0.0 { lo.max(0.0) } else { lo }, a.max(b))
        }
        _ => {
            let known = [of.value, of.target];
            let known = || known.into_iter().flatten();
            (
                known().fold(0.0, f64::min) * 1.2,
                known().fold(0.0, f64::max) * 1.2,
            )
        }
    };
    if hi > lo { (lo, hi) } else { (lo, lo + 1.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shades(svg: &str) -> Vec<&str> {
        ["b1", "b2", "b3"]
            .into_iter()
            .filter(|shade| svg.contains(&format!("class=\"{shade}\"")))
            .collect()
    }

    #[test]
    fn shades_follow_the_scale_in_both_directions() {
        let of = |scale: &'static [f64]| {
            bullet(&Bullet {
                value: Some(0.156),
                target: Some(0.13),
                scale,
                title: "Cost of sales",
            })
        };
        let higher = of(&[0.6, 0.66, 0.69, 0.72]);
        let lower = of(&[0.17, 0.15, 0.14, 0.13]);
        assert_eq!(shades(&higher), ["b1", "b2", "b3"]);
        assert!(higher.find("b1").unwrap() < higher.find("b3").unwrap());
        assert!(lower.find("b3").unwrap() < lower.find("b1").unwrap());
        assert_eq!(shades(&of(&[])), ["b3"]);
    }

    #[test]
    fn off_the_scale_has_an_arrow_and_missing_an_outline() {
        let of = |value| {
            bullet(&Bullet {
                value,
                target: None,
                scale: &[0.0, 5.0, 7.5, 10.0],
                title: "",
            })
        };
        assert!(of(Some(20.0)).contains("l5 5-5 5"));
        assert!(!of(Some(9.0)).contains("l5 5-5 5"));
        assert!(of(None).contains("class=\"na\""));
        assert!(!of(None).contains("class=\"ac\""));
    }
}
