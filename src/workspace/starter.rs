//! The settings a new workspace starts with.

use std::path::Path;

use super::Language;
use super::config::folder_name;

/// A commented `quarterdeck.toml` for a new workspace, named after its folder.
pub fn settings_template(dir: &Path, language: Language) -> String {
    let name = toml::Value::String(folder_name(dir));
    let currency = match language {
        Language::En => "USD",
        Language::Th => "THB",
        Language::Vi => "VND",
    };
    include_str!("starter.toml")
        .replace("\"{name}\"", &name.to_string())
        .replace("{language}", language.code())
        .replace("{currency}", currency)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::{Diagnostics, Source};
    use crate::workspace::Config;

    #[test]
    fn the_starter_is_valid_in_every_language_and_for_any_folder_name() {
        for language in Language::ALL {
            let text = settings_template(Path::new("/tmp/ร้าน \"กาแฟ\""), language);
            let mut problems = Diagnostics::new();
            let config = Config::parse(&Source::new("quarterdeck.toml", text), "x", &mut problems);
            assert!(problems.is_empty(), "{problems:?}");
            assert_eq!(config.client.language, language);
            assert_eq!(config.client.name, "ร้าน \"กาแฟ\"");
        }
    }

    #[test]
    fn every_commented_key_is_one_that_is_read() {
        let text: String = settings_template(Path::new("x"), Language::En)
            .lines()
            .map(|line| {
                line.strip_prefix("# ")
                    .filter(|l| is_setting(l))
                    .unwrap_or(line)
            })
            .map(|line| format!("{line}\n"))
            .collect();
        let mut problems = Diagnostics::new();
        Config::parse(
            &Source::new("quarterdeck.toml", text.clone()),
            "x",
            &mut problems,
        );
        assert!(problems.is_empty(), "{problems:?}\n{text}");
    }

    fn is_setting(line: &str) -> bool {
        line.starts_with('[')
            || line
                .split_once(" = ")
                .is_some_and(|(key, _)| key.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'))
    }
}
