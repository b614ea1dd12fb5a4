//! Who is who, from files to tables.

use std::collections::BTreeMap;

use datafusion::arrow::array::AsArray;
use proptest::prelude::*;

use super::*;
use crate::intake;

struct Settled {
    intake: Intake,
    identities: Identities,
    problems: Diagnostics,
}

/// Files by name, read and settled as a run does.
fn settled(settings: &str, files: &[(&str, String)]) -> Settled {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    let client = "[client]\nname = \"x\"\ncurrency = \"THB\"\n";
    write("quarterdeck.toml", &format!("{client}{settings}"));
    for (name, text) in files {
        write(&format!("inbox/{name}"), text);
    }
    let workspace = Workspace::open(folder.path()).unwrap();
    let mut problems = Diagnostics::new();
    let mut intake = intake::gather(&workspace, &|_, _| {}, &mut problems);
    let identities = resolve(&workspace, &mut intake, &mut problems);
    intake.settle(&workspace, &mut problems);
    assert!(intake.accounts.iter().all(intake::Account::balances));
    Settled {
        intake,
        identities,
        problems,
    }
}

impl Settled {
    /// `from>to why`, by id.
    fn merged(&self) -> Vec<String> {
        let merged = self.identities.merged.iter();
        merged
            .map(|of| format!("{}>{} {}", of.from, of.to, of.because))
            .collect()
    }

    /// `from?to agrees/differs`, the likeliest first.
    fn proposed(&self) -> Vec<String> {
        let names = |of: Vec<&Trait>| {
            let names: Vec<&str> = of.into_iter().map(|of| of.name()).collect();
            names.join("+")
        };
        let proposals = self.identities.proposals.iter();
        proposals
            .map(|of| {
                let (agrees, differs) = (
                    names(of.agrees.keys().collect()),
                    names(of.differs.keys().collect()),
                );
                format!("{}?{} {agrees}/{differs}", of.from, of.to)
            })
            .collect()
    }

    /// A column of a table over all batches, `∅` for nothing.
    fn column(&self, table: &str, column: &str) -> Vec<String> {
        let batches = &self.intake.table(table).unwrap().batches;
        let mut found = Vec::new();
        for batch in batches {
            let texts = batch.column_by_name(column).unwrap().as_string_view();
            found.extend(texts.iter().map(|text| text.unwrap_or("∅").to_owned()));
        }
        found
    }

    fn codes(&self) -> Vec<&str> {
        self.problems
            .iter()
            .map(|problem| problem.code.name)
            .collect()
    }

    /// Rows read, used, set aside and duplicate of a file.
    fn counts(&self, file: &str) -> [u64; 4] {
        let mut accounts = self.intake.accounts.iter();
        let of = accounts.find(|of| of.path.ends_with(file)).unwrap();
        [
            of.rows_read,
            of.rows_used,
            of.rows_set_aside,
            of.rows_duplicate,
        ]
    }
}

use crate::workspace::Trait;

const KEYS: &str = "[identity]\nkeys = [\"tax-id\", \"phone\", \"email\", \"name + birth-date\"]\n";

fn sales(ids: &[&str]) -> (&'static str, String) {
    let rows: Vec<String> = (1..)
        .zip(ids)
        .map(|(row, id)| format!("{id},2026-03-{row:02},100,T{row}"))
        .collect();
    (
        "sales.csv",
        format!(
            "Customer ID,Date,Amount,Transaction ID\n{}\n",
            rows.join("\n")
        ),
    )
}

fn list(rows: &[&str]) -> (&'static str, String) {
    let head = "Customer ID,Name,Phone,Email,Tax ID,Birth Date,Customer Since,Province";
    ("list.csv", format!("{head}\n{}\n", rows.join("\n")))
}

fn map(rows: &[&str]) -> (&'static str, String) {
    (
        "map.csv",
        format!("From ID,To ID,Kind,Confirmed\n{}\n", rows.join("\n")),
    )
}

#[test]
fn where_nothing_is_asked_nothing_is_looked_at() {
    let of = settled(
        "",
        &[
            sales(&["a", "b"]),
            list(&["a,,0812345678,,,,,", "b,,0812345678,,,,,"]),
        ],
    );
    assert_eq!(of.identities, Identities::default());
    assert_eq!(of.column("transactions", "customer_id"), ["a", "b"]);
}

#[test]
fn an_id_map_holds_in_every_table() {
    let of = settled(
        "",
        &[
            sales(&["a", "b", "c", "d"]),
            list(&[
                "c,Mali,,m@x.th,,,2020-01-01,",
                "a,Mali S.,0812345678,old@x.th,,,2019-01-01,Phuket",
            ]),
            (
                "cards.csv",
                "Customer ID,Name,Phone\nb,Mali,0899999991\nd,Somchai,\n".to_owned(),
            ),
            (
                "asked.csv",
                "Date,Instrument,Score,Customer ID\n2026-03-01,nps,9,b\n".to_owned(),
            ),
            (
                "brought.csv",
                "Referrer ID,Referred ID,Date\na,d,2026-01-01\n".to_owned(),
            ),
            map(&[
                "a,b,same,yes",
                "b,c,same,yes",
                "d,c,same,",
                "d,a,household,yes",
            ]),
        ],
    );
    assert_eq!(of.merged(), ["a>c id-map", "b>c id-map"]);
    assert_eq!(
        of.column("transactions", "customer_id"),
        ["c", "c", "c", "d"]
    );
    assert_eq!(of.column("surveys", "customer_id"), ["c"]);
    assert_eq!(of.column("referrals", "referrer_id"), ["c"]);
    // The row of the id that stays, then that of the one known for longest: a since 2019, b who knows.
    assert_eq!(of.column("customers", "customer_id"), ["d", "c"]);
    assert_eq!(of.column("customers", "name"), ["Somchai", "Mali"]);
    assert_eq!(of.column("customers", "phone"), ["∅", "0812345678"]);
    assert_eq!(of.column("customers", "email"), ["∅", "m@x.th"]);
    assert_eq!(of.column("customers", "province"), ["∅", "Phuket"]);
    // Every row is used all the same.
    assert_eq!(of.counts("list.csv"), [2, 2, 0, 0]);
    assert_eq!(of.counts("cards.csv"), [2, 2, 0, 0]);
    assert_eq!(of.counts("map.csv"), [4, 4, 0, 0]);
    let groups: Vec<_> = of.identities.households.iter().collect();
    assert_eq!(groups, [(&"d".to_owned(), &"c".to_owned())]);
    let a = of.identities.merged_from("a").unwrap();
    // A sale, a row of the list, a referral.
    assert_eq!(a.rows, 3);
    assert_eq!(
        a.place.as_ref().unwrap().to_string(),
        "inbox/map.csv, cell A2"
    );
    assert!(of.codes().contains(&"unanswered-ids"));
}

/// The same line exported under two ids of one customer was sold once.
#[test]
fn what_is_told_under_two_ids_is_told_twice() {
    let again = "Customer ID,Date,Amount,Transaction ID\nb,2026-03-01,100,T1\n".to_owned();
    let of = settled(
        "",
        &[
            sales(&["a", "a"]),
            ("till.csv", again),
            map(&["b,a,same,yes"]),
        ],
    );
    assert_eq!(of.column("transactions", "customer_id"), ["a", "a"]);
    assert_eq!(of.counts("till.csv"), [1, 0, 0, 1]);
}

#[test]
fn a_sheet_that_does_not_ask_is_the_clients_word() {
    let plain = ("map.csv", "From ID,To ID\nb,a\n".to_owned());
    let of = settled("", &[sales(&["a", "b"]), plain]);
    assert_eq!(of.merged(), ["b>a id-map"]);
}

#[test]
fn contradictions_are_set_aside_at_their_cell() {
    let of = settled(
        "",
        &[
            sales(&["a", "b", "c"]),
            map(&[
                "a,b,same,yes",
                "a,c,same,yes",
                "x,y,same,yes",
                "y,x,same,yes",
            ]),
        ],
    );
    assert_eq!(of.merged(), Vec::<String>::new());
    assert_eq!(of.counts("map.csv"), [4, 0, 4, 0]);
    let said: Vec<String> = of
        .problems
        .iter()
        .filter(|problem| problem.code.name == "contradicting-ids")
        .map(|problem| format!("{} {}", problem.place.as_ref().unwrap(), problem.message))
        .collect();
    assert_eq!(
        said,
        [
            "inbox/map.csv, cell B3 `a` is said to be `c` and to be `b`, which are not one customer",
            "inbox/map.csv, cell B5 `y` is said to be `x`, which leads back to `y`: a circle",
        ]
    );
    let flaws = &of
        .intake
        .accounts
        .iter()
        .find(|of| of.path.ends_with("map.csv"))
        .unwrap()
        .flaws;
    let rows: Vec<_> = flaws
        .found
        .iter()
        .map(|flaw| (flaw.row, flaw.column))
        .collect();
    assert_eq!(
        rows,
        [(2, Some(1)), (3, Some(1)), (4, Some(1)), (5, Some(1))]
    );
}

#[test]
fn declared_keys_merge_and_the_rest_is_proposed() {
    let settings = "[identity]\nkeys = [\"phone\"]\n";
    let of = settled(
        settings,
        &[
            sales(&["C1", "C2", "C3", "C4", "C5"]),
            list(&[
                "C1,Mali Saeng,081-234-5678,mali@x.th,,1990-05-01,2024-01-01,",
                "C2,นางสาวมะลิ,+66 81 234 5678,,,,2022-01-01,",
                "C3,Mali Saeng,,MALI@x.th,,,,",
                "C4,Prasit,0812345678,,,1970-01-01,,",
                "C5,Nobody,0000000000,,,,,",
                "C6,Noone,000-000-0000,,,,,",
            ]),
        ],
    );
    // C4 was born on another day than C1: not for certain, since C2 hangs on both.
    assert_eq!(of.merged(), Vec::<String>::new());
    assert_eq!(
        of.proposed(),
        [
            "C3?C1 email/",
            "C1?C2 phone/",
            "C4?C2 phone/",
            "C4?C1 phone/birth-date"
        ]
    );
    let without = settled(
        settings,
        &[
            sales(&["C1", "C2", "C3"]),
            list(&[
                "C1,Mali Saeng,081-234-5678,mali@x.th,,1990-05-01,2024-01-01,",
                "C2,นางสาวมะลิ,+66 81 234 5678,,,,2022-01-01,",
                "C3,Mali Saeng,,MALI@x.th,,,,",
            ]),
        ],
    );
    // Known since 2022: C2 stays.
    assert_eq!(without.merged(), ["C1>C2 phone"]);
    assert_eq!(without.proposed(), ["C3?C2 email/"]);
    assert_eq!(
        without.column("customers", "name"),
        ["นางสาวมะลิ", "Mali Saeng"]
    );
    assert_eq!(
        without.column("customers", "email"),
        ["mali@x.th", "MALI@x.th"]
    );
}

#[test]
fn a_value_that_many_share_tells_nothing() {
    let rows: Vec<String> = (1..=6).map(|n| format!("C{n},,02-123-4567,,,,,")).collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let of = settled(KEYS, &[sales(&["C1"]), list(&rows)]);
    assert_eq!(of.merged(), Vec::<String>::new());
    assert_eq!(of.proposed(), Vec::<String>::new());
    let shared = &of.identities.shared[0];
    assert_eq!(
        (shared.value.as_str(), shared.customers),
        ("+6621234567", 6)
    );
    let of = settled(KEYS, &[sales(&["C1"]), list(&rows[..5])]);
    assert_eq!(of.merged().len(), 4);
}

#[test]
fn an_answer_holds_against_keys_and_is_not_asked_again() {
    let rows = [
        "C1,,0812345678,a@x.th,,,,",
        "C2,,0812345678,a@x.th,,,,",
        "C3,,,a@x.th,,,,",
    ];
    let of = settled(
        KEYS,
        &[sales(&["C1"]), list(&rows), map(&["C2,C1,same,no"])],
    );
    // C3 may be either of them, so that is asked.
    assert_eq!(of.merged(), Vec::<String>::new());
    assert_eq!(of.proposed(), ["C3?C1 email/", "C3?C2 email/"]);
    let answers = map(&["C2,C1,same,no", "C3,C1,same,yes"]);
    let of = settled(KEYS, &[sales(&["C1"]), list(&rows), answers]);
    assert_eq!(of.merged(), ["C3>C1 id-map"]);
    // C2 is not C1, and so not what C3 has become either.
    assert_eq!(of.proposed(), Vec::<String>::new());
    let asked = "[identity]\npropose = [\"phone\"]\n";
    let of = settled(
        asked,
        &[sales(&["C1"]), list(&rows), map(&["C2,C1,same,no"])],
    );
    assert_eq!(of.proposed(), Vec::<String>::new());
}

#[test]
fn a_family_with_one_telephone_is_neither_merged_nor_asked_about() {
    let rows = [
        "C1,,0812345678,,,,,",
        "C2,,0812345678,,,,,",
        "C3,,0812345678,,,,,",
    ];
    let family = || map(&["C2,C1,household,yes", "C3,C1,household,yes"]);
    for settings in [KEYS, "[identity]\n"] {
        let of = settled(settings, &[sales(&["C1"]), list(&rows), family()]);
        assert_eq!(of.merged(), Vec::<String>::new());
        assert_eq!(of.proposed(), Vec::<String>::new());
        assert_eq!(of.identities.households.len(), 2);
    }
}

#[test]
fn contacts_buy_for_their_account_where_the_client_says_so() {
    let files = [
        sales(&["B1", "B1-2", "B2-1"]),
        list(&["B1,Hotel,,,,,,", "B2,Office,,,,,,", "B2-1,Own,,,,,,"]),
        (
            "people.csv",
            "Contact ID,Account ID,Contact Name,Role\nB1-1,B1,Ann,buyer\nB1-2,B1,Bo,chef\nB2-1,B2,Cy,buyer\n".to_owned(),
        ),
    ];
    let of = settled(
        "[identity]\ncontacts-are-accounts = true\npropose = []\n",
        &files,
    );
    // B2-1 is a customer of its own, B1-1 is named nowhere else.
    assert_eq!(of.merged(), ["B1-2>B1 contact"]);
    assert_eq!(
        of.column("transactions", "customer_id"),
        ["B1", "B1", "B2-1"]
    );
    let apart = settled("[identity]\npropose = []\n", &files);
    assert_eq!(
        apart.column("transactions", "customer_id"),
        ["B1", "B1-2", "B2-1"]
    );
}

/// A list of customers of which many have something in common, and what a client says of some.
fn people() -> impl Strategy<Value = (Vec<String>, Vec<String>)> {
    let phone = prop_oneof![
        Just(""),
        Just("0812345678"),
        Just("+66 81 234 5678"),
        Just("0898765432"),
        Just("02-123-4567")
    ];
    let email = prop_oneof![Just(""), Just("a@x.th"), Just("A@X.TH"), Just("b@x.th")];
    let born = prop_oneof![Just(""), Just("1990-05-01"), Just("1980-01-01")];
    let since = prop_oneof![Just(""), Just("2020-01-01"), Just("2021-01-01")];
    let rows = prop::collection::vec((phone, email, born, since), 2..9);
    let said = prop::collection::vec((0usize..9, 0usize..9, prop::bool::ANY), 0..4);
    (rows, said).prop_map(|(rows, said)| {
        let list = (0..)
            .zip(&rows)
            .map(|(n, (phone, email, born, since))| {
                format!("C{n},N{},{phone},{email},,{born},{since},", n % 3)
            })
            .collect();
        let said = said
            .into_iter()
            .map(|(from, to, yes)| format!("C{from},C{to},same,{}", if yes { "yes" } else { "no" }))
            .collect();
        (list, said)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// The order of rows and the names of files make no difference, and what was merged stays merged
    /// when it is said in an id map.
    #[test]
    fn order_makes_no_difference_and_once_is_enough((rows, said) in people(), turn in 0usize..9) {
        let refs = |rows: &[String]| -> Vec<String> { rows.to_vec() };
        let files = |rows: &[String], said: &[String]| {
            let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
            let said: Vec<&str> = said.iter().map(String::as_str).collect();
            vec![sales(&["C0", "C1", "C2", "C3"]), list(&rows), map(&said)]
        };
        let once = settled(KEYS, &files(&rows, &said));
        let mut turned = refs(&rows);
        turned.rotate_left(turn % rows.len());
        let mut other = refs(&said);
        other.reverse();
        let mut moved = files(&turned, &other);
        // In two files, in the other order.
        let (_, text) = moved.remove(1);
        let (head, rest) = text.split_once('\n').unwrap();
        let (first, second) = rest.split_at(rest.find('\n').unwrap() + 1);
        moved.push(("z.csv", format!("{head}\n{first}")));
        moved.push(("y.csv", format!("{head}\n{second}")));
        let again = settled(KEYS, &moved);
        prop_assert_eq!(once.merged(), again.merged());
        prop_assert_eq!(once.proposed(), again.proposed());
        prop_assert_eq!(&once.identities.shared, &again.identities.shared);
        let sorted = |of: &Settled, column: &str| {
            let ids = of.column("customers", "customer_id");
            ids.into_iter().zip(of.column("customers", column)).collect::<BTreeMap<_, _>>()
        };
        for column in ["name", "phone", "email"] {
            prop_assert_eq!(sorted(&once, column), sorted(&again, column));
        }

        // No id that is another's is left in any table.
        for of in &once.identities.merged {
            prop_assert!(once.identities.merged_from(&of.to).is_none());
            for table in ["transactions", "customers"] {
                prop_assert!(!once.column(table, "customer_id").contains(&of.from));
            }
        }

        let mut all = refs(&said);
        let no = |row: &&String| row.ends_with("no");
        let mut told: Vec<String> = once
            .identities
            .merged
            .iter()
            .map(|of| format!("{},{},same,yes", of.from, of.to))
            .collect();
        all.retain(|row| no(&row));
        told.extend(all);
        let twice = settled(KEYS, &files(&rows, &told));
        let root = |id: &str| {
            let merged = twice.identities.merged_from(id);
            merged.map_or(id.to_owned(), |of| of.to.clone())
        };
        for of in &once.identities.merged {
            prop_assert_eq!(root(&of.from), root(&of.to), "{:?}", of);
        }
    }
}
