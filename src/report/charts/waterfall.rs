//! A waterfall, downwards: a total, what came and went, the next total.

use super::axis::nice;
use super::svg::{Svg, class, fit, n, text_width};

const W: f64 = 360.0;
const ROW: f64 = 34.0;

/// One row of a waterfall.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// What it is.
    pub label: String,
    /// A total's value, or the signed change of a move.
    pub value: f64,
    /// Whether it is a total or a move.
    pub kind: Kind,
}

/// What a row of a waterfall is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Drawn from zero.
    Total,
    /// Drawn from where the row above ended.
    Move,
}

/// A waterfall as it is drawn.
pub struct Waterfall<'a> {
    /// From top to bottom.
    pub steps: &'a [Step],
    /// How a total is printed.
    pub total: &'a dyn Fn(f64) -> String,
    /// How a move is printed, with its sign.
    pub change: &'a dyn Fn(f64) -> String,
    /// What it shows, in words.
    pub title: &'a str,
}

/// Where the scale starts: none for zero, or a round number where totals dwarf the moves, so that
/// the moves can be seen. Bars that reach it are then drawn torn, and the caption must say so.
pub fn waterfall_start(steps: &[Step]) -> Option<f64> {
    let levels = levels(steps);
    let ends = || levels.iter().map(|(_, end)| *end);
    let lowest = ends().fold(f64::INFINITY, f64::min);
    let highest = ends().fold(0.0, f64::max);
    if !lowest.is_finite() || lowest <= 0.0 || highest - lowest >= 0.25 * highest {
        return None;
    }
    // Moves get two thirds of the width.
    let aim = lowest - (highest - lowest).max(lowest * 0.002) / 2.0;
    let start = nice(aim, highest, 4).first().copied()?;
    (start > 0.0).then_some(start)
}

/// Where each bar starts and ends.
fn levels(steps: &[Step]) -> Vec<(f64, f64)> {
    let mut at = 0.0;
    steps
        .iter()
        .map(|step| {
            let start = if step.kind == Kind::Total { 0.0 } else { at };
            at = start + step.value;
            (start, at)
        })
        .collect()
}

/// 360 wide, 34 per row.
pub fn waterfall(of: &Waterfall<'_>) -> String {
    let start = waterfall_start(of.steps);
    let levels = levels(of.steps);
    let x0 = if start.is_some() { 14.0 } else { 2.0 };
    let all = || levels.iter().flat_map(|(a, b)| [*a, *b]);
    let lo = start.unwrap_or_else(|| all().fold(0.0, f64::min));
    let hi = all().fold(0.0, f64::max);
    let span = if hi > lo { hi - lo } else { 1.0 };
    let x = |v: f64| x0 + (W - 2.0 - x0) * (v.max(lo) - lo) / span;
    let height = ROW * of.steps.len() as f64;
    let mut svg = Svg::default();
    if lo < 0.0 {
        svg.line(x(0.0), 0.0, x(0.0), height, "ax");
    }
    // Texts come last, over the connectors.
    let mut texts = Svg::default();
    for (i, (step, (from, to))) in of.steps.iter().zip(&levels).enumerate() {
        let y = ROW * i as f64;
        let total = step.kind == Kind::Total;
        let (mut a, b) = (x(*from).min(x(*to)), x(*from).max(x(*to)));
        let torn = total && start.is_some();
        if torn {
            a = 2.0;
        }
        let value = if total {
            (of.total)(step.value)
        } else {
            (of.change)(step.value)
        };
        let room = W - text_width(&value, 12.0) - 12.0;
        let label = fit(&step.label, 12.0, room);
        texts.text(
            0.0,
            y + 13.0,
            &label,
            if total { class::STRONG } else { "" },
        );
        texts.text(W, y + 13.0, &value, class::STRONG_END);
        let shade = match (total, step.value >= 0.0) {
            (true, _) => "ac",
            (false, true) => "ps",
            (false, false) => "ng",
        };
        if !total && step.value == 0.0 {
            // Nothing came or went: the level goes on, in no colour of good or bad.
            upright(&mut svg, a, y + 18.0, y + 28.0);
        } else {
            svg.rect(a, y + 18.0, (b - a).max(1.5), 10.0, shade);
        }
        if torn {
            texts.path(
                &format!("M8 {0}l4-14M12 {0}l4-14", n(y + 30.0)),
                "",
                " stroke=\"var(--paper)\" stroke-width=\"2.5\"",
            );
        }
        if let Some(next) = of.steps.get(i + 1) {
            connect(&mut svg, x(*to), y + 28.0, taken(of, next));
        }
    }
    svg.raw(texts.markup());
    svg.finish(W, height, of.title, "", "")
}

/// What the texts of a row take at its left and at its right.
fn taken(of: &Waterfall<'_>, step: &Step) -> (f64, f64) {
    let value = match step.kind {
        Kind::Total => (of.total)(step.value),
        Kind::Move => (of.change)(step.value),
    };
    (
        text_width(&step.label, 12.0) + 4.0,
        text_width(&value, 12.0) + 4.0,
    )
}

/// The line from a bar to the next, broken where it would run through the texts between them.
fn connect(svg: &mut Svg, x: f64, from: f64, taken: (f64, f64)) {
    let to = from + ROW - 10.0;
    if x < taken.0 || x > W - taken.1 {
        upright(svg, x, from, from + 5.0);
        upright(svg, x, to - 3.0, to);
    } else {
        upright(svg, x, from, to);
    }
}

fn upright(svg: &mut Svg, x: f64, from: f64, to: f64) {
    svg.path(
        &format!("M{} {}V{}", n(x), n(from), n(to)),
        "",
        " stroke=\"var(--ink3)\" stroke-width=\"1\" fill=\"none\"",
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(label: &str, value: f64, kind: Kind) -> Step {
        Step {
            label: label.to_owned(),
            value,
            kind,
        }
    }

    fn statement(opening: f64) -> Vec<Step> {
        vec![
            step("Opening", opening, Kind::Total),
            step("New", 118.0, Kind::Move),
            step("Lost", -87.0, Kind::Move),
            step("Closing", opening + 31.0, Kind::Total),
        ]
    }

    fn drawn(steps: &[Step]) -> String {
        waterfall(&Waterfall {
            steps,
            total: &|v| format!("{v}"),
            change: &|v| format!("{v:+}"),
            title: "t",
        })
    }

    #[test]
    fn the_scale_is_cut_only_where_totals_dwarf_the_moves() {
        let start = waterfall_start(&statement(1236.0)).unwrap();
        assert!((1000.0..1236.0).contains(&start), "{start}");
        assert_eq!(waterfall_start(&statement(100.0)), None);
        assert_eq!(waterfall_start(&[]), None);
        assert_eq!(waterfall_start(&[step("Opening", 0.0, Kind::Total)]), None);
        assert!(drawn(&statement(1236.0)).contains("l4-14"));
        assert!(!drawn(&statement(100.0)).contains("l4-14"));
    }

    #[test]
    fn losses_and_gains_are_told_apart() {
        let svg = drawn(&statement(100.0));
        assert_eq!(svg.matches("class=\"ps\"").count(), 1);
        assert_eq!(svg.matches("class=\"ng\"").count(), 1);
        assert_eq!(svg.matches("class=\"ac\"").count(), 2);
        assert!(svg.contains("+118") && svg.contains("-87"));
    }

    #[test]
    fn where_nothing_came_or_went_there_is_no_bar() {
        let steps = [step("a", 5.0, Kind::Total), step("b", 0.0, Kind::Move)];
        let svg = drawn(&steps);
        assert!(!svg.contains("class=\"ps\"") && !svg.contains("class=\"ng\""));
    }

    #[test]
    fn a_connector_does_not_run_through_a_label() {
        let steps = [
            step("Opening active customers", 10.0, Kind::Total),
            step("Lost, acquired this quarter", -7.0, Kind::Move),
            step("Closing active customers", 3.0, Kind::Total),
        ];
        // Both connectors are in two pieces.
        assert_eq!(drawn(&steps).matches("var(--ink3)").count(), 4);
        let steps = [step("a", 5.0, Kind::Total), step("b", 5.0, Kind::Move)];
        assert_eq!(drawn(&steps).matches("var(--ink3)").count(), 1);
    }

    #[test]
    fn a_long_label_is_cut_before_its_value() {
        let long = "ลูกค้าที่หายไปในระหว่างไตรมาสซึ่งเคยเป็นลูกค้าต้นงวดและไม่กลับมาซื้ออีกเลยตลอดทั้งปี";
        let svg = drawn(&[step(long, 1e9, Kind::Total)]);
        assert!(svg.contains('…'));
    }
}
