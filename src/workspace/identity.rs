//! `[identity]` of the settings: what tells that two ids are one customer.

use std::str::FromStr;

use super::toml_reader::{Located, Table};
use crate::diagnostics::codes::workspace::BAD_VALUE;
use crate::diagnostics::{Diagnostic, Diagnostics, suggestion};

/// Something known of a customer that can be told from one sheet to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trait {
    /// The number the tax office gave.
    TaxId,
    /// A telephone number; a customer may have several.
    Phone,
    /// An e-mail address.
    Email,
    /// The name, without titles and forms of company.
    Name,
    /// The day of birth.
    BirthDate,
    /// The address.
    Address,
    /// The province.
    Province,
}

impl Trait {
    /// Every trait.
    pub const ALL: [Self; 7] = [
        Self::TaxId,
        Self::Phone,
        Self::Email,
        Self::Name,
        Self::BirthDate,
        Self::Address,
        Self::Province,
    ];

    /// Its name in TOML and SQL, and by which the catalogues know it.
    pub fn name(self) -> &'static str {
        match self {
            Self::TaxId => "tax-id",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Name => "name",
            Self::BirthDate => "birth-date",
            Self::Address => "address",
            Self::Province => "province",
        }
    }
}

/// Traits that two customers have in common, all of them: `name + birth-date`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key(Vec<Trait>);

impl Key {
    /// The key of these traits, each once, in the order of [`Trait::ALL`].
    pub fn of(traits: &[Trait]) -> Self {
        let mut traits = traits.to_vec();
        traits.sort_unstable();
        traits.dedup();
        Self(traits)
    }

    /// Its traits, at least one.
    pub fn traits(&self) -> &[Trait] {
        &self.0
    }
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&str> = self.0.iter().map(|of| of.name()).collect();
        f.write_str(&names.join(" + "))
    }
}

impl FromStr for Key {
    /// The name that is none of a trait.
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let named = |name: &str| Trait::ALL.into_iter().find(|of| of.name() == name);
        let traits = text.split('+').map(str::trim);
        let traits = traits.map(|name| named(name).ok_or_else(|| name.to_owned()));
        Ok(Self::of(&traits.collect::<Result<Vec<_>, _>>()?))
    }
}

/// The country whose way of writing telephone and tax numbers holds where a number does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Country {
    /// Thailand.
    Th,
    /// Vietnam.
    Vn,
}

impl Country {
    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Th => "TH",
            Self::Vn => "VN",
        }
    }

    fn of_currency(code: &str) -> Option<Self> {
        match code {
            "THB" => Some(Self::Th),
            "VND" => Some(Self::Vn),
            _ => None,
        }
    }
}

impl FromStr for Country {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        [Self::Th, Self::Vn]
            .into_iter()
            .find(|country| country.code() == text)
            .ok_or_else(|| format!("`{text}` is not one of TH, VN"))
    }
}

/// What tells that two ids are one customer.
#[derive(Debug, Clone, PartialEq)]
pub struct Identity {
    /// Customers with one of these in common are one customer.
    pub keys: Vec<Key>,
    /// Customers with one of these in common are proposed to be one.
    pub propose: Vec<Key>,
    /// A value that more customers than this have in common tells nothing: the telephone of the
    /// shop, `0000000000`.
    pub most_shared: usize,
    /// Whether what names a contact belongs to the customer whose contact it is.
    pub contacts_are_accounts: bool,
    /// How numbers are written where they do not say; none where they are compared digit by digit.
    pub country: Option<Country>,
}

/// Customers that a trait is shared by at most.
const MOST_SHARED: usize = 5;

/// Reads `[identity]`; none where there is none. `currency` says which country it is where the table
/// does not.
pub(super) fn read_identity(
    root: &mut Table<'_>,
    currency: &str,
    problems: &mut Diagnostics,
) -> Option<Identity> {
    let mut table = root.table("identity", problems)?;
    let keys = keys(&mut table, "keys", problems).unwrap_or_default();
    let propose = match self::keys(&mut table, "propose", problems) {
        Some(propose) => propose,
        None => proposed_by_default(),
    };
    let most_shared = table.whole("max-shared", 2..=100, problems);
    let contacts = table.boolean("contacts-are-accounts", problems);
    let country = table.parsed("country", problems);
    table.finish(problems);
    Some(Identity {
        propose: propose
            .into_iter()
            .filter(|key| !keys.contains(key))
            .collect(),
        keys,
        most_shared: most_shared.map_or(MOST_SHARED, |most| most.value as usize),
        contacts_are_accounts: contacts.is_some_and(|contacts| contacts.value),
        country: country
            .map(|country| country.value)
            .or_else(|| Country::of_currency(currency)),
    })
}

/// What makes two customers likely to be one, in most trades.
fn proposed_by_default() -> Vec<Key> {
    [
        &[Trait::TaxId][..],
        &[Trait::Phone],
        &[Trait::Email],
        &[Trait::Name, Trait::BirthDate],
        &[Trait::Name, Trait::Address],
    ]
    .map(Key::of)
    .to_vec()
}

/// A list of keys, each once, in the order written.
fn keys(table: &mut Table<'_>, name: &'static str, problems: &mut Diagnostics) -> Option<Vec<Key>> {
    let given = table.texts(name, problems)?;
    let mut keys: Vec<Key> = Vec::new();
    for Located { value, place } in given.value {
        match value.parse::<Key>() {
            Ok(key) if keys.contains(&key) => {}
            Ok(key) => keys.push(key),
            Err(unknown) => {
                let message = format!(
                    "`identity.{name}`: `{unknown}` is nothing that customers can have in common"
                );
                let known = Trait::ALL.iter().map(|of| of.name());
                problems.push(
                    Diagnostic::error(&BAD_VALUE, message)
                        .at(place)
                        .maybe_help(suggestion(&unknown, known)),
                );
            }
        }
    }
    Some(keys)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Source;
    use crate::workspace::{Config, Document};

    fn read(text: &str) -> (Option<Identity>, Diagnostics) {
        let source = Source::new("quarterdeck.toml", text);
        let mut problems = Diagnostics::new();
        let document = Document::parse(&source).unwrap();
        let mut root = document.root();
        let identity = read_identity(&mut root, "THB", &mut problems);
        (identity, problems)
    }

    #[test]
    fn keys_are_traits_put_together() {
        let (identity, problems) = read(
            "[identity]\nkeys = [\"phone\", \"birth-date + name\", \"name + birth-date\"]\nmax-shared = 3\n",
        );
        assert!(problems.is_empty(), "{problems:?}");
        let identity = identity.unwrap();
        let keys: Vec<String> = identity.keys.iter().map(Key::to_string).collect();
        assert_eq!(keys, ["phone", "name + birth-date"]);
        let propose: Vec<String> = identity.propose.iter().map(Key::to_string).collect();
        assert_eq!(propose, ["tax-id", "email", "name + address"]);
        assert_eq!(identity.most_shared, 3);
        assert_eq!(identity.country, Some(Country::Th));
        assert!(!identity.contacts_are_accounts);
    }

    #[test]
    fn without_the_table_nothing_is_looked_for() {
        assert_eq!(read("").0, None);
        let mut problems = Diagnostics::new();
        let config = Config::parse(&Source::new("quarterdeck.toml", ""), "x", &mut problems);
        assert_eq!(config.identity, None);
    }

    #[test]
    fn every_mistake_is_found_with_the_nearest_name() {
        let (_, problems) = read(
            "[identity]\nkeys = [\"fone\", \"name + birthdate\"]\npropos = []\ncountry = \"TL\"\n",
        );
        let said: Vec<String> = problems
            .iter()
            .map(|problem| {
                let help = problem.help.as_deref().unwrap_or_default();
                format!("{} {help}", problem.message)
            })
            .collect();
        assert_eq!(said.len(), 4, "{said:?}");
        assert!(
            said.iter()
                .any(|text| text.contains("`fone`") && text.contains("`phone`")),
            "{said:?}"
        );
        assert!(
            said.iter().any(|text| text.contains("`birth-date`")),
            "{said:?}"
        );
        assert!(
            said.iter().any(|text| text.contains("`propose`")),
            "{said:?}"
        );
        assert!(said.iter().any(|text| text.contains("TH, VN")), "{said:?}");
    }
}
