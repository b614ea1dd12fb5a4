//! `[profiles]` of the settings: how many customers get a page of their own.

use super::config::Defaults;
use super::toml_reader::Table;
use crate::diagnostics::Diagnostics;

/// How many customers get a page of their own, of those whom `rules/profiles.rhai` chooses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Profiles {
    /// At most so many, those of the greatest actual value first; 0 for none.
    pub most: u32,
}

impl Profiles {
    /// Pages where nothing is set: what a meeting goes through.
    const MOST: u32 = 25;

    pub(super) fn read(
        table: &mut Table<'_>,
        defaults: &mut Defaults,
        problems: &mut Diagnostics,
    ) -> Self {
        let most = table.whole("most", 0..=200, problems);
        Self {
            most: match most {
                Some(most) => most.value as u32,
                None => defaults.take("profiles.most", Self::MOST),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::diagnostics::{Diagnostics, Source};
    use crate::workspace::Config;

    fn parse(text: &str) -> (Config, Diagnostics) {
        let mut problems = Diagnostics::new();
        let config = Config::parse(&Source::new("q.toml", text), "folder", &mut problems);
        (config, problems)
    }

    #[test]
    fn how_many_is_bounded_and_a_default_where_it_is_not_said() {
        let (config, problems) = parse("[profiles]\nmost = 0\n");
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(config.profiles.most, 0);
        let (config, _) = parse("");
        assert_eq!(config.profiles.most, 25);
        assert!(
            config
                .defaults
                .iter()
                .any(|d| d.key == "profiles.most" && d.value == "25")
        );
        let (_, problems) = parse("[profiles]\nmost = 1000\n");
        assert_eq!(problems.iter().count(), 1);
    }
}
