//! Answers to surveys, and service to customers.

use datafusion::arrow::array::{Array, AsArray, Int64Array, StringViewArray};
use datafusion::arrow::datatypes::DataType;

use super::{Sheet, count, known, number, text};
use crate::calendar::Quarter;
use crate::diagnostics::codes::run::ANSWER_OFF_SCALE;
use crate::diagnostics::{Diagnostic, Diagnostics, Place};
use crate::report::model::{ServiceRow, SurveyRow, Surveys};
use crate::run::compute::Computed;

pub(super) fn surveys(computed: &Computed, reported: Quarter) -> Result<Surveys, Diagnostics> {
    let rejected = Sheet::of(
        computed,
        &format!(
            "select count(*) as answers from survey_scores \
             where period = '{reported}' and problem is not null"
        ),
    )?;
    let rows = |condition: &str| -> Result<Vec<SurveyRow>, Diagnostics> {
        survey_rows(&Sheet::of(
            computed,
            &format!(
                "select * from survey_results where period = '{reported}' and {condition} \
                 order by case instrument when 'nps' then 1 when 'csat' then 2 when 'feedback' then 3 \
                     when 'brand_awareness' then 4 when 'brand_preference' then 5 else 6 end, \
                     instrument, segment"
            ),
        )?)
    };
    Ok(Surveys {
        results: rows("segment is null")?,
        by_class: rows("segment is not null and answered_of is not null")?,
        rejected: rejected.counts("answers")?.value(0),
    })
}

fn survey_rows(sheet: &Sheet) -> Result<Vec<SurveyRow>, Diagnostics> {
    let (instruments, segments) = (sheet.texts("instrument")?, sheet.texts("segment")?);
    let (n, answered_of) = (sheet.counts("n")?, sheet.counts("answered_of")?);
    let figures = |name: &str| sheet.numbers(name);
    let (values, means) = (figures("value")?, figures("mean")?);
    let (lows, highs) = (figures("low")?, figures("high")?);
    let (changes, margins) = (figures("change")?, figures("change_margin")?);
    let (scale_low, scale_high) = (figures("scale_low")?, figures("scale_high")?);
    let flag = |name: &str| -> Result<_, Diagnostics> {
        Ok(sheet.column(name, &DataType::Boolean)?.as_boolean().clone())
    };
    let (small, significant) = (flag("is_small")?, flag("is_significant")?);
    let rows = sheet.rows().map(|row| SurveyRow {
        instrument: instruments.value(row).to_owned(),
        class: text(&segments, row),
        n: n.value(row),
        is_small: small.value(row),
        answered_of: count(&answered_of, row),
        is_score: instruments.value(row) == "nps",
        value: number(&values, row),
        low: known(&lows, row),
        high: known(&highs, row),
        mean: number(&means, row),
        scale_low: number(&scale_low, row),
        scale_high: number(&scale_high, row),
        change: known(&changes, row),
        change_margin: known(&margins, row),
        is_significant: significant.is_valid(row).then(|| significant.value(row)),
    });
    Ok(rows.collect())
}

/// Answers, and places among brands, that do not count, each where it stands.
pub(in crate::run) fn rejected_answers(
    computed: &Computed,
) -> Result<Vec<Diagnostic>, Diagnostics> {
    let sheet = Sheet::of(
        computed,
        "select instrument, cast(score as double) as score, cast(scale_low as double) as scale_low, \
             cast(scale_high as double) as scale_high, problem, source_file, source_sheet, source_row \
         from survey_scores where problem is not null \
         order by source_file, source_sheet, source_row",
    )?;
    let (instruments, problems) = (sheet.texts("instrument")?, sheet.texts("problem")?);
    let (files, sheets) = (sheet.texts("source_file")?, sheet.texts("source_sheet")?);
    let rows = sheet.counts("source_row")?;
    let scores = sheet.numbers("score")?;
    let (lows, highs) = (sheet.numbers("scale_low")?, sheet.numbers("scale_high")?);
    let said = sheet.rows().map(|row| {
        let instrument = instruments.value(row);
        let (low, high) = (lows.value(row), highs.value(row));
        let message = match problems.value(row) {
            "no-scale" => format!("a scale from {low} to {high} is none"),
            "not-0-to-10" => {
                format!("`{instrument}` is asked from 0 to 10, not from {low} to {high}")
            }
            _ => format!(
                "an answer of {} to `{instrument}` is off the scale from {low} to {high}",
                scores.value(row)
            ),
        };
        Diagnostic::warning(&ANSWER_OFF_SCALE, message)
            .at(place_of(&files, &sheets, &rows, row))
            .help("correct the answer, or give its scale beside it; it is not counted")
    });
    let mut said: Vec<Diagnostic> = said.collect();
    said.extend(rejected_ranks(computed)?);
    Ok(said)
}

/// Places among brands that there are not.
fn rejected_ranks(computed: &Computed) -> Result<Vec<Diagnostic>, Diagnostics> {
    let sheet = Sheet::of(
        computed,
        "select cast(brand_rank as double) as brand_rank, cast(brands as double) as brands, \
             rank_problem, source_file, source_sheet, source_row \
         from survey_scores where rank_problem is not null \
         order by source_file, source_sheet, source_row",
    )?;
    let problems = sheet.texts("rank_problem")?;
    let (files, sheets) = (sheet.texts("source_file")?, sheet.texts("source_sheet")?);
    let rows = sheet.counts("source_row")?;
    let (ranks, brands) = (sheet.numbers("brand_rank")?, sheet.numbers("brands")?);
    let said = sheet.rows().map(|row| {
        let rank = ranks.value(row);
        let (message, help) = match problems.value(row) {
            "no-brands" => (
                format!("place {rank} among brands says nothing without how many there are"),
                "give `brands`: how many of the kind the customer uses, us included",
            ),
            _ => (
                format!("there is no place {rank} among {} brands", brands.value(row)),
                "`brand_rank` is 1 for the brand liked best, up to `brands`; the rank is not counted",
            ),
        };
        Diagnostic::warning(&ANSWER_OFF_SCALE, message)
            .at(place_of(&files, &sheets, &rows, row))
            .help(help)
    });
    Ok(said.collect())
}

fn place_of(
    files: &StringViewArray,
    sheets: &StringViewArray,
    rows: &Int64Array,
    row: usize,
) -> Place {
    let sheet = sheets.is_valid(row).then(|| sheets.value(row));
    let sheet = sheet.filter(|sheet| !sheet.is_empty());
    let number = u32::try_from(rows.value(row)).ok();
    Place::cell(files.value(row), sheet, number, None)
}

pub(super) fn service(
    computed: &Computed,
    reported: Quarter,
) -> Result<Vec<ServiceRow>, Diagnostics> {
    let sheet = Sheet::of(
        computed,
        &format!(
            "select * from service_levels where period = '{reported}' \
             order by channel is not null, channel, kind is not null, kind"
        ),
    )?;
    let (channels, kinds) = (sheet.texts("channel")?, sheet.texts("kind")?);
    let counts = |name: &str| sheet.counts(name);
    let (opened, closed) = (counts("opened")?, counts("closed")?);
    let (within, due) = (counts("within")?, counts("due")?);
    let (open, overdue) = (counts("open_at_end")?, counts("overdue_at_end")?);
    let (medians, p90) = (sheet.numbers("median_hours")?, sheet.numbers("p90_hours")?);
    let rows = sheet.rows().map(|row| ServiceRow {
        channel: text(&channels, row),
        kind: match text(&kinds, row) {
            None => "all".to_owned(),
            Some(kind) if kind.is_empty() => "unstated".to_owned(),
            Some(kind) => kind,
        },
        opened: opened.value(row),
        closed: closed.value(row),
        due: due.value(row),
        within: within.value(row),
        level: (due.value(row) > 0).then(|| within.value(row) as f64 / due.value(row) as f64),
        median_hours: known(&medians, row),
        p90_hours: known(&p90, row),
        open_at_end: open.value(row),
        overdue_at_end: overdue.value(row),
    });
    Ok(rows.collect())
}
