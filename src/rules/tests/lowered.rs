//! The lowered rules against rhai itself: the same answers, texts, lines and failures, row by row.

use super::*;

/// Rows of a made-up base: five periods, every fact now and then missing, many ties.
const ROWS: usize = 3_000;

/// The same numbers on every machine (Knuth's MMIX generator).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    /// Whole numbers from `low`, `span` of them, one in `gap` missing.
    fn whole(&mut self, low: i64, span: u64, gap: u64) -> Option<i64> {
        let value = low + self.below(span) as i64;
        (self.below(gap) > 0).then_some(value)
    }
}

fn base() -> RecordBatch {
    let mut numbers = Numbers(7);
    let mut column = |low, span, gap| -> Vec<Option<i64>> {
        (0..ROWS).map(|_| numbers.whole(low, span, gap)).collect()
    };
    let whole = |column: Vec<Option<i64>>| -> ArrayRef { Arc::new(Int64Array::from(column)) };
    let money = |column: Vec<Option<i64>>| -> ArrayRef {
        let cents = column
            .iter()
            .map(|x| x.map(i128::from))
            .collect::<Decimal128Array>();
        Arc::new(cents.with_precision_and_scale(38, 2).unwrap())
    };
    let flag = |column: Vec<Option<i64>>| -> ArrayRef {
        Arc::new(
            column
                .iter()
                .map(|x| x.map(|x| x == 1))
                .collect::<BooleanArray>(),
        )
    };
    let never = u64::MAX;
    let columns: Vec<(&str, ArrayRef)> = vec![
        (
            "customer_id",
            Arc::new(
                (0..ROWS)
                    .map(|at| Some(format!("C{at:05}")))
                    .collect::<StringViewArray>(),
            ),
        ),
        (
            "period",
            Arc::new(
                (0..ROWS)
                    .map(|at| Some(["2025-Q2", "2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2"][at % 5]))
                    .collect::<StringViewArray>(),
            ),
        ),
        ("actual_value", money(column(-20_000, 120_000, 12))),
        ("potential_value", money(column(-5_000, 200_000, 2))),
        ("potential_peers", whole(column(0, 400, 2))),
        ("contribution", money(column(-9_000, 60_000, 3))),
        ("monetary", money(column(-500, 90_000, 20))),
        ("frequency", whole(column(0, 12, 20))),
        ("recency_days", whole(column(0, 500, never))),
        ("tenure_days", whole(column(0, 1_800, never))),
        ("products", whole(column(1, 9, 4))),
        ("channels", whole(column(1, 4, 4))),
        ("orders", whole(column(0, 5, never))),
        ("revenue", money(column(-900, 90_000, never))),
        ("revenue_year_ago", money(column(-900, 60_000, 3))),
        ("csat", money(column(100, 400, 2))),
        ("share_of_wallet", money(column(0, 100, 3))),
        ("overdue_share", money(column(0, 100, 3))),
        ("referred_customers", whole(column(1, 4, 2))),
        ("is_strategic", flag(column(1, 1, 2))),
        ("is_new", flag(column(0, 2, never))),
        ("is_closing", flag(column(0, 2, never))),
        (
            "branch",
            Arc::new(
                column(0, 3, 9)
                    .iter()
                    .map(|x| x.map(|x| ["north", "south", "east"][x as usize]))
                    .collect::<StringViewArray>(),
            ),
        ),
        (
            "last_purchase",
            Arc::new(
                column(20_000, 700, 9)
                    .iter()
                    .map(|x| x.map(|x| x as i32))
                    .collect::<Date32Array>(),
            ),
        ),
    ];
    RecordBatch::try_from_iter_with_nullable(
        columns.into_iter().map(|(name, array)| (name, array, true)),
    )
    .unwrap()
}

/// Everything that rules have found, in words.
fn told(found: &Found, rows: usize) -> Vec<String> {
    let mut told: Vec<String> = (0..rows)
        .map(|row| {
            let scores = [found.strength(row), found.attractiveness(row)];
            format!(
                "{row}: {:?} {:?} {:?} {:?} {:?}",
                found.segment(row),
                found.reason(row),
                scores.map(|score| score.map(f64::to_bits)),
                found.actions(row),
                found.grounds(row)
            )
        })
        .collect();
    told.extend(
        found
            .all
            .failures
            .iter()
            .map(|failure| format!("{failure:?}")),
    );
    told.extend(found.all.remarks.iter().map(|remark| format!("{remark:?}")));
    told
}

/// Runs the rules both ways, holds the answers against each other, and gives how many rows of how
/// many stages rhai had to run all the same.
fn handed_back(files: &Files, batch: &RecordBatch) -> u64 {
    let mut rules = compiled(files, batch);
    let facts = rules.facts(batch).unwrap();
    let lowered = assigned(&rules, &facts, Acted::Every);
    rules.trees.clear();
    let interpreted = assigned(&rules, &facts, Acted::Every);
    assert!(interpreted.all.interpreted >= facts.len() as u64);
    let (lowered_told, told) = (told(&lowered, facts.len()), told(&interpreted, facts.len()));
    for (one, other) in lowered_told.iter().zip(&told) {
        assert_eq!(one, other);
    }
    assert_eq!(lowered_told.len(), told.len());
    lowered.all.interpreted
}

#[test]
fn the_shipped_rules_never_need_rhai() {
    assert_eq!(handed_back(&Files::built_in(), &base()), 0);
}

/// The same for a body of `segment`, over the made-up base.
fn segment(body: &str) -> u64 {
    handed_back(
        &files(&format!("fn segment(c, all) {{\n{body}\n}}")),
        &base(),
    )
}

#[test]
fn what_is_lowered_is_what_rhai_says() {
    for body in [
        // Variables, shadowing, blocks that are values, what a block leaves behind.
        "let x = c.recency_days; let y = { let x = 2; x * 3 }; x = x + y; if x > 200 { class(\"A\") } else { class(\"B\") }",
        "let x = 1; if c.recency_days > 50 { let x = 2; x = 3; } class(\"A\", \"text\", #{ x: x })",
        "let x = 1; if c.recency_days > 50 { x = 2; } class(\"A\", \"text\", #{ x: x })",
        "const LIMIT = 100; if c.recency_days > LIMIT { class(\"A\") } else { class(\"B\") }",
        "let n = if c.orders > 9 { 1 }; class(\"A\")",
        "let a = class(\"A\"); let b = class(\"B\", \"reason\"); if c.is_new { a } else { b }",
        // Every operator on every pair of kinds.
        "class(\"A\", \"text\", #{ a: 1 + 2, b: 1 + 2.5, c: c.orders - 0.5, d: 7 / 2, e: 7 % 4, f: 2 ** 3, g: -c.orders, h: 7.5 % 2 })",
        "if c.orders == 2 || c.orders >= 4.0 && c.recency_days != 10 { class(\"A\") } else { class(\"B\") }",
        "if !c.is_new && c.is_closing == true { class(\"A\") } else { class(\"B\") }",
        "if c.get(\"branch\", \"none\") < \"north\" { class(\"A\") } else { class(\"B\") }",
        // Functions of numbers.
        "class(\"A\", \"text\", #{ a: abs(-3), b: round(2.5), c: floor(-2.5), d: ceil(2), e: sqrt(9), f: ln(2.5), g: min(1, 2.5), h: max(c.orders, 3) })",
        // Facts that may be missing; the date as a value.
        "if c.has(\"potential_value\") && c.potential_value > 100 { class(\"A\", \"text\", #{ value: percent(c.potential_value) }) } else { class(\"B\") }",
        "if c.has(\"last_purchase\") { class(\"A\", \"text\", #{ on: c.last_purchase, to: c.get(\"branch\", \"?\") }) } else { class(\"B\") }",
        // The population, whole and in part.
        "if all.count > 10 && c.recency_days > all.recency_days.median() { class(\"A\") } else { class(\"B\", \"text\", #{ n: count(all.orders.above(2).sum()), m: all.monetary.below(100).count() }) }",
        "let peers = all.like(c, \"branch\", \"is_new\", \"orders\"); class(\"A\", \"text\", #{ n: peers.count, q: number(peers.recency_days.quantile(0.25)), t: peers.recency_days.max() - peers.recency_days.min() })",
        // Switches: by text, by number with a range, by flag; labels shared; no default.
        "switch c.get(\"branch\", \"\") { \"north\" | \"east\" => class(\"A\"), \"south\" => { return class(\"B\"); } _ => class(\"C\") }",
        "switch c.orders { 0 => class(\"A\"), 1..3 => class(\"B\"), 3..=4 => class(\"C\") }",
        "let s = switch c.is_new { true => 1, false => 2 }; class(\"A\", \"text\", #{ s: s })",
        // Functions of the file, one inside the other, leaving early.
        "inner(c, all, 3)\n}\nfn inner(x, everybody, n) { if x.orders > n { return class(\"A\"); } twice(x.orders) }\nfn twice(n) { class(\"B\", \"text\", #{ n: n * 2 })",
    ] {
        assert_eq!(segment(body), 0, "{body}");
    }
}

#[test]
fn what_is_not_lowered_is_handed_back() {
    for body in [
        "let n = 0; for i in 0..3 { n += i; } class(\"A\", \"text\", #{ n: n })",
        "let n = 0; while n < c.orders { n = n + 1; } class(\"A\", \"text\", #{ n: n })",
        "let x = c.orders; x += 1; class(\"A\", \"text\", #{ x: x })",
        "class(`orders ${c.orders}`)",
        "let m = #{ a: 1 }; class(\"A\", \"text\", #{ a: m.a })",
        "class(\"A\", \"text\", #{ day: all.ends.day })",
        "down(c.orders * 5)\n}\nfn down(n) { if n <= 0 { return class(\"A\"); } down(n - 1)",
        "switch c.orders { 1 if c.is_new => class(\"A\"), _ => class(\"B\") }",
    ] {
        assert!(segment(body) > 0, "{body}");
    }
}

#[test]
fn what_fails_fails_in_the_same_words() {
    for body in [
        "if c.branch == \"north\" { class(\"A\") } else { class(\"B\") }",
        "if c.orders > \"2\" { class(\"A\") } else { class(\"B\") }",
        "class(\"A\", \"text\", #{ x: 1 / c.orders })",
        "if c.orders { class(\"A\") } else { class(\"B\") }",
        "if c.orders > 2 { class(\"A\") }",
        "class(\"A\", \"text\", #{ x: all.like(c, \"orders\").potential_value.above(1e12).mean() })",
        "class(\"A\", \"text\", #{ x: sqrt(c.orders - 2) })",
        "class(\"A\", \"text\", #{ x: all.orders.quantile(1) })",
        "class(\"A\", \"text\", #{ x: 9223372036854775807 + c.orders })",
        "c.orders",
    ] {
        assert!(segment(body) > 0, "{body}");
    }
}

#[test]
fn scores_and_actions_of_ones_own() {
    let segmentation =
        "fn segment(c, all) { if c.is_new { class(\"New\") } else { class(\"Old\") } }";
    let scoring = r#"
const MIDDLE = all.recency_days.median();
fn score(c, all) {
    let list = [strength("a", 2, points_low(c, "recency_days", [30, 90.5, 180, 365])), strength("b", 1.5, own(c))];
    if c.segment == "New" { list.push(attractiveness("c", 1, c.fifths(all, "monetary"))); }
    list.push(attractiveness("d", 3, if c.recency_days > global::MIDDLE { missing() } else { 4.5 }));
    scorecard(list)
}
fn own(c) { if c.has("channels") { c.channels } else { missing() } }"#;
    let actions = r#"
fn actions(c, all) {
    let list = [action("Ring them.")];
    let before = list;
    list.push(action("action.call-now", #{ days: c.recency_days }));
    if c.strength > 50 && c.get("attractiveness", 0.0) > 50.0 { list } else if c.segment == "New" { before } else { [] }
}"#;
    let files = Files::built_in()
        .with("rules/segmentation.rhai", segmentation)
        .with("rules/scoring.rhai", scoring)
        .with("rules/actions.rhai", actions);
    assert_eq!(handed_back(&files, &base()), 0);
    let outside = scoring.replace("1.5, own(c)", "1.5, 6");
    assert!(handed_back(&files.with("rules/scoring.rhai", &outside), &base()) > 0);
}

/// `x /= 2` is `x = x / 2`, and a quotient has decimals.
#[test]
fn assignments_with_an_operator_mean_what_they_say() {
    assert_eq!(value("{ let x = 7; x /= 2; x }"), Ok("3.5".to_owned()));
    assert_eq!(value("{ let x = 7; x += 0.5; x }"), Ok("7.5".to_owned()));
    assert!(value("{ let x = 7; x /= 0; x }").is_err());
    assert!(value("{ let x = 7.0; x /= 0.0; x }").is_err());
}
