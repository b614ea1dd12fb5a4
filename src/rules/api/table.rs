//! The documentation of the rules API: one table, printed as `docs/rules-api.md`. Tests hold that it
//! names exactly the functions there are, that its examples come out as it says, and that the page is
//! what the table prints.

use std::fmt::Write;

/// A function, or several of a name.
pub(in super::super) struct Entry {
    /// How it is written, one per form.
    pub(in super::super) forms: &'static [&'static str],
    /// What it gives.
    pub(in super::super) text: &'static str,
    /// Expressions and what they come to for the customer and population of [`EXAMPLE`].
    pub(in super::super) examples: &'static [(&'static str, &'static str)],
}

/// Functions that belong together.
pub(in super::super) struct Section {
    title: &'static str,
    text: &'static str,
    pub(in super::super) entries: &'static [Entry],
}

/// Whom the examples are about.
const EXAMPLE: &str = "Examples are about customer A of ten: `actual_value` 1 to 10 (A: 1), \
    `recency_days` 0 to 90 (A: 0), `nps` 9 for A and missing for the others, `branch` north and \
    south in turn (A: north), `last_purchase` 2026-09-01 for A, in the quarter 2026-Q3.";

macro_rules! entry {
    ($([$($form:literal),+] $text:literal $(($example:literal = $result:literal))*;)*) => {
        &[$(Entry {
            forms: &[$($form),+],
            text: $text,
            examples: &[$(($example, $result)),*],
        }),*]
    };
}

/// All there is.
pub(in super::super) const SECTIONS: &[Section] = &[
    Section {
        title: "The customer, `c`",
        text: "`c.name` is the customer's fact of that name in this period. Reading a fact that is \
            missing for the customer is an error that names the customer and the line: missing is \
            not zero. `score` can also read `c.segment`, `actions` and `profile` also `c.strength` and \
            `c.attractiveness`, as the rules before have found them.",
        entries: entry! {
            ["c.has(fact)"] "Whether the fact is known."
                ("c.has(\"nps\")" = "true");
            ["c.get(fact, default)"] "The fact, or the default where it is missing."
                ("c.get(\"nps\", 0)" = "9");
        },
    },
    Section {
        title: "The population, `all`",
        text: "Everybody in the same period. `all.count` is how many they are, `all.period` the \
            period, `all.starts` and `all.ends` its first and last day, `all.value_band` the band \
            around zero within which a value counts as nothing (`[value] band`, or 1 % of the mean \
            positive actual value). `all.name` are the figures of that fact: numbers, and flags as \
            1 and 0; those for whom it is missing are left out.",
        entries: entry! {
            ["all.like(c, fact)", "all.like(c, fact, fact)", "all.like(c, fact, fact, fact)"]
                "The part of the population that is like the customer: in the same quarter of the \
                ranking by a number (equal values together), with the same text, date or flag; \
                missing with missing. It is a population like `all`."
                ("all.like(c, \"branch\").count" = "5")
                ("all.like(c, \"branch\", \"actual_value\").actual_value.max()" = "3");
            ["figures.quantile(share)"]
                "The least value that at least this share does not exceed (type 1), share from 0 to 1."
                ("all.actual_value.quantile(0.80)" = "8");
            ["figures.median()"] "The quantile of 0.5." ("all.actual_value.median()" = "5");
            ["figures.mean()"] "The mean." ("all.actual_value.mean()" = "5.5");
            ["figures.sum()"] "The sum; 0 of nothing." ("all.actual_value.sum()" = "55");
            ["figures.positive()"] "Those above zero." ("all.recency_days.positive().count()" = "9");
            ["figures.negative()"] "Those below zero." ("all.actual_value.negative().count()" = "0");
            ["figures.above(x)"] "Those above a value." ("all.actual_value.above(7).sum()" = "27");
            ["figures.below(x)"] "Those below a value." ("all.actual_value.below(3).max()" = "2");
        },
    },
    Section {
        title: "What `segment` answers",
        text: "Every path through `segment(c, all)` ends in a class. A reason is a key into the \
            locale catalogues (`reason.…`) whose placeholders the map fills, or your own words. \
            What the map holds as `cut` also stands in a column of its own in \
            the list of customers.",
        entries: entry! {
            ["class(name)", "class(name, reason)", "class(name, reason, #{ … })"]
                "The class, with its reason: `class(\"BZ\", \"reason.below-zero\", #{ value: money(c.actual_value) })`.";
        },
    },
    Section {
        title: "What `score` answers",
        text: "`score(c, all)` ends in one scorecard. A side's score runs from 0 (1 point in \
            everything) to 100 (5 points), weighted over the criteria that could be measured; a \
            side of which none could is not scored.",
        entries: entry! {
            ["scorecard([criterion, …])"] "The scorecard of these criteria.";
            ["strength(name, weight, points)"]
                "A criterion of how firm the relationship is; its label is `criterion.<name>`.";
            ["attractiveness(name, weight, points)"]
                "A criterion of how much the relationship is worth having.";
            ["points(c, fact, [a, b, c, d])"]
                "More is better: 1 point below a, 2 from a on, 3 from b, 4 from c, 5 from d. Not \
                measured where the fact is missing. The steps rise.";
            ["points_low(c, fact, [a, b, c, d])"]
                "Less is better: 5 points up to a, 4 up to b, 3 up to c, 2 up to d, 1 above.";
            ["fifths(c, all, fact)"]
                "By the fifth of the population the customer is in, 5 the highest; equal values share.";
            ["missing()"] "The points of a criterion that cannot be measured.";
        },
    },
    Section {
        title: "What `actions` answers",
        text: "`actions(c, all)` ends in a list, first things first, `[]` for nothing.",
        entries: entry! {
            ["action(text)", "action(text, #{ … })"]
                "Something to do: a key (`action.…`) with what fills its placeholders, or your own words.";
        },
    },
    Section {
        title: "What `profile` answers",
        text: "`profile(c, all)` in `rules/profiles.rhai` says who gets a page of its own in \
            `profiles.html`: it ends in a list of reasons, which the page prints, `[]` for nobody. It sees \
            what `actions` sees, and like that is asked in the reported period only. At most \
            `[profiles] most` customers get a page (25 where nothing is set), those of the greatest actual \
            value first.",
        entries: entry! {
            ["because(text)", "because(text, #{ … })"]
                "Why the customer gets a page: a key (`profile.…`) with what fills its placeholders, or your own words.";
        },
    },
    Section {
        title: "What a KPI's function answers",
        text: "`rules/scorecard.rhai` holds functions of one parameter, `fn by_steps(kpi)`, for KPIs \
            with `scoring = \"script\"` and `script = \"by_steps\"` in `scorecard.toml`. Each ends in \
            a score, cut off at 0 and 100, or in `missing()`, and then the KPI is shown without a \
            score. A KPI has `.value`, `.numerator`, `.denominator`, `.previous` (its value in the \
            quarter before), `.target`, `.floor`, `.red_flag`, `.stretch`, `.id` and `.period`; \
            reading a figure it does not have is an error. There is no customer and no population.",
        entries: entry! {
            ["kpi.has(figure)"] "Whether the KPI has the figure.";
            ["kpi.get(figure, default)"] "The figure, or the default where there is none.";
        },
    },
    Section {
        title: "How a value is printed",
        text: "In the map of a text. A bare number prints with one decimal, a whole number without, \
            texts and dates as the language has them.",
        entries: entry! {
            ["money(x)"] "An amount in the client's currency.";
            ["percent(x)"] "A share: 0.85 prints as 85 %.";
            ["number(x)"] "A number with one decimal.";
            ["count(x)", "figures.count()"]
                "A whole number; of figures, how many there are."
                ("all.nps.count()" = "1");
            ["key(text)"] "Another text of the catalogues.";
        },
    },
    Section {
        title: "Numbers",
        text: "`+ - * / % **` and comparisons. A quotient has decimals (`7 / 2` is 3.5), a division \
            by zero is an error, and so is comparing unlike things, such as a text with a number.",
        entries: entry! {
            ["abs(x)"] "Without its sign." ("abs(-2.5)" = "2.5");
            ["min(a, b)", "figures.min()"] "The lesser; the least of figures." ("min(3, 2.5)" = "2.5");
            ["max(a, b)", "figures.max()"] "The greater; the greatest of figures." ("max(3, 2.5)" = "3");
            ["round(x)"] "To the nearest whole, halves away from zero." ("round(2.5)" = "3");
            ["floor(x)"] "The whole number at or below." ("floor(-2.5)" = "-3");
            ["ceil(x)"] "The whole number at or above." ("ceil(-2.5)" = "-2");
            ["sqrt(x)"] "The square root." ("sqrt(9)" = "3");
            ["ln(x)"] "The natural logarithm." ("ln(1)" = "0");
        },
    },
    Section {
        title: "Texts and lists",
        text: "Texts stand in double quotes; between backquotes, `${…}` is filled in. `\"x\" in list` \
            asks whether a list holds something, or a text a part.",
        entries: entry! {
            ["len(text)", "len(list)"] "Characters of a text, items of a list." ("len(\"ไทย\")" = "3");
            ["contains(text, part)", "contains(list, item)", "contains(range, x)"]
                "Whether it holds it; written `in` as well."
                ("c.branch in [\"north\", \"east\"]" = "true")
                ("c.recency_days in 0..30" = "true");
            ["starts_with(text, part)"] "Whether it starts so." ("c.branch.starts_with(\"no\")" = "true");
            ["ends_with(text, part)"] "Whether it ends so." ("c.branch.ends_with(\"no\")" = "false");
            ["to_upper(text)"] "In capitals." ("c.branch.to_upper()" = "NORTH");
            ["to_lower(text)"] "In small letters." ("to_lower(\"A\")" = "a");
            ["trim(text)"] "Without white space around it." ("trim(\" a \")" = "a");
            ["to_string(x)"] "As text." ("to_string(7 / 2)" = "3.5");
            ["push(list, item)"] "Adds an item at the end."
                ("{ let l = [1]; l.push(2); len(l) }" = "2");
        },
    },
    Section {
        title: "Dates",
        text: "A date has `.year` (common era), `.month` and `.day`; dates compare, and one minus \
            another is a number of days.",
        entries: entry! {
            ["date(year, month, day)"] "A day." ("date(2026, 9, 1) == c.last_purchase" = "true");
            ["day.days_since(earlier)"] "Days between." ("all.ends.days_since(c.last_purchase)" = "29");
        },
    },
];

/// The page `docs/rules-api.md`.
pub fn markdown() -> String {
    let mut page = String::from(
        "# What rules can use\n\n\
        <!-- Printed from src/rules/api/table.rs by a test; UPDATE_EXPECT=1 rewrites it. -->\n\n\
        Rules are [rhai](https://rhai.rs/book/) files: `rules/segmentation.rhai` with `fn segment(c, all)`, \
        `rules/scoring.rhai` with `fn score(c, all)`, `rules/actions.rhai` with `fn actions(c, all)`, \
        `rules/profiles.rhai` with `fn profile(c, all)`. \
        They run in this order for every customer and period; functions that score KPIs stand in \
        `rules/scorecard.rhai`. The language's `let`, `const`, `if`, \
        `switch`, `for`, `while`, `fn` and `return` are there; a constant at the top of a file is \
        `global::NAME` in its functions; it is worked out once per period and can use `all`. Files cannot import each other, and see no disk, network or clock.\n\n\
        `quarterdeck check` resolves every fact and function a file names, also in branches that never run.\n\n",
    );
    let _ = writeln!(
        page,
        "A rule may use, per call: {}.\n\n{EXAMPLE}",
        super::limits::describe()
    );
    for section in SECTIONS {
        let _ = writeln!(page, "\n## {}\n\n{}\n", section.title, section.text);
        page.push_str("| | | for example |\n|---|---|---|\n");
        for entry in section.entries {
            let code = |text: &&str| format!("`{text}`");
            let forms: Vec<String> = entry.forms.iter().map(code).collect();
            let examples: Vec<String> = entry
                .examples
                .iter()
                .map(|(example, result)| format!("`{example}` is {result}"))
                .collect();
            let (forms, examples) = (forms.join("<br>"), examples.join("<br>"));
            let _ = writeln!(page, "| {forms} | {} | {examples} |", entry.text);
        }
    }
    page
}
