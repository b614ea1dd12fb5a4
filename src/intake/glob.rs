//! Patterns of file names: `*` for anything within a folder, `**` across folders, `?` for one
//! character. A pattern without `/` is matched against the file's name in whatever folder.

use unicode_normalization::UnicodeNormalization;

/// Whether a path within the inbox matches a pattern, whatever the case and composition of letters.
pub(super) fn matches(pattern: &str, path: &str) -> bool {
    let plain = |text: &str| -> Vec<char> { text.nfc().flat_map(char::to_lowercase).collect() };
    let path = if pattern.contains('/') {
        path
    } else {
        path.rsplit('/').next().unwrap_or(path)
    };
    match_from(&plain(pattern.trim_start_matches("./")), &plain(path))
}

/// Backtracks to the last star only, so that no pattern takes more than pattern × path steps for
/// single stars; `**` recurses, and patterns have few of them.
fn match_from(pattern: &[char], path: &[char]) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    loop {
        if pattern[p..].starts_with(&['*', '*']) {
            let rest = &pattern[p + 2..];
            let rest_at_root = rest.strip_prefix(&['/']).unwrap_or(rest);
            return match_from(rest_at_root, &path[t..])
                || (t..=path.len()).any(|from| match_from(rest, &path[from..]));
        }
        match (pattern.get(p), path.get(t)) {
            (None, None) => return true,
            (Some('*'), _) => {
                star = Some((p, t));
                p += 1;
                continue;
            }
            (Some('?'), Some(c)) if *c != '/' => {
                (p, t) = (p + 1, t + 1);
                continue;
            }
            (Some(wanted), Some(found)) if wanted == found && *wanted != '?' => {
                (p, t) = (p + 1, t + 1);
                continue;
            }
            _ => {}
        }
        match star {
            Some((at, taken)) if taken < path.len() && path[taken] != '/' => {
                star = Some((at, taken + 1));
                (p, t) = (at + 1, taken + 1);
            }
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn patterns() {
        for (pattern, path, expected) in [
            ("ยอดขาย*.xlsx", "ยอดขาย 2569-09.xlsx", true),
            ("ยอดขาย*.xlsx", "2569/ยอดขาย.xlsx", true),
            ("ยอดขาย*.xlsx", "ยอดขาย.csv", false),
            ("*.xlsx", "a/b.XLSX", true),
            ("2026/*.csv", "2026/a.csv", true),
            ("2026/*.csv", "2026/q3/a.csv", false),
            ("2026/**/*.csv", "2026/q3/a.csv", true),
            ("2026/**/*.csv", "2026/a.csv", true),
            ("**", "a/b/c", true),
            ("sales-?.csv", "sales-1.csv", true),
            ("sales-?.csv", "sales-12.csv", false),
            ("a*b*c", "aXbXbXc", true),
            ("a*b*c", "aXbXbX", false),
            ("Hoa\u{301} đơn.xlsx", "Hoá đơn.xlsx", true),
            ("", "", true),
        ] {
            assert_eq!(matches(pattern, path), expected, "{pattern} {path}");
        }
    }

    proptest! {
        #[test]
        fn a_name_matches_itself_and_a_star(name in "[a-z.]{1,12}", cut in 0usize..12) {
            prop_assert!(matches(&name, &name));
            let cut = cut.min(name.len());
            let (start, end) = (format!("{}*", &name[..cut]), format!("*{}", &name[cut..]));
            prop_assert!(matches(&start, &name));
            prop_assert!(matches(&end, &name));
        }

        #[test]
        fn it_ends(pattern in "[a*?/]{0,12}", path in "[a/]{0,12}") {
            let _ = matches(&pattern, &path);
        }
    }
}
