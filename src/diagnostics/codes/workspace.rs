//! Codes of the workspace: its folder and its TOML files.

use crate::diagnostics::code::codes;

codes! {
    SYNTAX = "toml-syntax", "The file is not valid TOML: often a missing quote, bracket or equals sign. Correct the marked place.";
    UNKNOWN_KEY = "unknown-key", "The key is not one that is read here, so it would have no effect. Correct its spelling or remove it.";
    MISSING_KEY = "missing-key", "A key that must be there is not. Add it.";
    WRONG_TYPE = "wrong-type", "The value is of another kind than the key takes, such as text where a number belongs. Change the value.";
    BAD_VALUE = "bad-value", "The value is of the right kind but not one the key can take. Change it as the message says.";
    NO_FOLDER = "no-folder", "The workspace, or a folder named in it, does not exist. Check the path, or create one with `quarterdeck init`.";
    UNREADABLE_FILE = "unreadable-file", "A file of the workspace exists but cannot be read: permissions, or text that is not UTF-8.";
    NOT_BUILT_IN = "not-built-in", "The path names no file that ships with quarterdeck. `quarterdeck eject --help` lists them.";
    NOT_A_TABLE = "not-a-table", "The name is not that of a table. `quarterdeck template --help` lists them.";
    NOT_WRITTEN = "not-written", "A file could not be written: no room, no permission, or another program has it open.";
    ALREADY_THERE = "already-there", "The file is in the workspace already and is not overwritten. Remove or rename it first.";
}
