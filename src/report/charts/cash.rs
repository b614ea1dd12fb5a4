//! Cash flow: net per step as bars, cumulative as a line, where it pays back as a mark.

use std::fmt::Write;

use super::axis::nice;
use super::svg::{Svg, class, n, text_width};

/// A cash flow as it is drawn.
pub struct CashFlow<'a> {
    /// Net flow of each step; the first is undiscounted.
    pub net: &'a [f64],
    /// Label of each step.
    pub labels: &'a [String],
    /// How many steps from the start are actual; the rest is forecast, hatched.
    pub actual: usize,
    /// Where the cumulative flow turns positive for good, in steps from the first; none for never.
    pub payback: Option<f64>,
    /// What to write at that mark, or where there is none.
    pub payback_label: &'a str,
    /// What to write at the end of the line.
    pub cumulative_label: &'a str,
    /// How an amount is printed.
    pub amount: &'a dyn Fn(f64) -> String,
    /// What it shows, in words.
    pub title: &'a str,
    /// 720 wide for a desktop's full width, or 360 for a phone.
    pub wide: bool,
}

/// 720 × 290 or 360 × 240.
pub fn cash(of: &CashFlow<'_>) -> String {
    let plot = Plot::of(of);
    let mut svg = Svg::default();
    for tick in &plot.ticks {
        let class = if *tick == 0.0 { "ax" } else { "gl" };
        svg.line(
            plot.left,
            plot.y(*tick),
            plot.w - plot.right,
            plot.y(*tick),
            class,
        )
        .text(
            plot.left - 6.0,
            plot.y(*tick) + 4.0,
            &(of.amount)(*tick),
            class::QUIET_END,
        );
    }
    let bar = (plot.step * 0.58).min(30.0);
    let every = plot.label_every(of.labels);
    let last = of.net.len().saturating_sub(1);
    for (i, net) in of.net.iter().enumerate() {
        let (top, bottom) = (plot.y(net.max(0.0)), plot.y(net.min(0.0)));
        let class = match (i < of.actual, *net >= 0.0) {
            (true, true) => "ac",
            (true, false) => "ng",
            (false, true) => "fc",
            (false, false) => "fcn",
        };
        svg.rect(
            plot.x(i as f64) - bar / 2.0,
            top,
            bar,
            (bottom - top).max(1.0),
            class,
        );
        if (last - i).is_multiple_of(every)
            && let Some(label) = of.labels.get(i)
        {
            svg.text(plot.x(i as f64), plot.h - 8.0, label, class::QUIET_MIDDLE);
        }
    }
    let mut d = String::new();
    for (i, sum) in plot.cumulative.iter().enumerate() {
        let pen = if i == 0 { 'M' } else { 'L' };
        let _ = write!(d, "{pen}{} {}", n(plot.x(i as f64)), n(plot.y(*sum)));
    }
    svg.path(&d, "ln", " style=\"stroke-width:2.5\"");
    payback(&mut svg, of, &plot);
    if let Some(end) = plot.cumulative.last() {
        let said = (of.amount)(*end);
        let said = if of.wide && !of.cumulative_label.is_empty() {
            format!("{} {said}", of.cumulative_label)
        } else {
            said
        };
        let x = (plot.x(last as f64) + 8.0).min(plot.w);
        svg.circle(plot.x(last as f64), plot.y(*end), 4.0, "dot")
            .text(x, plot.y(*end) - 10.0, &said, class::STRONG_END);
    }
    svg.finish(
        plot.w,
        plot.h,
        of.title,
        if of.wide { "wid" } else { "nar" },
        "",
    )
}

/// The baseline of the payback's label. Below it the curve's last figure has a line of its own.
const HEAD: f64 = 16.0;

fn payback(svg: &mut Svg, of: &CashFlow<'_>, plot: &Plot) {
    match of.payback {
        Some(at) => {
            let x = plot.x(at);
            svg.path(
                &format!("M{} {}V{}", n(x), n(HEAD + 6.0), n(plot.y(0.0))),
                "tg",
                "",
            )
            .circle(x, plot.y(0.0), 4.5, "hol");
            let half = text_width(of.payback_label, 12.0) / 2.0;
            let x = x.min(plot.w - plot.right - half).max(half);
            svg.text(x, HEAD, of.payback_label, class::STRONG_MIDDLE);
        }
        None => {
            svg.text(plot.left, HEAD, of.payback_label, class::STRONG);
        }
    }
}

/// The scales of the drawing.
struct Plot {
    w: f64,
    h: f64,
    left: f64,
    right: f64,
    top: f64,
    step: f64,
    ticks: Vec<f64>,
    cumulative: Vec<f64>,
}

impl Plot {
    fn of(of: &CashFlow<'_>) -> Self {
        let (w, h) = if of.wide {
            (720.0, 290.0)
        } else {
            (360.0, 240.0)
        };
        let mut sum = 0.0;
        let cumulative: Vec<f64> = of
            .net
            .iter()
            .map(|net| {
                sum += net;
                sum
            })
            .collect();
        let all = || of.net.iter().chain(&cumulative).copied();
        let ticks = nice(
            all().fold(0.0, f64::min),
            all().fold(0.0, f64::max),
            if of.wide { 5 } else { 4 },
        );
        let widest = ticks
            .iter()
            .map(|tick| text_width(&(of.amount)(*tick), 11.0))
            .fold(0.0, f64::max);
        let (left, right) = ((widest + 10.0).max(30.0), 14.0);
        Self {
            w,
            h,
            left,
            right,
            top: 2.0 * HEAD + 14.0,
            step: (w - left - right) / of.net.len().max(1) as f64,
            ticks,
            cumulative,
        }
    }

    fn x(&self, step: f64) -> f64 {
        self.left + self.step * (step + 0.5)
    }

    fn y(&self, v: f64) -> f64 {
        const BOTTOM: f64 = 26.0;
        let (lo, hi) = (
            self.ticks.first().copied().unwrap_or(0.0),
            self.ticks.last().copied().unwrap_or(1.0),
        );
        self.h - BOTTOM - (self.h - BOTTOM - self.top) * (v - lo) / (hi - lo)
    }

    /// Every how many steps a label has room, counted from the last.
    fn label_every(&self, labels: &[String]) -> usize {
        let widest = labels
            .iter()
            .map(|label| text_width(label, 11.0))
            .fold(0.0, f64::max);
        (libm::ceil((widest + 8.0) / self.step) as usize).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(net: &[f64], payback: Option<f64>, wide: bool) -> String {
        let labels: Vec<String> = (0..net.len()).map(|i| format!("เดือน {i}")).collect();
        cash(&CashFlow {
            net,
            labels: &labels,
            actual: 2,
            payback,
            payback_label: "คืนทุนใน 25 เดือน",
            cumulative_label: "สะสม",
            amount: &|v| format!("{v}"),
            title: "t",
            wide,
        })
    }

    #[test]
    fn forecast_is_hatched_and_losses_are_red() {
        let svg = drawn(&[-4.0, 1.0, 2.0, -1.0], Some(2.5), true);
        for class in ["ng", "ac", "fc", "fcn"] {
            assert_eq!(
                svg.matches(&format!("class=\"{class}\"")).count(),
                1,
                "{class}"
            );
        }
        assert!(svg.contains("สะสม -2"));
    }

    #[test]
    fn labels_thin_out_where_they_have_no_room() {
        let net = vec![1.0; 36];
        let wide = drawn(&net, None, true).matches("เดือน ").count();
        let narrow = drawn(&net, None, false).matches("เดือน ").count();
        assert!(narrow < wide && wide < 37, "{narrow} {wide}");
        assert!(drawn(&net, None, false).contains("เดือน 35"));
    }

    #[test]
    fn nothing_is_drawn_without_failing() {
        assert!(drawn(&[], None, true).starts_with("<svg"));
    }
}
