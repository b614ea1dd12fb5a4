//! Holds the modules to their order: each uses those above it in the table of `lib.rs`, never below.

use std::collections::BTreeSet;
use std::path::Path;

use walkdir::WalkDir;

/// The modules in the order of the table at the head of `lib.rs`.
fn declared_order() -> Vec<String> {
    include_str!("lib.rs")
        .lines()
        .filter_map(|line| line.strip_prefix("//! | [`")?.split('`').next())
        .map(str::to_owned)
        .collect()
}

/// The modules that code names by `crate::…`, alone or in braces; comments do not count.
fn used_modules(code: &str) -> BTreeSet<String> {
    let code: String = code
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| [line, "\n"])
        .collect();
    let mut used = BTreeSet::new();
    for (at, path) in code.match_indices("crate::") {
        // `macro_crate::x` is another name, `$crate::x` the same crate.
        let before = code[..at].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let rest = &code[at + path.len()..];
        match rest.strip_prefix('{') {
            Some(group) => used.extend(heads_of_group(group)),
            None => used.extend(identifier(rest)),
        }
    }
    used
}

/// The first identifiers of the members of a group, `{a::b, c::{d, e}}` without its first brace.
fn heads_of_group(group: &str) -> Vec<String> {
    let (mut depth, mut start, mut heads) = (0, 0, Vec::new());
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            ',' if depth == 0 => {
                heads.extend(identifier(&group[start..at]));
                start = at + 1;
            }
            '}' if depth == 0 => {
                heads.extend(identifier(&group[start..at]));
                break;
            }
            '}' => depth -= 1,
            _ => {}
        }
    }
    heads
}

fn identifier(text: &str) -> Option<String> {
    let name: String = text
        .trim_start()
        .chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect();
    (!name.is_empty()).then_some(name)
}

#[test]
fn a_module_uses_those_above_it_never_below() {
    let order = declared_order();
    assert!(
        order.len() > 10,
        "the table of lib.rs is not found: {order:?}"
    );
    let rank = |name: &str| order.iter().position(|module| module == name);
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    for entry in WalkDir::new(&src).sort_by_file_name() {
        let entry = entry.unwrap();
        let path = entry.path().strip_prefix(&src).unwrap();
        if path.extension().is_none_or(|extension| extension != "rs")
            || path.components().count() == 1
                && ["lib.rs", "main.rs", "layering.rs"].contains(&path.to_str().unwrap())
        {
            continue;
        }
        let first = path
            .components()
            .next()
            .unwrap()
            .as_os_str()
            .to_str()
            .unwrap();
        let module = first.trim_end_matches(".rs");
        let Some(own) = rank(module) else {
            wrong.push(format!("`{module}` is not in the table of lib.rs"));
            continue;
        };
        for used in used_modules(&std::fs::read_to_string(entry.path()).unwrap()) {
            if rank(&used).is_some_and(|used| used > own) {
                wrong.push(format!(
                    "{}: `{module}` uses `{used}`, which is below it",
                    path.display()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_way_to_name_a_module_is_seen() {
    let code = "use crate::a::b;\nuse crate::{c, d::{e, f}, g};\n// crate::not\nlet x = crate::h();\n\
                pub(crate) use other_crate::i;\nuse crate::{\n    j::K,\n    l,\n};\n$crate::m!()";
    let used: Vec<_> = used_modules(code).into_iter().collect();
    assert_eq!(used, ["a", "c", "d", "g", "h", "j", "l", "m"]);
}
