//! The whale curve: cumulative profit over customers, the most profitable first. What lies between its
//! back and its tail is what unprofitable customers take away.

use std::fmt::Write;

use super::axis::nice;
use super::svg::{Svg, class, n, text_width};

const W: f64 = 360.0;
const H: f64 = 236.0;
const TOP: f64 = 26.0;
const BOTTOM: f64 = 34.0;
const RIGHT: f64 = 12.0;

/// A whale curve as it is drawn.
pub struct Whale<'a> {
    /// Share of customers, above 0 to 1 and rising, and the profit of them together.
    pub points: &'a [(f64, f64)],
    /// The profit of all profitable customers: where the curve is highest.
    pub peak: f64,
    /// The profit of all.
    pub total: f64,
    /// Whether the axis is in percent of the total; else in money.
    pub relative: bool,
    /// How an amount is printed.
    pub amount: &'a dyn Fn(f64) -> String,
    /// How a share is printed.
    pub percent: &'a dyn Fn(f64) -> String,
    /// What lies along the bottom.
    pub axis: &'a str,
    /// What it shows, in words.
    pub title: &'a str,
}

impl Whale<'_> {
    /// A height as it is printed.
    fn said(&self, profit: f64) -> String {
        if self.relative {
            (self.percent)(profit / self.total)
        } else {
            (self.amount)(profit)
        }
    }
}

/// 360 × 236.
pub fn whale(of: &Whale<'_>) -> String {
    let plot = Plot::of(of);
    let mut svg = Svg::default();
    for tick in &plot.ticks {
        let profit = if of.relative { tick * of.total } else { *tick };
        let class = if *tick == 0.0 { "ax" } else { "gl" };
        let y = plot.y(profit);
        svg.line(plot.left, y, W - RIGHT, y, class).text(
            plot.left - 6.0,
            y + 4.0,
            &of.said(profit),
            class::QUIET_END,
        );
    }
    for step in 0..=4 {
        let share = f64::from(step) / 4.0;
        let class = if step == 4 {
            class::QUIET_END
        } else {
            class::QUIET_MIDDLE
        };
        let x = if step == 4 { W } else { plot.x(share) };
        svg.text(x, H - BOTTOM + 15.0, &(of.percent)(share), class);
    }
    svg.text(
        (plot.left + W - RIGHT) / 2.0,
        H - 4.0,
        of.axis,
        class::QUIET_MIDDLE,
    );
    lost(&mut svg, of, &plot);
    let mut d = format!("M{} {}", n(plot.x(0.0)), n(plot.y(0.0)));
    for (share, profit) in of.points {
        let _ = write!(d, "L{} {}", n(plot.x(*share)), n(plot.y(*profit)));
    }
    svg.path(&d, "ln", " style=\"stroke-width:2.5\"");
    labels(&mut svg, of, &plot);
    svg.finish(W, H, of.title, "", "")
}

/// Where the curve first reaches its peak.
fn peak_at(of: &Whale<'_>) -> Option<usize> {
    let highest = of.points.iter().map(|(_, profit)| *profit);
    let highest = highest.fold(f64::NEG_INFINITY, f64::max);
    of.points.iter().position(|(_, profit)| *profit >= highest)
}

/// What is destroyed: from the peak on, between the curve and the total.
fn lost(svg: &mut Svg, of: &Whale<'_>, plot: &Plot) {
    let Some(peak) = peak_at(of) else { return };
    let tail = &of.points[peak..];
    if tail.len() < 2 {
        return;
    }
    let level = n(plot.y(of.total));
    let mut d = format!("M{} {level}", n(plot.x(tail[0].0)));
    for (share, profit) in tail {
        let _ = write!(d, "L{} {}", n(plot.x(*share)), n(plot.y(*profit)));
    }
    d.push('Z');
    svg.path(&d, "", " style=\"fill:var(--bad);opacity:.18\"")
        .path(
            &format!("M{} {level}H{}", n(plot.left), n(W - RIGHT)),
            "tg",
            "",
        );
}

/// The peak above the curve and the total under its line.
fn labels(svg: &mut Svg, of: &Whale<'_>, plot: &Plot) {
    let Some(peak) = peak_at(of) else { return };
    let (share, profit) = of.points[peak];
    let label = of.said(profit);
    let half = text_width(&label, 12.0) / 2.0;
    let x = plot.x(share).clamp(plot.left + half, W - RIGHT - half);
    svg.circle(plot.x(share), plot.y(profit), 4.0, "dot").text(
        x,
        plot.y(profit) - 9.0,
        &label,
        class::STRONG_MIDDLE,
    );
    if peak + 1 < of.points.len() {
        svg.circle(plot.x(1.0), plot.y(of.total), 4.0, "dot").text(
            W - RIGHT,
            plot.y(of.total) + 18.0,
            &of.said(of.total),
            class::STRONG_END,
        );
    }
}

/// The scales of the drawing.
struct Plot {
    left: f64,
    /// In shares of the total where the curve is relative to it, else in money.
    ticks: Vec<f64>,
    low: f64,
    high: f64,
}

impl Plot {
    fn of(of: &Whale<'_>) -> Self {
        let unit = if of.relative { of.total } else { 1.0 };
        let profits = || of.points.iter().map(|(_, profit)| *profit / unit);
        let ticks = nice(
            profits().fold(0.0, f64::min),
            profits().fold(0.0, f64::max),
            4,
        );
        let widest = ticks
            .iter()
            .map(|tick| text_width(&of.said(tick * unit), 11.0))
            .fold(0.0, f64::max);
        let end = |tick: Option<&f64>, other| tick.copied().unwrap_or(other) * unit;
        Self {
            left: (widest + 10.0).max(30.0),
            low: end(ticks.first(), 0.0),
            high: end(ticks.last(), 1.0),
            ticks,
        }
    }

    fn x(&self, share: f64) -> f64 {
        self.left + (W - RIGHT - self.left) * share
    }

    fn y(&self, profit: f64) -> f64 {
        H - BOTTOM - (H - BOTTOM - TOP) * (profit - self.low) / (self.high - self.low)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(profits: &[f64], relative: bool) -> String {
        let mut sum = 0.0;
        let count = profits.len() as f64;
        let points: Vec<(f64, f64)> = (1..)
            .zip(profits)
            .map(|(place, profit)| {
                sum += profit;
                (f64::from(place) / count, sum)
            })
            .collect();
        whale(&Whale {
            points: &points,
            peak: profits.iter().filter(|p| **p > 0.0).sum(),
            total: sum,
            relative,
            amount: &|v| format!("{v} ฿"),
            percent: &|share| format!("{:.0}%", share * 100.0),
            axis: "ลูกค้า",
            title: "t",
        })
    }

    /// Published in methods of activity-based costing as a small example: 137 % at 60 %, 37 destroyed.
    #[test]
    fn the_peak_and_the_total_are_said() {
        let profits = [50.0, 40.0, 30.0, 10.0, 5.0, 2.0, 0.0, -5.0, -12.0, -20.0];
        let svg = drawn(&profits, true);
        assert!(svg.contains(">137%</text>"), "{svg}");
        assert!(svg.contains(">100%</text>"), "{svg}");
        assert!(svg.contains("opacity:.18"), "{svg}");
        // 12 points: none, and ten customers; the last label stands within the drawing.
        assert_eq!(svg.matches("class=\"ln\"").count(), 1);
    }

    #[test]
    fn a_total_near_zero_is_drawn_in_money() {
        let svg = drawn(&[100.0, -50.0, -49.0], false);
        assert!(
            svg.contains(">100 ฿</text>") && svg.contains(">1 ฿</text>"),
            "{svg}"
        );
        let below = drawn(&[10.0, -50.0], false);
        assert!(below.contains(">-40 ฿</text>"), "{below}");
    }

    #[test]
    fn nobody_loses_and_nobody_is_there() {
        let svg = drawn(&[3.0, 2.0], true);
        assert!(!svg.contains("opacity:.18"), "{svg}");
        assert!(drawn(&[], false).starts_with("<svg"));
    }
}
