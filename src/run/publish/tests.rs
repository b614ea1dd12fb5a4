use std::collections::BTreeMap;
use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::swap::{STAGING, recover, staged_index, swap_with};
use super::*;

const PERIOD: &str = "2026-Q3";

/// A workspace with a lock and room for reports.
struct Place {
    root: tempfile::TempDir,
    lock: Lock,
}

impl Place {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let lock = Lock::take(root.path()).unwrap();
        Self { root, lock }
    }

    fn reports(&self) -> PathBuf {
        self.root.path().join("reports")
    }

    fn publish(&self, version: &str) -> Published {
        publish(&self.lock, &self.reports(), &publication(version)).unwrap()
    }

    fn stage(&self, version: &str) {
        stage(&self.reports(), &publication(version)).unwrap();
    }
}

/// Reports that say in every file which version they are.
fn publication(version: &str) -> Publication {
    let page = |name: &str| {
        let text = format!("{name} {version}\n").repeat(2000);
        (name.to_owned(), Contents::Bytes(text.into_bytes()))
    };
    let files = vec![
        page("scorecard.html"),
        page("roi.html"),
        page("assets/whale.svg"),
    ];
    let manifest = serde_json::json!({ "version": version, "outputs": outputs(&files).unwrap() });
    Publication {
        period: PERIOD.to_owned(),
        files,
        manifest: serde_json::to_vec(&manifest).unwrap(),
        index: format!("index {version}").into_bytes(),
    }
}

/// Every file below a folder with its contents.
fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    WalkDir::new(folder)
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let path = entry.path().strip_prefix(folder).unwrap();
            let name = path.to_string_lossy().replace('\\', "/");
            (name, fs::read(entry.path()).unwrap())
        })
        .collect()
}

/// What `reports/` holds once a version is published and nothing is left over.
fn complete(version: &str) -> BTreeMap<String, Vec<u8>> {
    let publication = publication(version);
    let mut files = BTreeMap::from([
        ("index.html".to_owned(), publication.index),
        (format!("{PERIOD}/{MANIFEST}"), publication.manifest),
    ]);
    for (path, contents) in publication.files {
        let Contents::Bytes(bytes) = contents else {
            unreachable!("these are made in memory")
        };
        files.insert(format!("{PERIOD}/{path}"), bytes);
    }
    files
}

fn no_exchange(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::InvalidInput.into())
}

#[test]
fn a_second_version_takes_the_place_of_the_first() {
    let place = Place::new();
    let published = place.publish("A");
    assert_eq!(published.folder, place.reports().join(PERIOD));
    assert_eq!(tree(&place.reports()), complete("A"));
    place.publish("B");
    assert_eq!(tree(&place.reports()), complete("B"));
    let names: Vec<_> = fs::read_dir(place.reports()).unwrap().collect();
    assert_eq!(names.len(), 2, "{names:?}");
}

#[test]
fn a_report_that_is_no_longer_made_goes_and_what_others_saved_stays() {
    let place = Place::new();
    place.publish("A");
    let folder = place.reports().join(PERIOD);
    fs::create_dir(folder.join("board")).unwrap();
    fs::write(folder.join("board/minutes.docx"), "what was decided").unwrap();
    fs::write(folder.join("~$scorecard.xlsx"), "open in Excel").unwrap();
    fs::write(folder.join("roi.html"), "changed by hand").unwrap();

    let mut next = publication("B");
    next.files.retain(|(path, _)| path != "roi.html");
    let published = publish(&place.lock, &place.reports(), &next).unwrap();
    assert_eq!(published.kept, ["board/minutes.docx"]);
    let found = tree(&folder);
    assert_eq!(found["board/minutes.docx"], b"what was decided");
    assert!(!found.contains_key("roi.html"), "{:?}", found.keys());
    assert!(!found.contains_key("~$scorecard.xlsx"));
}

#[test]
fn a_folder_of_someone_else_is_kept_whole() {
    let place = Place::new();
    let folder = place.reports().join(PERIOD);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("plan.xlsx"), "mine").unwrap();
    let published = place.publish("A");
    assert_eq!(published.kept, ["plan.xlsx"]);
    assert_eq!(tree(&folder)["plan.xlsx"], b"mine");
}

#[test]
fn a_file_rendered_elsewhere_is_copied_and_left_there() {
    let place = Place::new();
    let temporary = tempfile::NamedTempFile::new().unwrap();
    fs::write(temporary.path(), "rows and rows").unwrap();
    let mut publication = publication("A");
    let contents = Contents::File(temporary.path().to_owned());
    let hash = Contents::Bytes(b"rows and rows".to_vec()).sha256().unwrap();
    assert_eq!(contents.sha256().unwrap(), hash);
    publication
        .files
        .push(("customers.xlsx".to_owned(), contents));
    publish(&place.lock, &place.reports(), &publication).unwrap();
    let path = place.reports().join(PERIOD).join("customers.xlsx");
    assert_eq!(fs::read(&path).unwrap(), b"rows and rows");
    assert!(temporary.path().exists());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
        let beside = place.reports().join(PERIOD).join("roi.html");
        assert_eq!(
            mode(&path),
            mode(&beside),
            "a report is not private to its maker"
        );
    }
}

#[test]
fn without_an_exchange_the_old_is_set_aside_and_removed() {
    let place = Place::new();
    place.publish("A");
    place.stage("B");
    swap_with(&place.reports(), PERIOD, no_exchange).unwrap();
    recover(&place.reports()).unwrap();
    assert_eq!(tree(&place.reports()), complete("B"));
}

#[test]
fn an_exchange_that_is_refused_leaves_the_old_in_place() {
    let place = Place::new();
    place.publish("A");
    place.stage("B");
    let refuse = |_: &Path, _: &Path| Err(io::ErrorKind::PermissionDenied.into());
    let error = swap_with(&place.reports(), PERIOD, refuse).unwrap_err();
    recover(&place.reports()).unwrap();
    assert_eq!(tree(&place.reports()), complete("A"));
    let diagnostic = error.diagnostic(place.root.path());
    assert_eq!(diagnostic.code.name, "publish-failed");
    assert!(
        diagnostic
            .message
            .contains("cannot replace `reports/2026-Q3`"),
        "{}",
        diagnostic.message
    );
}

/// Every state in which a run can end between two steps, made by hand; recovered twice, because
/// recovery can be killed too.
#[test]
fn every_interrupted_state_is_brought_back_to_a_whole_report() {
    type Step = fn(&Path);
    let states: [(&str, &str, Step); 7] = [
        ("staging begun", "A", |reports| {
            remove_index(reports);
            fs::remove_file(reports.join(STAGING).join(MANIFEST)).unwrap();
        }),
        ("staged without the index", "A", remove_index),
        ("staged", "A", |_| {}),
        ("old set aside", "A", |reports| {
            set_aside(reports);
        }),
        ("new renamed", "B", |reports| {
            set_aside(reports);
            fs::rename(reports.join(STAGING), reports.join(PERIOD)).unwrap();
        }),
        ("exchanged", "B", |reports| {
            let aside = reports.join("aside");
            fs::rename(reports.join(PERIOD), &aside).unwrap();
            fs::rename(reports.join(STAGING), reports.join(PERIOD)).unwrap();
            fs::rename(&aside, reports.join(STAGING)).unwrap();
        }),
        ("index in place, old half removed", "B", |reports| {
            swap_with(reports, PERIOD, no_exchange).unwrap();
            let staged = staged_index(reports, &publication("B").manifest);
            fs::rename(staged, reports.join("index.html")).unwrap();
            let old = reports.join(format!(".previous-{PERIOD}"));
            fs::remove_file(old.join(MANIFEST)).unwrap();
        }),
    ];
    for (state, expected, make) in states {
        let place = Place::new();
        place.publish("A");
        place.stage("B");
        make(&place.reports());
        for _ in 0..2 {
            super::recover(&place.lock, &place.reports()).unwrap();
            assert_eq!(tree(&place.reports()), complete(expected), "{state}");
        }
        place.publish("C");
        assert_eq!(tree(&place.reports()), complete("C"), "{state}");
    }
}

fn remove_index(reports: &Path) {
    fs::remove_file(staged_index(reports, &publication("B").manifest)).unwrap();
}

fn set_aside(reports: &Path) {
    let previous = reports.join(format!(".previous-{PERIOD}"));
    fs::rename(reports.join(PERIOD), previous).unwrap();
}

#[test]
fn paths_that_leave_the_folder_are_refused_before_anything_is_written() {
    let place = Place::new();
    for path in [
        "../x.html",
        "/x.html",
        "a//b.html",
        ".hidden",
        "a\\b",
        "C:x",
        "",
    ] {
        let mut bad = publication("A");
        bad.files[0].0 = path.to_owned();
        let error = publish(&place.lock, &place.reports(), &bad).unwrap_err();
        assert!(matches!(error, PublishError::Outside(_)), "{path}: {error}");
    }
    let mut twice = publication("A");
    twice.files[0].0 = MANIFEST.to_owned();
    let error = publish(&place.lock, &place.reports(), &twice).unwrap_err();
    assert!(matches!(error, PublishError::Twice(_)), "{error}");
    assert!(!place.reports().exists());
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let place = Place::new();
    fs::write(place.reports(), "in the way").unwrap();
    let error = publish(&place.lock, &place.reports(), &publication("A")).unwrap_err();
    let message = error.diagnostic(place.root.path()).message;
    assert!(message.contains("`reports"), "{message}");
    assert_eq!(fs::read(place.reports()).unwrap(), b"in the way");
}

#[test]
fn a_temporary_file_that_is_gone_publishes_nothing() {
    let place = Place::new();
    place.publish("A");
    let mut next = publication("B");
    next.files[1].1 = Contents::File(place.root.path().join("gone.html"));
    assert!(publish(&place.lock, &place.reports(), &next).is_err());
    assert_eq!(tree(&place.reports()), complete("A"));
}

#[test]
fn the_index_is_made_from_folders_that_hold_a_record() {
    let place = Place::new();
    assert_eq!(published(&place.reports()).unwrap(), []);
    place.publish("A");
    fs::create_dir(place.reports().join("drafts")).unwrap();
    fs::create_dir(place.reports().join(STAGING)).unwrap();
    let found = published(&place.reports()).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].period, PERIOD);
    assert_eq!(found[0].manifest, None, "not a record of this version");
}

/// Copies that say in every file which run they are of.
fn copies(version: &str) -> Vec<(String, Contents)> {
    ["sales.xlsx", "shop/web.xlsx", "repair-list.html"]
        .map(|name| {
            let text = format!("{name} {version}\n").repeat(2000);
            (name.to_owned(), Contents::Bytes(text.into_bytes()))
        })
        .into()
}

/// The files of `reports/to-fix/` that a run of this version leaves.
fn handed(version: &str) -> BTreeMap<String, Vec<u8>> {
    let of = |(name, contents)| match contents {
        Contents::Bytes(bytes) => (name, bytes),
        Contents::File(_) => unreachable!("these are made in memory"),
    };
    copies(version).into_iter().map(of).collect()
}

fn without_record(mut found: BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Vec<u8>> {
    assert!(found.remove(MANIFEST).is_some(), "{:?}", found.keys());
    found
}

#[test]
fn what_is_to_be_mended_stands_beside_the_last_report_until_there_is_a_next() {
    let place = Place::new();
    let none = BTreeSet::new();
    place.publish("A");
    for version in ["1", "2"] {
        let folder = hand_back(&place.lock, &place.reports(), &copies(version), &none).unwrap();
        assert_eq!(folder, place.reports().join(TO_FIX));
        assert_eq!(without_record(tree(&folder)), handed(version));
        let mut all = tree(&place.reports());
        all.retain(|name, _| !name.starts_with(TO_FIX));
        assert_eq!(all, complete("A"));
        let periods = published(&place.reports()).unwrap();
        let periods = periods.iter().filter(|of| of.manifest.is_some());
        assert_eq!(periods.count(), 0, "no record of a period");
    }
    take_back(&place.lock, &place.reports(), &none).unwrap();
    assert_eq!(tree(&place.reports()), complete("A"));
    assert!(!place.reports().join(TO_FIX).exists());
    take_back(&place.lock, &place.reports(), &none).unwrap();
}

#[test]
fn what_others_put_among_the_copies_is_never_lost() {
    let place = Place::new();
    let (reports, none) = (place.reports(), BTreeSet::new());
    let folder = reports.join(TO_FIX);
    // A folder of somebody else, even with a name that a copy has.
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("sales.xlsx"), "somebody's").unwrap();
    take_back(&place.lock, &reports, &none).unwrap();
    assert_eq!(tree(&folder).len(), 1, "it is not ours");
    hand_back(&place.lock, &reports, &copies("1"), &none).unwrap();
    assert_eq!(
        fs::read(folder.join("sales (2).xlsx")).unwrap(),
        b"somebody's"
    );
    assert_eq!(tree(&folder)["sales.xlsx"], handed("1")["sales.xlsx"]);

    // Mended where they lie: one of them is in the inbox by now.
    fs::write(folder.join("sales.xlsx"), "mended").unwrap();
    fs::write(folder.join("shop/web.xlsx"), "half mended").unwrap();
    fs::write(folder.join("~$sales.xlsx"), "open in Excel").unwrap();
    let in_inbox = BTreeSet::from([manifest::sha256(b"mended")]);
    hand_back(&place.lock, &reports, &copies("2"), &in_inbox).unwrap();
    let mut expected = handed("2");
    expected.insert("sales (2).xlsx".to_owned(), b"somebody's".to_vec());
    expected.insert("shop/web (2).xlsx".to_owned(), b"half mended".to_vec());
    assert_eq!(without_record(tree(&folder)), expected);

    take_back(&place.lock, &reports, &in_inbox).unwrap();
    let left: Vec<String> = tree(&folder).into_keys().collect();
    assert_eq!(left, ["sales (2).xlsx", "shop/web (2).xlsx"]);
    take_back(&place.lock, &reports, &in_inbox).unwrap();
    assert_eq!(tree(&folder).len(), 2);
}

#[test]
fn a_file_in_the_way_of_the_copies_is_left_there() {
    let place = Place::new();
    fs::create_dir(place.reports()).unwrap();
    fs::write(place.reports().join(TO_FIX), "in the way").unwrap();
    let none = BTreeSet::new();
    let error = hand_back(&place.lock, &place.reports(), &copies("1"), &none).unwrap_err();
    let message = error.diagnostic(place.root.path()).message;
    assert!(
        message.contains("cannot replace `reports/to-fix`"),
        "{message}"
    );
    take_back(&place.lock, &place.reports(), &none).unwrap();
    let found = tree(&place.reports());
    assert_eq!(found[TO_FIX], b"in the way");
    assert_eq!(found.len(), 1);
}

/// Every state in which handing back can end between two steps, made by hand.
#[test]
fn copies_half_handed_back_are_brought_back_to_whole_ones() {
    type Step = fn(&Path);
    let states: [(&str, Option<&str>, Step); 5] = [
        ("staging begun", Some("1"), |reports| {
            fs::create_dir_all(reports.join(STAGING)).unwrap();
            fs::write(reports.join(STAGING).join("sales.xlsx"), "half").unwrap();
        }),
        ("old set aside", Some("1"), |reports| {
            fs::create_dir_all(reports.join(STAGING)).unwrap();
            fs::write(reports.join(STAGING).join("sales.xlsx"), "half").unwrap();
            let previous = reports.join(format!(".previous-{TO_FIX}"));
            fs::rename(reports.join(TO_FIX), previous).unwrap();
        }),
        ("new renamed", Some("1"), |reports| {
            let previous = reports.join(format!(".previous-{TO_FIX}"));
            fs::create_dir(&previous).unwrap();
            fs::write(previous.join("sales.xlsx"), "half removed").unwrap();
        }),
        ("taken away", None, |reports| {
            fs::rename(reports.join(TO_FIX), reports.join(STAGING)).unwrap();
        }),
        ("taken away and half removed", None, |reports| {
            fs::rename(reports.join(TO_FIX), reports.join(STAGING)).unwrap();
            fs::remove_file(reports.join(STAGING).join(MANIFEST)).unwrap();
        }),
    ];
    let none = BTreeSet::new();
    for (state, expected, make) in states {
        let place = Place::new();
        place.publish("A");
        hand_back(&place.lock, &place.reports(), &copies("1"), &none).unwrap();
        make(&place.reports());
        for _ in 0..2 {
            super::recover(&place.lock, &place.reports()).unwrap();
            let (mut reports, mut folder) = (BTreeMap::new(), BTreeMap::new());
            for (name, bytes) in tree(&place.reports()) {
                match name.strip_prefix("to-fix/") {
                    Some(copy) => folder.insert(copy.to_owned(), bytes),
                    None => reports.insert(name, bytes),
                };
            }
            assert_eq!(reports, complete("A"), "{state}");
            match expected {
                Some(version) => assert_eq!(without_record(folder), handed(version), "{state}"),
                None => assert!(folder.is_empty(), "{state}"),
            }
        }
    }
}

const CHILD: &str = "QUARTERDECK_TEST_PUBLISHES_IN";

/// Not a test by itself: what the two tests below start as a process of its own.
#[test]
fn child_process() {
    let Some(root) = std::env::var_os(CHILD) else {
        return;
    };
    let root = PathBuf::from(root);
    let lock = Lock::take(&root).unwrap();
    let rounds = std::env::var("ROUNDS").unwrap().parse().unwrap();
    if std::env::var_os("HANDS_BACK").is_some() {
        let (reports, none) = (root.join("reports"), BTreeSet::new());
        for version in ["2", "1"].into_iter().cycle().take(rounds) {
            hand_back(&lock, &reports, &copies(version), &none).unwrap();
            if version == "1" {
                take_back(&lock, &reports, &none).unwrap();
            }
        }
        return;
    }
    for version in ["B", "A"].into_iter().cycle().take(rounds) {
        if let Err(error) = publish(&lock, &root.join("reports"), &publication(version)) {
            panic!("{}", error.diagnostic(&root).message);
        }
    }
}

fn publish_once(root: &Path, version: &str) {
    let lock = Lock::take(root).unwrap();
    publish(&lock, &root.join("reports"), &publication(version)).unwrap();
}

fn child(root: &Path, rounds: usize) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args([
            "--exact",
            "run::publish::tests::child_process",
            "--nocapture",
        ])
        .env(CHILD, root)
        .env("ROUNDS", rounds.to_string())
        .stdin(Stdio::null());
    command
}

/// Killed at whatever moment, the reports are those before or those after, never a mixture.
#[test]
fn a_killed_run_leaves_a_whole_report() {
    let root = tempfile::tempdir().unwrap();
    let reports = root.path().join("reports");
    publish_once(root.path(), "A");
    let mut caught_at_work = false;
    for round in 0..25_u64 {
        let mut process = child(root.path(), usize::MAX)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Long enough to get to work, and a little longer each time.
        std::thread::sleep(Duration::from_millis(20 + 7 * round));
        process.kill().unwrap();
        process.wait().unwrap();

        if cfg!(any(target_os = "linux", target_vendor = "apple")) {
            let found = tree(&reports.join(PERIOD));
            assert!(
                is_one_of(&found, PERIOD),
                "in place at every moment: {round}"
            );
        }
        caught_at_work |= tree(&reports).len() > complete("A").len();
        let lock = Lock::take(root.path()).unwrap();
        super::recover(&lock, &reports).unwrap();
        let found = tree(&reports);
        assert!(found == complete("A") || found == complete("B"), "{round}");
    }
    assert!(caught_at_work, "no kill came in the middle of publishing");
}

/// Killed at whatever moment, the copies are whole or not there, and the reports are those before.
#[test]
fn a_killed_run_leaves_no_half_of_what_is_to_be_mended() {
    let root = tempfile::tempdir().unwrap();
    let reports = root.path().join("reports");
    publish_once(root.path(), "A");
    let mut caught_at_work = false;
    for round in 0..15_u64 {
        let mut process = child(root.path(), usize::MAX)
            .env("HANDS_BACK", "1")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(20 + 7 * round));
        process.kill().unwrap();
        process.wait().unwrap();

        caught_at_work |= reports.join(STAGING).exists();
        let lock = Lock::take(root.path()).unwrap();
        super::recover(&lock, &reports).unwrap();
        let mut found = tree(&reports);
        let folder = reports.join(TO_FIX);
        if folder.exists() {
            let copies = without_record(tree(&folder));
            assert!(copies == handed("1") || copies == handed("2"), "{round}");
        }
        found.retain(|name, _| !name.starts_with(TO_FIX));
        assert_eq!(found, complete("A"), "{round}");
    }
    assert!(caught_at_work, "no kill came in the middle of handing back");
}

fn is_one_of(found: &BTreeMap<String, Vec<u8>>, period: &str) -> bool {
    ["A", "B"].iter().any(|version| {
        let mut expected = BTreeMap::new();
        for (path, bytes) in complete(version) {
            if let Some(rest) = path.strip_prefix(&format!("{period}/")) {
                expected.insert(rest.to_owned(), bytes);
            }
        }
        *found == expected
    })
}

/// A limit on the size of files stands in for a full disk: both let a write begin and not end.
#[cfg(unix)]
#[test]
fn a_full_disk_leaves_the_last_report() {
    let root = tempfile::tempdir().unwrap();
    let reports = root.path().join("reports");
    let input = root.path().join("inbox/orders.csv");
    fs::create_dir(root.path().join("inbox")).unwrap();
    fs::write(&input, "customer_id,date,amount\n").unwrap();
    publish_once(root.path(), "A");
    let test = child(root.path(), 1);
    // Reports of this test are about 30 kB; the limit is in blocks of 512 or 1024 bytes.
    let output = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 8; exec \"$@\"", "sh"])
        .arg(test.get_program())
        .args(test.get_args())
        .envs(
            test.get_envs()
                .filter_map(|(key, value)| Some((key, value?))),
        )
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr) + String::from_utf8_lossy(&output.stdout);
    assert!(!output.status.success(), "{said}");
    assert!(
        said.contains("publishing failed: cannot write `reports/"),
        "{said}"
    );
    assert_eq!(tree(&reports), complete("A"));
    assert_eq!(fs::read(&input).unwrap(), b"customer_id,date,amount\n");
}
