//! The value map: current value along the bottom, potential value up the side, both logarithmic. A mark
//! is customers of like value, in the shape of their class and as large as they are many; nobody can be
//! worth less than now, so all lie on or above the diagonal. What is worth nothing, or less, stands in
//! a strip at the left and the bottom.

use std::fmt::Write;

use super::shares::class_colour;
use super::svg::{Svg, class, fit, n, text_width};

const W: f64 = 360.0;
const H: f64 = 300.0;
const TOP: f64 = 22.0;
const BOTTOM: f64 = 48.0;
const RIGHT: f64 = 10.0;
/// The strips for what has no logarithm, at the left and at the bottom.
const STRIP: f64 = 40.0;
const LOW_STRIP: f64 = 20.0;
/// Half the size of the largest mark, and of the smallest.
const LARGEST: f64 = 9.0;
const SMALLEST: f64 = 1.6;

/// Customers of like value.
#[derive(Debug, Clone, PartialEq)]
pub struct MapMark {
    /// The class of most of them.
    pub class: String,
    /// How many.
    pub customers: f64,
    /// Their mean actual value.
    pub actual: f64,
    /// Their mean potential value.
    pub potential: f64,
}

/// A value map as it is drawn.
pub struct ValueMapChart<'a> {
    /// The marks.
    pub marks: &'a [MapMark],
    /// What quarters the map, in both directions; nothing where it is zero.
    pub cut: f64,
    /// What stands in the quarters: kept, to grow, served.
    pub quarters: [&'a str; 3],
    /// How an amount is printed.
    pub amount: &'a dyn Fn(f64) -> String,
    /// What lies along the bottom, and up the side.
    pub axes: [&'a str; 2],
    /// What the strip is.
    pub nothing: &'a str,
    /// What it shows, in words.
    pub title: &'a str,
}

/// 360 × 300.
pub fn value_map(of: &ValueMapChart<'_>) -> String {
    let plot = Plot::of(of);
    let mut svg = Svg::default();
    grid(&mut svg, of, &plot);
    quarters(&mut svg, of, &plot);
    let most = of
        .marks
        .iter()
        .fold(1.0_f64, |m, mark| m.max(mark.customers));
    // The largest first, so that no mark is hidden by one.
    let mut marks: Vec<&MapMark> = of.marks.iter().collect();
    marks.sort_by(|a, b| b.customers.total_cmp(&a.customers));
    for mark in marks {
        let size = (LARGEST * libm::sqrt(mark.customers / most)).max(SMALLEST);
        shape(
            &mut svg,
            class_colour(&mark.class, 0),
            plot.x(mark.actual),
            plot.y(mark.potential),
            size,
        );
    }
    svg.finish(W, H, of.title, "", "")
}

fn grid(svg: &mut Svg, of: &ValueMapChart<'_>, plot: &Plot) {
    let (left, foot) = (plot.left, H - BOTTOM);
    for tick in plot.ticks() {
        let (x, y) = (plot.x(tick), plot.y(tick));
        let label = (of.amount)(tick);
        svg.line(x, TOP, x, foot, "gl")
            .line(left, y, W - RIGHT, y, "gl")
            .text(left - 5.0, y + 4.0, &label, class::QUIET_END);
        let half = text_width(&label, 11.0) / 2.0;
        svg.text(x.min(W - half), foot + 14.0, &label, class::QUIET_MIDDLE);
    }
    let corner = plot.x(plot.low);
    svg.path(
        &format!(
            "M{} {}L{} {}",
            n(corner),
            n(plot.y(plot.low)),
            n(plot.x(plot.high)),
            n(plot.y(plot.high))
        ),
        "ax",
        " style=\"fill:none\"",
    );
    svg.line(left, foot, W - RIGHT, foot, "ax")
        .line(left, TOP, left, foot, "ax");
    if plot.strip > 0.0 {
        svg.text(
            left + STRIP / 2.0,
            foot + 14.0,
            of.nothing,
            class::QUIET_MIDDLE,
        );
    }
    svg.text(
        (left + W - RIGHT) / 2.0,
        H - 16.0,
        &fit(of.axes[0], 11.0, W - left),
        class::QUIET_MIDDLE,
    )
    .text(0.0, 11.0, &fit(of.axes[1], 11.0, W), class::QUIET);
}

/// The lines at the cut, and what the quarters mean.
fn quarters(svg: &mut Svg, of: &ValueMapChart<'_>, plot: &Plot) {
    if of.cut <= plot.low || of.cut >= plot.high {
        return;
    }
    let (x, y) = (plot.x(of.cut), plot.y(of.cut));
    let mut d = format!("M{} {}V{}", n(x), n(TOP), n(H - BOTTOM));
    let _ = write!(d, "M{} {}H{}", n(plot.left), n(y), n(W - RIGHT));
    svg.path(&d, "tg", "");
    let [keep, grow, serve] = of.quarters;
    let from = plot.left + plot.strip + 4.0;
    svg.text(from, TOP + 12.0, &fit(grow, 12.0, x - from - 4.0), "k")
        .text(
            x + 4.0,
            H - BOTTOM - 8.0,
            &fit(keep, 12.0, W - RIGHT - x - 4.0),
            "k",
        );
    // Below the diagonal nobody stands, so that there is room for words.
    svg.text(
        x - 4.0,
        H - BOTTOM - 8.0,
        &fit(serve, 12.0, x - from),
        "k e",
    );
}

/// The shape of a class, as beside its name.
fn shape(svg: &mut Svg, tint: &str, x: f64, y: f64, r: f64) {
    let (left, right, up, down) = (n(x - r), n(x + r), n(y - r), n(y + r));
    let solid = format!(" style=\"fill:var(--{tint});opacity:.8\"");
    let line = format!(" style=\"fill:none;stroke:var(--{tint});stroke-width:1.6\"");
    match tint {
        "mgc" => svg.path(
            &format!("M{} {up}L{right} {down}H{left}Z", n(x)),
            "",
            &solid,
        ),
        "steady" => svg.path(&format!("M{left} {up}H{right}V{down}H{left}Z"), "", &solid),
        "bz" => svg.path(
            &format!("M{left} {up}L{right} {down}M{right} {up}L{left} {down}"),
            "",
            &line,
        ),
        "migrator" => svg.path(&circle(x, y, r), "", &line),
        _ => svg.path(&circle(x, y, r), "", &solid),
    };
}

fn circle(x: f64, y: f64, r: f64) -> String {
    let (size, across) = (n(r), n(2.0 * r));
    format!(
        "M{} {}a{size} {size} 0 1 0 {across} 0a{size} {size} 0 1 0 -{across} 0",
        n(x - r),
        n(y)
    )
}

/// The scales of the drawing: from the decade at or below the least positive value through the one at
/// or above the greatest.
struct Plot {
    left: f64,
    /// The width of the strip; 0 where nobody is worth nothing.
    strip: f64,
    low: f64,
    high: f64,
}

impl Plot {
    fn of(of: &ValueMapChart<'_>) -> Self {
        let values = of
            .marks
            .iter()
            .flat_map(|mark| [mark.actual, mark.potential]);
        let positive: Vec<f64> = values.filter(|value| *value > 0.0).collect();
        let least = positive.iter().copied().fold(f64::INFINITY, f64::min);
        let most = positive.iter().copied().fold(0.0, f64::max);
        let (low, high) = match positive.is_empty() {
            true => (1.0, 10.0),
            false => (
                ten_to(libm::floor(libm::log10(least))),
                ten_to(libm::ceil(libm::log10(most))),
            ),
        };
        let high = if high > low { high } else { low * 10.0 };
        let mut plot = Self {
            left: 0.0,
            strip: match of.marks.iter().any(|mark| mark.actual <= 0.0) {
                true => STRIP,
                false => 0.0,
            },
            low,
            high,
        };
        let labels = plot.ticks().into_iter();
        let widest = labels.map(|tick| text_width(&(of.amount)(tick), 11.0));
        plot.left = widest.fold(24.0, f64::max) + 8.0;
        plot
    }

    /// The decades, every second one where they are many.
    fn ticks(&self) -> Vec<f64> {
        let decades = libm::round(libm::log10(self.high / self.low)) as i32;
        let first = libm::round(libm::log10(self.low)) as i32;
        let every = if decades > 5 { 2 } else { 1 };
        (0..=decades)
            .filter(|decade| decade % every == 0)
            .map(|decade| ten_to(f64::from(first + decade)))
            .collect()
    }

    /// The share of the way from the low to the high end.
    fn along(&self, value: f64) -> f64 {
        libm::log10(value / self.low) / libm::log10(self.high / self.low)
    }

    fn x(&self, value: f64) -> f64 {
        let from = self.left + self.strip;
        if value <= 0.0 {
            return self.left + self.strip / 2.0;
        }
        from + (W - RIGHT - from) * self.along(value)
    }

    fn y(&self, value: f64) -> f64 {
        let strip = if self.strip > 0.0 { LOW_STRIP } else { 0.0 };
        let from = H - BOTTOM - strip;
        if value <= 0.0 {
            return H - BOTTOM - strip / 2.0;
        }
        from - (from - TOP) * self.along(value)
    }
}

fn ten_to(exponent: f64) -> f64 {
    libm::pow(10.0, exponent)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(marks: &[MapMark], cut: f64) -> String {
        value_map(&ValueMapChart {
            marks,
            cut,
            quarters: ["Keep", "Grow", "Serve"],
            amount: &|v| format!("{v}"),
            axes: ["Now", "Could be"],
            nothing: "≤ 0",
            title: "t",
        })
    }

    fn mark(class: &str, customers: f64, actual: f64, potential: f64) -> MapMark {
        MapMark {
            class: class.to_owned(),
            customers,
            actual,
            potential,
        }
    }

    #[test]
    fn every_class_has_its_shape_and_every_decade_its_line() {
        let marks = [
            mark("MVC", 4.0, 900.0, 900.0),
            mark("MGC", 100.0, 20.0, 300.0),
            mark("Steady", 9.0, 60.0, 80.0),
            mark("BZ", 1.0, -5.0, -5.0),
            mark("Migrator", 1.0, 0.0, 40.0),
        ];
        let svg = drawn(&marks, 200.0);
        for tint in ["mvc", "mgc", "steady", "bz", "migrator"] {
            assert!(svg.contains(&format!("var(--{tint})")), "{tint}: {svg}");
        }
        // 10, 100 and 1000 on either axis.
        assert_eq!(svg.matches(">1000</text>").count(), 2, "{svg}");
        assert_eq!(svg.matches("class=\"gl\"").count(), 6, "{svg}");
        assert!(
            svg.contains(">≤ 0</text>") && svg.contains(">Grow</text>"),
            "{svg}"
        );
        assert!(!svg.contains("NaN"), "{svg}");
    }

    #[test]
    fn without_losses_there_is_no_strip_and_without_a_cut_no_quarters() {
        let svg = drawn(&[mark("MVC", 1.0, 100.0, 100.0)], 0.0);
        assert!(
            !svg.contains("≤ 0") && !svg.contains("class=\"tg\""),
            "{svg}"
        );
        assert!(drawn(&[], 0.0).starts_with("<svg"));
    }
}
