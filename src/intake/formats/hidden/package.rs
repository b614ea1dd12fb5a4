//! Workbooks whose sheets are parts of an archive: which part holds which sheet is told alike in all of
//! them, and only the parts are written differently.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use zip::ZipArchive;

use super::{HiddenRows, xlsb, xlsx};
use crate::intake::formats::plain::parts_by_relation;

/// Takes the name and the relation of a sheet.
type TakeSheet<'a> = &'a mut dyn FnMut(String, String);

/// How the parts of a workbook are written.
pub(super) struct Package {
    /// The part that lists the sheets, in `xl`.
    pub(super) workbook: &'static str,
    /// Gives name and relation of each sheet that it lists.
    pub(super) listed: fn(&mut dyn BufRead, TakeSheet<'_>) -> Option<()>,
    /// Adds the hidden rows of the part of a sheet.
    pub(super) rows: fn(&mut dyn BufRead, &mut HiddenRows) -> Option<()>,
}

/// A workbook, to be asked for the rows of one sheet after the other.
pub(in crate::intake::formats) struct Book {
    archive: ZipArchive<BufReader<File>>,
    package: Package,
    /// The part of each sheet.
    parts: BTreeMap<String, String>,
}

impl Book {
    /// Reads which sheets a workbook of Excel 2007 and later has; none where that cannot be told.
    pub(in crate::intake::formats) fn xlsx(path: &Path) -> Option<Self> {
        Self::open(path, xlsx::PACKAGE)
    }

    /// Reads which sheets a binary workbook has; none where that cannot be told.
    pub(in crate::intake::formats) fn xlsb(path: &Path) -> Option<Self> {
        Self::open(path, xlsb::PACKAGE)
    }

    fn open(path: &Path, package: Package) -> Option<Self> {
        let mut archive = ZipArchive::new(BufReader::new(File::open(path).ok()?)).ok()?;
        let workbook = package.workbook;
        let relations = format!("xl/_rels/{workbook}.rels");
        let related = parts_by_relation(&mut archive, &relations).ok()?;
        let listed = archive.by_name(&format!("xl/{workbook}")).ok()?;
        let mut parts = BTreeMap::new();
        // What is listed before something that cannot be read is there.
        let _ = (package.listed)(&mut BufReader::new(listed), &mut |name, relation| {
            if let Some(part) = related.get(&relation) {
                parts.entry(name).or_insert_with(|| part.clone());
            }
        });
        Some(Self {
            archive,
            package,
            parts,
        })
    }

    /// The hidden rows of a sheet.
    pub(in crate::intake::formats) fn rows(&mut self, sheet: &str) -> HiddenRows {
        let mut hidden = HiddenRows::default();
        if let Some(part) = self.parts.get(sheet)
            && let Ok(input) = self.archive.by_name(part)
        {
            let mut input = BufReader::with_capacity(1 << 16, input);
            let _ = (self.package.rows)(&mut input, &mut hidden);
        }
        hidden
    }
}
