//! Makes `samples/siam-coffee/inbox`: three years of a Thai coffee chain that does not exist, with every
//! table and the mess that real files have, and `source/ledger.json`, what its writer knows of it. Same
//! seed, same bytes.
//!
//!     cargo run --example siam_coffee_sample [FOLDER]
//!
//! Nothing of quarterdeck is used here: the ledger would not be worth comparing with otherwise.

mod customers;
mod ledger;
mod marketing;
mod money;
mod names;
mod paper;
mod people;
mod random;
mod sales;
mod service;
mod steering;
mod world;

use std::error::Error;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use ledger::Ledger;
use paper::Sheet;

const SEED: u64 = 2569;

/// The folder that is filled, and what was put into it.
pub(crate) struct Inbox {
    root: PathBuf,
    pub(crate) ledger: Ledger,
    pub(crate) seed: u64,
}

impl Inbox {
    fn place(&self, path: &str) -> std::io::Result<PathBuf> {
        let path = self.root.join("inbox").join(path);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        Ok(path)
    }

    pub(crate) fn workbook(&mut self, path: &str, sheets: &[Sheet]) -> Result<(), Box<dyn Error>> {
        paper::write_workbook(&self.place(path)?, sheets)?;
        self.ledger.file(&format!("inbox/{path}"), sheets, false);
        Ok(())
    }

    /// The same workbook under two names.
    pub(crate) fn copy(
        &mut self,
        path: &str,
        copy: &str,
        sheet: Sheet,
    ) -> Result<(), Box<dyn Error>> {
        let sheets = [sheet];
        self.workbook(path, &sheets)?;
        std::fs::copy(self.place(path)?, self.place(copy)?)?;
        self.ledger.copy(&format!("inbox/{copy}"), &sheets[0]);
        Ok(())
    }

    pub(crate) fn page(&mut self, path: &str, sheet: Sheet) -> Result<(), Box<dyn Error>> {
        paper::write_page(&self.place(path)?, &sheet)?;
        self.ledger.file(&format!("inbox/{path}"), &[sheet], true);
        Ok(())
    }

    pub(crate) fn text(&mut self, path: &str, sheet: Sheet) -> Result<(), Box<dyn Error>> {
        paper::write_csv(&self.place(path)?, &sheet)?;
        self.ledger.file(&format!("inbox/{path}"), &[sheet], true);
        Ok(())
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/siam-coffee");
    let root = std::env::args_os().nth(1).map_or(here, PathBuf::from);
    let world = world::World::new(SEED);
    let mut inbox = Inbox {
        root: root.clone(),
        ledger: Ledger::default(),
        seed: SEED,
    };
    sales::write(&world, &mut inbox)?;
    customers::write(&world, &mut inbox)?;
    money::write(&world, &mut inbox)?;
    marketing::write(&world, &mut inbox)?;
    service::write(&world, &mut inbox)?;
    people::write(&mut inbox)?;
    steering::write(&mut inbox)?;
    std::fs::create_dir_all(root.join("source"))?;
    inbox.ledger.write(&root.join("source/ledger.json"), SEED)?;
    writeln!(
        std::io::stdout().lock(),
        "{} members, {} companies and {} lines of sales in {}",
        world.members.len(),
        world.companies.len(),
        world.lines.len(),
        root.display()
    )?;
    Ok(())
}
