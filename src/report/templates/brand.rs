//! A client's own colours: any brand colour will do, an accent must be readable on paper.

use crate::diagnostics::codes::report::BRAND_CONTRAST;
use crate::diagnostics::{Diagnostic, Place};
use crate::workspace::{Files, Provenance};

/// The contrast that running text needs (WCAG 2.2, success criterion 1.4.3).
const READABLE: f64 = 4.5;

/// Finds accent colours of the workspace's style sheets that are hard to read on white paper.
pub(super) fn check(files: &Files) -> Vec<Diagnostic> {
    ["brand.css", "theme.css"]
        .into_iter()
        .filter_map(|name| {
            let path = format!("{}{name}", super::FOLDER);
            let own = files.provenance(&path) == Some(Provenance::Workspace);
            let source = files.get(&path).filter(|_| own)?;
            // The first is the one for paper; a later one is the dark screen's.
            let at = source.text.find("--accent:")? + "--accent:".len();
            let value = source.text[at..].split([';', '}']).next()?;
            let colour = value.trim();
            let contrast = contrast_with_white(colour)?;
            (contrast < READABLE).then(|| {
                let start = at + (value.len() - value.trim_start().len());
                Diagnostic::warning(
                    &BRAND_CONTRAST,
                    format!("the accent `{colour}` has a contrast of {contrast:.1} to 1 on paper; text needs {READABLE}"),
                )
                .at(Place::text(source, start..start + colour.len()))
                .help("set the light colour as `--brand`, and a darker one as `--accent`")
            })
        })
        .collect()
}

/// The contrast of `#rgb` or `#rrggbb` with white, 1 to 21; none for any other notation.
fn contrast_with_white(colour: &str) -> Option<f64> {
    let digits = colour.strip_prefix('#').filter(|d| d.is_ascii())?;
    let wide: String = match digits.len() {
        3 => digits.chars().flat_map(|c| [c, c]).collect(),
        6 => digits.to_owned(),
        _ => return None,
    };
    let channel = |at: usize| -> Option<f64> {
        let value = f64::from(u8::from_str_radix(&wide[at..at + 2], 16).ok()?) / 255.0;
        Some(if value <= 0.040_45 {
            value / 12.92
        } else {
            libm::pow((value + 0.055) / 1.055, 2.4)
        })
    };
    let luminance = 0.2126 * channel(0)? + 0.7152 * channel(2)? + 0.0722 * channel(4)?;
    Some(1.05 / (luminance + 0.05))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Black is 21 to 1, white 1 to 1, and #767676 the lightest grey that passes: WCAG's own examples.
    #[test]
    fn contrast_by_wcag() {
        let of = |colour| contrast_with_white(colour).unwrap();
        assert!((of("#000") - 21.0).abs() < 1e-9);
        assert!((of("#ffffff") - 1.0).abs() < 1e-9);
        assert!(of("#767676") >= 4.5 && of("#777777") < 4.5);
        assert_eq!(contrast_with_white("red"), None);
    }

    #[test]
    fn a_pale_accent_is_found_and_a_pale_brand_is_not() {
        let css = ":root{--brand:#ffd54a;--accent: #ffd54a}";
        let files = Files::built_in().with("report-templates/brand.css", css);
        let found = check(&files);
        assert_eq!(found.len(), 1);
        let place = found[0].place.as_ref().unwrap().to_string();
        assert_eq!(place, "report-templates/brand.css:1:33");
        assert!(check(&Files::built_in()).is_empty());
    }
}
