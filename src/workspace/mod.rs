//! A workspace: one folder per client, read once into a validated [`Config`] and its [`Files`].

mod config;
mod dated;
mod files;
mod identity;
mod input;
mod profiles;
mod scoring;
mod starter;
mod toml_reader;
mod value;
mod worth;

use std::path::{Path, PathBuf};

pub use config::{
    Activity, Calendar, Client, Config, Currency, DefaultUsed, EngineLimits, Language, Memory,
    NextBestProduct, OrderUnit, PairLevel, ReturnDay,
};
pub use dated::{AsOf, Dated};
pub use files::{Files, Provenance, shipped};
pub use identity::{Country, Identity, Key, Trait};
pub use input::{Input, InputFile, ReadLimits, TableLimit, Unpivot};
pub use profiles::Profiles;
pub use scoring::{CustomerScorecard, Monetary, Rfm, RfmMethod, Thresholds};
pub use starter::settings_template;
pub use toml_reader::{Document, Located, Table};
pub use value::{Basis, PeerKey, Value};
pub use worth::{Allocation, ChargedCost, Profitability, ReturnOnRelationship};

use crate::diagnostics::{Diagnostic, Diagnostics, codes};

/// A client's folder, its settings and its files.
#[derive(Debug, Clone)]
pub struct Workspace {
    /// The folder.
    pub root: PathBuf,
    /// Its settings, every default filled in.
    pub config: Config,
    /// Its rules and templates over the shipped ones.
    pub files: Files,
    /// Who reads its inbox.
    pub reader: Reader,
}

/// Who reads the files of an inbox, which nobody has checked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Reader {
    /// This process: what a file asks for, it may take down with it. Nothing is kept.
    #[default]
    ThisProcess,
    /// A process of this program for each file, within limits: the worst file costs one message.
    Program(PathBuf),
}

impl Workspace {
    /// Opens a folder. Without a `quarterdeck.toml` the folder itself is the inbox and every
    /// default holds.
    ///
    /// # Errors
    /// Every mistake in `quarterdeck.toml` and every unreadable file, at once.
    pub fn open(root: &Path) -> Result<Self, Diagnostics> {
        if !root.is_dir() {
            let message = format!("`{}` is not a folder", root.display());
            return Err(Diagnostic::error(&codes::workspace::NO_FOLDER, message)
                .help("give the folder that holds the client's spreadsheets")
                .into());
        }
        let mut problems = Diagnostics::new();
        let files = match Files::of(root) {
            Ok(files) => files,
            Err(found) => {
                problems.extend(found);
                Files::built_in()
            }
        };
        let config = Config::read(root, &mut problems);
        if problems.has_errors() {
            return Err(problems);
        }
        Ok(Self {
            root: root.to_owned(),
            config,
            files,
            reader: Reader::default(),
        })
    }

    /// The folder in which managers drop files.
    pub fn inbox(&self) -> PathBuf {
        self.root.join(&self.config.input.folder)
    }

    /// The folder that reports are published to.
    pub fn reports(&self) -> PathBuf {
        self.root.join("reports")
    }
}
