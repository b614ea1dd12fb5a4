use super::*;
use crate::report::fixture;
use crate::report::locale::tests::locale;
use crate::workspace::Language;

fn pages(report: &Report, language: Language) -> Vec<(String, String)> {
    let currency = if language == Language::Vi { "VND" } else { "THB" };
    render(report, &Files::built_in(), &locale(language, currency)).unwrap()
}

#[test]
fn write_the_pages() {
    let Some(folder) = std::env::var_os("QUARTERDECK_PAGES") else {
        return;
    };
    for language in Language::ALL {
        let folder = std::path::Path::new(&folder).join(language.code());
        for (name, report) in [("full", fixture::full()), ("empty", fixture::empty())] {
            let folder = folder.join(name);
            std::fs::create_dir_all(&folder).unwrap();
            let mut report = report;
            report.language = language.code().to_owned();
            for (file, text) in pages(&report, language) {
                std::fs::write(folder.join(file), text).unwrap();
            }
        }
    }
}
