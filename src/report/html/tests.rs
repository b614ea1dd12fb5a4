use std::collections::BTreeSet;

use super::*;
use crate::report::fixture;
use crate::report::locale::tests::locale;
use crate::workspace::Language;

/// The shipped pages of a report in a language, with the index and what is handed back without one.
fn pages(report: &Report, over: &Index, language: Language) -> Vec<(String, String)> {
    let currency = if language == Language::Vi {
        "VND"
    } else {
        "THB"
    };
    let (files, locale) = (Files::built_in(), locale(language, currency));
    let mut report = report.clone();
    report.language = language.code().to_owned();
    let mut pages = render(&report, &files, &locale).unwrap();
    pages.push((INDEX.to_owned(), index(over, &files, &locale).unwrap()));
    let list = RepairList {
        language: report.language.clone(),
        data: report.data.clone(),
        ..fixture::full_repair_list()
    };
    pages.push(repair_list(&list, &files, &locale).unwrap());
    pages
}

/// Every shipped page of a full and of an empty report in every language.
fn all() -> Vec<(String, String)> {
    let full = (fixture::full(), fixture::full_index());
    let empty = (fixture::empty(), fixture::empty_index());
    Language::ALL
        .into_iter()
        .flat_map(|language| {
            [&full, &empty]
                .into_iter()
                .flat_map(move |(report, over)| pages(report, over, language))
                .map(move |(file, text)| (format!("{file} in {}", language.code()), text))
        })
        .collect()
}

/// The values of an attribute, in order.
fn attributes<'a>(page: &'a str, name: &str) -> Vec<&'a str> {
    let needle = format!(" {name}=\"");
    page.split(needle.as_str())
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect()
}

#[test]
fn the_pages_of_a_period_stand_in_their_order() {
    let files: Vec<String> = render(
        &fixture::full(),
        &Files::built_in().with("report-templates/board.html", "{{ client.currency }}"),
        &locale(Language::En, "USD"),
    )
    .unwrap()
    .into_iter()
    .map(|(file, _)| file)
    .filter(|file| file != "roi.html")
    .collect();
    let order = [
        "scorecard.html",
        "customers.html",
        "profiles.html",
        "data-quality.html",
        "board.html",
    ];
    assert_eq!(files, order);
}

#[test]
fn a_page_loads_nothing() {
    for (name, page) in all() {
        for outside in ["http:", "https:", "//", "@import", "src=", "url("] {
            let found = page
                .match_indices(outside)
                .map(|(at, _)| page[at..].chars().take(40).collect::<String>())
                // Hatches are drawn in the page itself; a script's comments are no address.
                .find(|found| !found.starts_with("url(#") && !found.starts_with("// "));
            assert_eq!(found, None, "{name}");
        }
        assert!(page.contains("default-src 'none'"), "{name}");
    }
}

#[test]
fn text_of_data_becomes_neither_markup_nor_a_hole_in_it() {
    for (name, page) in all() {
        assert!(!page.contains("<script>alert"), "{name}");
        assert!(!page.contains("{%"), "{name}");
        let said = page.split("<script>").next().unwrap_or_default();
        for nothing in [">null<", "NaN", "undefined", ">None<"] {
            assert!(!said.contains(nothing), "{name} prints {nothing}");
        }
    }
}

#[test]
fn ids_are_unique_and_links_within_a_page_lead_somewhere() {
    for (name, page) in all() {
        let ids = attributes(&page, "id");
        let unique: BTreeSet<_> = ids.iter().copied().collect();
        assert_eq!(unique.len(), ids.len(), "{name} repeats an id");
        for href in attributes(&page, "href") {
            if let Some(id) = href.strip_prefix('#') {
                // The fixture's alerts name KPIs of the full scorecard.
                let known = unique.contains(id) || id.starts_with("k-");
                assert!(known, "{name} links to #{id}");
            }
        }
    }
}

#[test]
fn elements_close_in_the_order_they_open() {
    const VOID: [&str; 5] = ["meta", "input", "br", "link", "img"];
    for (name, page) in all() {
        let body = page.split("<style>").next().unwrap().to_owned()
            + page.split("</style>").nth(1).unwrap();
        let body = match body.split_once("<script>") {
            Some((before, after)) => before.to_owned() + after.split_once("</script>").unwrap().1,
            None => body,
        };
        let mut open = Vec::new();
        for part in body.split('<').skip(1) {
            let (tag, _) = part.split_once('>').unwrap_or((part, ""));
            let word: String = tag
                .trim_start_matches('/')
                .chars()
                .take_while(char::is_ascii_alphanumeric)
                .collect();
            if tag.starts_with('!') || tag.ends_with('/') || VOID.contains(&word.as_str()) {
                continue;
            }
            if tag.starts_with('/') {
                assert_eq!(open.pop(), Some(word), "{name}");
            } else {
                open.push(word);
            }
        }
        assert!(open.is_empty(), "{name}: {open:?}");
    }
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    let of = || pages(&fixture::full(), &fixture::full_index(), Language::Th);
    assert_eq!(of(), of());
}

#[test]
fn a_page_is_in_the_language_of_the_report() {
    for language in Language::ALL {
        for (name, page) in pages(&fixture::full(), &fixture::full_index(), language) {
            if name != INDEX {
                let lang = format!("<html lang=\"{}\">", language.code());
                assert!(page.contains(&lang), "{name}");
            }
        }
    }
    let thai = pages(&fixture::full(), &fixture::full_index(), Language::Th);
    assert!(thai[0].1.contains("ข้อมูลถึง 30 ก.ย. 2569"));
}

#[test]
fn an_unmeasured_perspective_lists_what_is_missing_and_draws_no_bullet() {
    let page = &pages(&fixture::empty(), &fixture::empty_index(), Language::En)[0].1;
    assert!(page.contains("Why not, and what would cure it"));
    assert!(!page.contains("Against target"));
    assert!(page.contains("Too little measured"));
}

#[test]
fn a_clients_colour_is_laid_over_the_theme() {
    let files = Files::built_in().with("report-templates/brand.css", ":root{--brand:#7a1f3d}");
    let page = &render(&fixture::full(), &files, &locale(Language::En, "USD")).unwrap()[0].1;
    let (theme, brand) = (
        page.find("--brand:var(--accent)"),
        page.find("--brand:#7a1f3d"),
    );
    assert!(theme.unwrap() < brand.unwrap());
}

#[test]
fn every_page_that_fails_is_named() {
    let files = Files::built_in()
        .with("report-templates/a.html", "{{ scorecard.total.score }}")
        .with(
            "report-templates/b.html",
            "{{ period.label }}\n{{ nothing }}",
        );
    let problems = render(&fixture::full(), &files, &locale(Language::En, "USD")).unwrap_err();
    let places: Vec<String> = problems
        .iter()
        .map(|problem| problem.place.as_ref().unwrap().to_string())
        .collect();
    assert_eq!(
        places,
        ["report-templates/a.html:1:4", "report-templates/b.html:2:4"]
    );
}
