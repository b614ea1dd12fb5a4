use super::*;
use crate::report::fixture;
use crate::report::locale::tests::locale;
use crate::workspace::Language;

/// The diagnostics of the shipped templates with one more.
fn checked(text: &str) -> Vec<String> {
    let files = Files::built_in().with("report-templates/own.html", text);
    check(&files)
        .iter()
        .map(|d| {
            let help = d.help.as_deref().unwrap_or("-");
            format!("{}: {} ({help})", d.place.as_ref().unwrap(), d.message)
        })
        .collect()
}

fn rendered(text: &str) -> Result<String, String> {
    let files = Files::built_in().with("report-templates/own.html", text);
    let templates =
        Templates::compile(&files, &locale(Language::En, "USD")).map_err(|problems| {
            problems
                .iter()
                .map(|d| d.message.clone())
                .collect::<String>()
        })?;
    templates
        .render("own.html", &fixture::full())
        .map_err(|problem| format!("{}: {}", problem.code.name, problem.message))
}

#[test]
fn the_shipped_templates_are_sound() {
    let problems = check(&Files::built_in());
    let said: String = problems
        .iter()
        .map(|problem| crate::diagnostics::human(problem, false) + "\n\n")
        .collect();
    assert!(problems.is_empty(), "{said}");
}

#[test]
fn a_typo_is_found_in_a_branch_that_no_data_take() {
    let found = checked(
        "line 1\n{% if scorecard.measured > 1000 %}\n  {{ scorecard.total.scroe | num }}\n{% elif client.nmae == \"x\" %}{% else %}{{ perod.label }}{% endif %}\n{% for p in scorecard.perspectives %}{% else %}{{ roi.lead.blod }}{% endfor %}",
    );
    assert_eq!(
        found,
        [
            "report-templates/own.html:3:22: `total` has no field `scroe` (did you mean `score`?)",
            "report-templates/own.html:4:16: `client` has no field `nmae` (did you mean `name`?)",
            "report-templates/own.html:4:43: there is no `perod` here (did you mean `period`?)",
            "report-templates/own.html:5:60: `lead` has no field `blod` (did you mean `bold`?)",
        ]
    );
}

#[test]
fn a_typo_is_found_in_a_condition_and_behind_an_or() {
    let found = checked("{{ client.name or client.nam }}{% if a_b and client.name %}{% endif %}");
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(
        found[0].contains("1:26: `client` has no field `nam`"),
        "{found:?}"
    );
    assert!(found[1].contains("there is no `a_b` here"), "{found:?}");
}

#[test]
fn workbook_templates_are_checked_as_well() {
    let files = Files::built_in().with(
        "report-templates/own.xlsx.xml",
        "<workbook>{% if false %}{{ customers.actve }}{% endif %}</workbook>",
    );
    let problems = check(&files);
    let only = problems.iter().next().unwrap();
    assert_eq!(
        only.place.as_ref().unwrap().to_string(),
        "report-templates/own.xlsx.xml:1:38"
    );
    assert_eq!(only.code.name, "template-field");
}

#[test]
fn syntax_and_unknown_names_have_their_place_and_a_suggestion() {
    let found = checked("a\n{{ scorecard.measured | cuont }}\n{{ sparklin(values=[]) }}");
    assert_eq!(
        found,
        [
            "report-templates/own.html:2:25: unknown filter `cuont` (did you mean `count`?)",
            "report-templates/own.html:3:4: unknown function `sparklin` (did you mean `sparkline`?)",
        ]
    );
    let found = checked("a\n{% if x %}\n{{ y");
    assert!(
        found[0].starts_with("report-templates/own.html:3:"),
        "{found:?}"
    );
    let found = checked("{{ t(key=\"page.titel\") }}");
    assert!(
        found[0].contains("the catalogues have no text `page.titel`"),
        "{found:?}"
    );
}

#[test]
fn a_missing_or_raw_number_is_refused() {
    assert_eq!(
        rendered("{{ scorecard.total.score }}"),
        Err("template-value: a number is printed here with all its digits".to_owned())
    );
    assert_eq!(
        rendered("{% set x = none %}{{ x }}"),
        Err("template-value: the value printed here is missing".to_owned())
    );
    assert_eq!(
        rendered("{{ scorecard.total }}"),
        Err("template-value: map/struct is printed here as a whole".to_owned())
    );
    assert_eq!(
        rendered("{% set x = none %}{{ x | num }}"),
        Ok("—".to_owned())
    );
    assert_eq!(
        rendered("{{ scorecard.total.score | num(digits=2) }} {{ scorecard.kpis }}"),
        Ok("66.40 31".to_owned())
    );
}

#[test]
fn text_of_data_never_becomes_markup() {
    let page = rendered("<p title=\"{{ client.name }}\">{{ client.name }}</p>").unwrap();
    assert!(!page.contains("<script"), "{page}");
    assert!(page.contains("&lt;script&gt;alert(&quot;น้ำ"), "{page}");
    assert!(
        rendered("{{ client.name | safe }}")
            .unwrap_err()
            .contains("`safe` is not available")
    );
}

#[test]
fn control_characters_and_reordering_marks_are_dropped() {
    let mut report = fixture::full();
    report.client.name = "a\u{0}b\u{1b}[31mc\u{202e}d\u{feff}\te\nก\u{e49}".to_owned();
    let files = Files::built_in().with("report-templates/own.html", "{{ client.name }}");
    let templates = Templates::compile(&files, &locale(Language::Th, "THB")).unwrap();
    assert_eq!(
        templates.render("own.html", &report).unwrap(),
        "ab[31mcd\te\nก\u{e49}"
    );
}

#[test]
fn values_are_printed_in_the_language() {
    let files = Files::built_in().with(
        "report-templates/own.html",
        "{{ 1234567.5 | num }}|{{ 0.284 | percent }}|{{ 1234.5 | money }}|{{ data_to | date }}|{{ 0.156 | value(unit=\"percent\") }}|{{ -3 | signed }}|{{ 0.014 | points }}|{{ 18449999.0 | scaled(scale=money_scale(of=[18449999.0])) }}|{{ scorecard.perspectives[0].processes[0].kpis[0].change | change }}",
    );
    let of = |language, currency| {
        Templates::compile(&files, &locale(language, currency))
            .unwrap()
            .render("own.html", &fixture::full())
            .unwrap()
    };
    assert_eq!(
        of(Language::En, "USD"),
        "1,234,567.5|28.4%|$1,234.50|30 Sep 2026|15.6%|−3|+1.4 pp|18.4|+1.4 pp"
    );
    assert_eq!(
        of(Language::Vi, "VND"),
        "1.234.567,5|28,4%|1.235\u{a0}₫|30/09/2026|15,6%|−3|+1,4 điểm %|18,4|+1,4 điểm %"
    );
}

#[test]
fn a_template_without_end_is_stopped() {
    let endless =
        "{% for a in range(end=90000) %}{% for b in range(end=90000) %}x{% endfor %}{% endfor %}";
    let files = Files::built_in().with("report-templates/own.html", endless);
    let templates = Templates::compile(&files, &locale(Language::En, "USD")).unwrap();
    let model = context(&fixture::empty());
    let problem = templates
        .render_within("own.html", model.clone(), 1000, Duration::from_secs(60))
        .unwrap_err();
    assert!(
        problem.message.contains("writes more"),
        "{}",
        problem.message
    );
    let problem = templates
        .render_within("own.html", model, usize::MAX, Duration::from_millis(50))
        .unwrap_err();
    assert_eq!(problem.code.name, "template-limit");
}

#[test]
fn columns_have_their_letters() {
    assert_eq!(
        rendered("{% for at in [0, 25, 26, 701, 702, 16383] %}{{ column(at=at) }} {% endfor %}"),
        Ok("A Z AA ZZ AAA XFD ".to_owned())
    );
    assert!(rendered("{{ column(at=16384) }}").is_err());
}
