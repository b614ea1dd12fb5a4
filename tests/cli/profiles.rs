//! Profiles: who gets one, what stands on it, and what is not known said as such.

use crate::project::Project;

/// A's purchases: 100 in the third quarter of 2025, before the twelve months; 200 and 200 (300 less what was
/// brought back) within them. B bought on the last day only, C was given something.
const SALES: &str = "\
Customer ID,Date,Amount,Quantity,Product ID,Product Name,Cost,Due Date,Paid Date
A,2025-07-10,100,1,P1,Tea,60,2025-07-31,2025-07-12
A,2026-01-15,200,2,P1,Tea,120,,
A,2026-08-20,300,3,P1,Tea,180,2026-09-10,
A,2026-09-05,-100,1,P1,Tea,-60,,
B,2026-09-30,50,1,P2,Cups,30,2026-12-01,
C,2026-07-07,0,1,P2,Cups,0,,
";

const SETTINGS: &str = "\
[client]
name = \"Shop\"
language = \"en\"
currency = \"USD\"
[activity]
window-months = 6
";

fn shop() -> Project {
    Project::empty()
        .with("quarterdeck.toml", SETTINGS)
        .with("inbox/sales.csv", SALES)
}

fn whole_shop() -> Project {
    shop()
        .with(
            "inbox/customers.csv",
            "Customer ID,Name,Consent\nA,<b>Ann & Co</b>,no\nB,Bea,yes\nC,Cy,\n",
        )
        .with(
            "inbox/service.csv",
            "Customer ID,Opened At,Closed At,Kind,Channel\n\
             A,2026-02-01 10:00,2026-02-02 10:00,help,shop\n\
             A,2026-09-20 10:00,,complaint,phone\n\
             A,2025-03-01 10:00,2025-03-02 10:00,help,shop\n",
        )
        .with(
            "inbox/contacts.csv",
            "Campaign ID,Customer ID,Contacted On\nK,A,2026-09-01\nK,A,2026-09-02\n",
        )
        .with(
            "inbox/survey.csv",
            "Date,Instrument,Score,Customer ID\n2026-05-05,nps,9,A\n2026-08-08,nps,3,A\n",
        )
}

/// The page without line breaks, from the profile of one customer to the next.
fn profile(project: &Project, id: &str) -> String {
    let page = project.read("reports/2026-Q3/profiles.html");
    let profiles = page.split("<article ").skip(1);
    let mut found = profiles.filter(|profile| {
        profile.contains(&format!("<small class=\"sub\">{id}</small></h2>"))
            || profile.contains(&format!("-name\">{id}</h2>"))
    });
    let found = found.next().unwrap_or_else(|| panic!("no profile of {id}"));
    found.replace('\n', "")
}

#[track_caller]
fn says(profile: &str, texts: &[&str]) {
    for text in texts {
        assert!(profile.contains(text), "no `{text}` in {profile}");
    }
}

/// Contribution of the twelve months: 200 − 120 + 300 − 180 − 100 + 60 = 160; revenue 400 on two days, since a
/// day on which something is brought back is no order. Tea: 2 + 3 − 1 = 4, and
/// last bought on 20 August. Rows 3, 4 and 5 of the sales; the complaint is in row 3 of its sheet and open, the
/// request of 2025 is too old. 300 are outstanding, all of it late; the answer that counts is the latest.
#[test]
fn a_profile_says_what_the_sheets_say() {
    let project = whole_shop();
    let ran = project.run(&["."]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let of_a = profile(&project, "A");
    says(
        &of_a,
        &[
            "&lt;b&gt;Ann &amp; Co&lt;/b&gt;",
            "<b>$160</b><span>Contribution, 12 months</span>",
            "Potential: nobody has said",
            "<b>2</b><span>orders in 12 months, $400</span>",
            "<b>41</b><span>days since the last purchase, 20 Aug 2026</span>",
            "<th scope=\"row\">Tea</th><td class=\"n\">4</td><td class=\"n\">$400</td><td class=\"n nb\">20 Aug 2026</td>",
            "consent withheld or withdrawn",
            "Contacted 2 times this quarter (at most 2 in a month).",
            "<b class=\"bad\">Complained within 30 days.</b>",
            "<b>1 is open.</b>",
            "<li>20 Sep 2026 Complaint, phone: <b>open</b></li><li>1 Feb 2026 Request for help, shop: closed 2 Feb 2026</li>",
            "<b>3</b> on a scale from 0 to 10, 8 Aug 2026",
            "$300 outstanding. <b class=\"bad\">$300 of it is overdue.</b>",
            "Sales: inbox/sales.csv, 3 rows (3–5)",
            "Customers: inbox/customers.csv, 1 row (2)",
            "Service contacts: inbox/service.csv, 2 rows (2–3)",
            "Survey answers: inbox/survey.csv, 1 row (3)",
        ],
    );
    // Before B's first purchase nothing applies: that is not zero.
    let of_b = profile(&project, "B");
    says(
        &of_b,
        &[
            "<td class=\"n none\">not yet</td><td class=\"n\">$50.00</td></tr>",
            "May be contacted",
            "Not contacted this quarter",
            "None in 12 months",
            "Has not answered any.",
            "$50.00 outstanding.",
        ],
    );
    assert!(!of_b.contains("overdue"), "{of_b}");
}

/// C brings nothing and is not among the best; of A and B the one of greater value comes first. The page is
/// published and recorded with the others, and led to from the index and from the list of customers.
#[test]
fn profiles_are_published_with_the_rest() {
    let project = whole_shop();
    assert_eq!(project.run(&["."]).status, 0);
    let page = project.read("reports/2026-Q3/profiles.html");
    assert_eq!(page.matches("<article ").count(), 2);
    assert!(page.find("id=\"c-1\"") < page.find("id=\"c-2\""));
    assert!(!page.contains("Cy"));
    says(
        &project.read("reports/2026-Q3/customers.html"),
        &[
            "href=\"profiles.html#c-1\"",
            "2 customers have a profile of their own.",
        ],
    );
    says(
        &project.read("reports/index.html"),
        &["href=\"2026-Q3/profiles.html\""],
    );
    let record = project.record("2026-Q3");
    let outputs = record["outputs"].as_array().unwrap();
    assert!(
        outputs
            .iter()
            .any(|output| output["path"] == "profiles.html")
    );
    assert_eq!(record["options"]["profiles.most"], 25);
    let ran = project.run(&["explain", "A", "."]);
    says(
        &ran.stdout,
        &["gets a profile: One of the 10 customers of the greatest value."],
    );
}

/// From purchases alone, without ids of products, nothing else is known: each is missing and none is zero.
#[test]
fn what_there_is_no_sheet_of_is_said_to_be_missing() {
    let project = Project::empty().with("quarterdeck.toml", SETTINGS).with(
        "inbox/sales.csv",
        "Customer ID,Date,Amount\nA,2026-05-05,10\nA,2026-09-30,20\n",
    );
    assert_eq!(project.run(&["."]).status, 0);
    says(
        &profile(&project, "A"),
        &[
            "The sales do not say what was bought.",
            "<td class=\"n none\">no cost</td>",
            "There is no list of customers.",
            "There is no list of contacts by campaigns.",
            "There is no list of requests and complaints.",
            "No survey was answered",
            "The sales do not say when they were paid.",
            "not measured",
        ],
    );
    let customers = project.read("reports/2026-Q3/customers.html");
    says(
        &customers,
        &[
            "There is no list of whom campaigns reached",
            "There is no list of leads, so prospects are not known.",
        ],
    );
}

/// The rules choose, the settings bound: a rule of one's own with a reason in one's own words, and none.
#[test]
fn the_rules_choose_and_the_settings_bound() {
    let rule = "fn profile(c, all) { [because(\"On the board's list.\")] }";
    let project = whole_shop().with("rules/profiles.rhai", rule);
    project.write(
        "quarterdeck.toml",
        &format!("{SETTINGS}[profiles]\nmost = 1\n"),
    );
    assert_eq!(project.run(&["."]).status, 0);
    let page = project.read("reports/2026-Q3/profiles.html");
    assert_eq!(page.matches("<article ").count(), 1);
    says(
        &page,
        &[
            "The rules chose 3; these are the 1 of the greatest value.",
            "On the board&#39;s list.",
        ],
    );
    project.write(
        "quarterdeck.toml",
        &format!("{SETTINGS}[profiles]\nmost = 0\n"),
    );
    assert_eq!(project.run(&["."]).status, 0);
    let page = project.read("reports/2026-Q3/profiles.html");
    says(&page, &["Profiles are switched off"]);
    assert!(!page.contains("<article "));
}
