//! The primitives every chart is drawn with.

use std::fmt::Write;

use icu_segmenter::GraphemeClusterSegmenter;

/// A drawing in the making.
#[derive(Debug, Default)]
pub(super) struct Svg {
    body: String,
}

/// How a text is anchored and dressed, as classes of the style sheet.
pub(super) mod class {
    /// Quiet: small and grey.
    pub(crate) const QUIET: &str = "q";
    /// Strong: ink and bold.
    pub(crate) const STRONG: &str = "k";
    /// Quiet, ending at its place.
    pub(crate) const QUIET_END: &str = "q e";
    /// Quiet, centred on its place.
    pub(crate) const QUIET_MIDDLE: &str = "q m";
    /// Strong, ending at its place.
    pub(crate) const STRONG_END: &str = "k e";
    /// Strong, centred on its place.
    pub(crate) const STRONG_MIDDLE: &str = "k m";
}

impl Svg {
    /// Anything, as markup of ours: no text of data may come this way.
    pub(super) fn raw(&mut self, markup: &str) -> &mut Self {
        self.body.push_str(markup);
        self
    }

    /// A text at its baseline.
    pub(super) fn text(&mut self, x: f64, y: f64, text: &str, class: &str) -> &mut Self {
        let (x, y) = (n(x), n(y));
        let _ = write!(self.body, "<text x=\"{x}\" y=\"{y}\"{}>", classed(class));
        escape(text, &mut self.body);
        self.body.push_str("</text>");
        self
    }

    /// A rectangle; a negative width is none.
    pub(super) fn rect(&mut self, x: f64, y: f64, w: f64, h: f64, class: &str) -> &mut Self {
        let (x, y, w, h) = (n(x), n(y), n(w.max(0.0)), n(h));
        let _ = write!(
            self.body,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\"{}/>",
            classed(class)
        );
        self
    }

    /// A line.
    pub(super) fn line(&mut self, x1: f64, y1: f64, x2: f64, y2: f64, class: &str) -> &mut Self {
        let _ = write!(
            self.body,
            "<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"{}/>",
            n(x1),
            n(y1),
            n(x2),
            n(y2),
            classed(class)
        );
        self
    }

    /// A path of ours, with further attributes.
    pub(super) fn path(&mut self, d: &str, class: &str, more: &str) -> &mut Self {
        let _ = write!(self.body, "<path d=\"{d}\"{}{more}/>", classed(class));
        self
    }

    /// A circle.
    pub(super) fn circle(&mut self, x: f64, y: f64, r: f64, class: &str) -> &mut Self {
        let (x, y) = (n(x), n(y));
        let _ = write!(
            self.body,
            "<circle cx=\"{x}\" cy=\"{y}\" r=\"{}\"{}/>",
            n(r),
            classed(class)
        );
        self
    }

    /// A status mark centred on a point; its symbol is defined once per page.
    pub(super) fn mark(&mut self, x: f64, y: f64, status: &str, size: f64) -> &mut Self {
        let _ = write!(
            self.body,
            "<use href=\"#s-{status}\" x=\"{}\" y=\"{}\" width=\"{size}\" height=\"{size}\"/>",
            n(x - size / 2.0),
            n(y - size / 2.0)
        );
        self
    }

    /// What was drawn so far, to be put into another drawing.
    pub(super) fn markup(&self) -> &str {
        &self.body
    }

    /// The whole drawing, said in words by `title`; `class` and `style` go to the element.
    pub(super) fn finish(self, w: f64, h: f64, title: &str, class: &str, style: &str) -> String {
        let class = if class.is_empty() {
            "ch".to_owned()
        } else {
            format!("ch {class}")
        };
        let style = if style.is_empty() {
            String::new()
        } else {
            format!(" style=\"{style}\"")
        };
        let mut head = String::new();
        let role = if title.is_empty() {
            " aria-hidden=\"true\""
        } else {
            head.push_str("<title>");
            escape(title, &mut head);
            head.push_str("</title>");
            " role=\"img\""
        };
        format!(
            "<svg class=\"{class}\" viewBox=\"0 0 {} {}\"{role}{style}>{head}{}</svg>",
            n(w),
            n(h),
            self.body
        )
    }
}

fn classed(class: &str) -> String {
    if class.is_empty() {
        String::new()
    } else {
        format!(" class=\"{class}\"")
    }
}

/// A coordinate: one decimal, none where it is zero, never a negative zero.
pub(super) fn n(v: f64) -> String {
    let v = if v.is_finite() { v } else { 0.0 };
    let text = format!("{v:.1}");
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if text == "-0" { "0" } else { text }.to_owned()
}

/// Appends a text as markup content or attribute value.
pub(super) fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
}

/// The width of a run of text in units, generously: no font is at hand, and the reader's is not
/// known. Thai vowels and tones above and below the letter, and combining marks, have none.
pub fn text_width(text: &str, size: f64) -> f64 {
    let ems: f64 = text
        .chars()
        .map(|c| match c {
            '\u{e31}' | '\u{e34}'..='\u{e3a}' | '\u{e47}'..='\u{e4e}' | '\u{300}'..='\u{36f}' => {
                0.0
            }
            ' ' | '\u{a0}' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | 'i' | 'l' | 'I' => 0.28,
            '\u{e00}'..='\u{e7f}' => 0.60,
            c if c.is_ascii_digit() => 0.57,
            'M' | 'W' | 'm' | 'w' | '%' | '—' => 0.88,
            c if c.is_uppercase() => 0.68,
            c if (c as u32) > 0x2e80 => 1.0,
            _ => 0.55,
        })
        .sum();
    ems * size
}

/// The text, or as much of its beginning as fits, with an ellipsis; cut between what is read as one
/// letter, so that no Thai tone loses its consonant.
pub(super) fn fit(text: &str, size: f64, width: f64) -> String {
    if text_width(text, size) <= width {
        return text.to_owned();
    }
    let room = width - text_width("…", size);
    let mut end = 0;
    for boundary in GraphemeClusterSegmenter::new().segment_str(text) {
        if text_width(&text[..boundary], size) > room {
            break;
        }
        end = boundary;
    }
    format!("{}…", text[..end].trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_are_short_and_never_negative_zero() {
        assert_eq!(n(12.0), "12");
        assert_eq!(n(12.34), "12.3");
        assert_eq!(n(-0.04), "0");
        assert_eq!(n(f64::NAN), "0");
    }

    #[test]
    fn thai_marks_have_no_width_and_stay_with_their_letter() {
        assert_eq!(text_width("กี่", 10.0), text_width("ก", 10.0));
        let cut = fit("ที่ที่ที่ที่", 10.0, 20.0);
        assert_eq!(cut, "ที่ที่…");
        assert_eq!(fit("short", 12.0, 100.0), "short");
    }

    #[test]
    fn text_never_becomes_markup() {
        let mut svg = Svg::default();
        svg.text(0.0, 0.0, "<script>&\"'", "");
        let out = svg.finish(1.0, 1.0, "</title><script>", "", "");
        assert!(!out.contains("<script"), "{out}");
        assert!(out.contains("&lt;/title&gt;"), "{out}");
    }
}
