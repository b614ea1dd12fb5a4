//! Shares of a whole as stacked bars, one bar per row, the same order in each.

use super::svg::{Svg, fit, n, text_width};

/// One bar.
#[derive(Debug, Clone, PartialEq)]
pub struct ShareRow {
    /// What the whole is.
    pub label: String,
    /// Its parts, in the order of the classes; what is not positive has no share.
    pub parts: Vec<f64>,
}

/// The tints of the value classes, in their order; a client's own classes take them in turn.
const TINTS: [(&str, &str); 5] = [
    ("MVC", "mvc"),
    ("MGC", "mgc"),
    ("Steady", "steady"),
    ("Migrator", "migrator"),
    ("BZ", "bz"),
];

/// The tint of a class as a variable of the style sheet, by name or else by its place.
pub fn class_colour(class: &str, place: usize) -> &'static str {
    TINTS
        .iter()
        .find(|(name, _)| *name == class)
        .unwrap_or(&TINTS[place % TINTS.len()])
        .1
}

/// 360 wide, 46 per row. `percent` prints a share.
pub fn shares(
    rows: &[ShareRow],
    classes: &[String],
    percent: &dyn Fn(f64) -> String,
    title: &str,
) -> String {
    const W: f64 = 360.0;
    const ROW: f64 = 46.0;
    let mut svg = Svg::default();
    for (i, row) in rows.iter().enumerate() {
        let y = ROW * i as f64;
        let whole: f64 = row.parts.iter().filter(|part| **part > 0.0).sum();
        svg.text(0.0, y + 12.0, &fit(&row.label, 12.0, W), "");
        if whole <= 0.0 {
            svg.rect(0.5, y + 18.5, W - 1.0, 19.0, "na");
            continue;
        }
        let mut x = 0.0;
        for (place, (class, part)) in classes.iter().zip(&row.parts).enumerate() {
            if *part <= 0.0 {
                continue;
            }
            let w = W * part / whole;
            let tint = class_colour(class, place);
            svg.raw(&format!(
                "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"20\" fill=\"var(--{tint})\"/>",
                n(x),
                n(y + 18.0),
                n((w - 1.5).max(0.5)),
            ));
            let label = percent(part / whole);
            if w > text_width(&label, 12.0) + 6.0 {
                svg.text(x + w / 2.0, y + 32.0, &label, &format!("m on c-{tint}"));
            }
            x += w;
        }
    }
    svg.finish(W, ROW * rows.len() as f64 - 6.0, title, "", "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_positive_has_a_share_and_small_shares_no_label() {
        let classes: Vec<String> = ["MVC", "Steady", "BZ"].map(str::to_owned).to_vec();
        let row = ShareRow {
            label: "Value".to_owned(),
            parts: vec![99.0, 1.0, -40.0],
        };
        let svg = shares(
            &[row],
            &classes,
            &|share| format!("{:.0}%", share * 100.0),
            "t",
        );
        assert!(svg.contains("99%"));
        assert!(!svg.contains("1%<"), "{svg}");
        assert!(!svg.contains("--bz"));
    }

    #[test]
    fn a_whole_of_nothing_is_an_outline() {
        let row = ShareRow {
            label: String::new(),
            parts: vec![0.0],
        };
        assert!(
            shares(&[row], &["MVC".to_owned()], &|_| String::new(), "").contains("class=\"na\"")
        );
    }

    #[test]
    fn a_clients_own_class_takes_a_tint_in_turn() {
        assert_eq!(class_colour("BZ", 0), "bz");
        assert_eq!(class_colour("Gold", 1), "mgc");
        assert_eq!(class_colour("Gold", 6), "mgc");
    }
}
