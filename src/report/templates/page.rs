//! Which pages a period has, and which of them a template is rendered for.

use serde::Serialize;

use crate::report::locale::Locale;

/// The page over all periods.
pub const INDEX: &str = "index.html";

/// The page and the workbook of what is to be mended, where no report is published.
pub const REPAIR_LIST: [&str; 2] = ["repair-list.html", "repair-list.xlsx.xml"];

/// Whether a template is rendered for each period.
pub(super) fn is_of_period(template: &str) -> bool {
    template != INDEX && !REPAIR_LIST.contains(&template)
}

/// The pages that ship, in the order people read them; a workspace's own follow by name.
const ORDER: [&str; 5] = ["scorecard", "roi", "customers", "profiles", "data-quality"];

/// A page of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Page {
    /// `scorecard`.
    pub name: String,
    /// `scorecard.html`.
    pub file: String,
    /// What links to it say.
    pub label: String,
}

impl Page {
    /// The page of a template.
    pub(super) fn of(file: &str, locale: &Locale) -> Self {
        let name = file.split('.').next().unwrap_or(file);
        let key = format!("page.nav.{name}");
        Self {
            name: name.to_owned(),
            file: file.to_owned(),
            label: if locale.has(&key) {
                locale.text(&key).to_owned()
            } else {
                name.to_owned()
            },
        }
    }

    /// The pages of a period among templates.
    pub(super) fn all<'a>(templates: impl Iterator<Item = &'a str>, locale: &Locale) -> Vec<Self> {
        let mut pages: Vec<_> = templates
            .filter(|file| file.ends_with(".html") && is_of_period(file))
            .map(|file| Self::of(file, locale))
            .collect();
        pages.sort_by_key(|page| place(&page.file));
        pages
    }
}

/// What orders the files of a period: page by page as people read them, each before its workbook.
pub fn place(file: &str) -> (usize, String) {
    let name = file.split('.').next().unwrap_or(file);
    let place = ORDER.iter().position(|known| *known == name);
    (place.unwrap_or(ORDER.len()), file.to_owned())
}
