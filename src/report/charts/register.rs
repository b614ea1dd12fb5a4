//! The charts as functions of templates. Each returns markup of ours; text of data in it is escaped.

use std::sync::Arc;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use tera::{Error, Kwargs, State, Tera, TeraResult, Value};

use super::{
    Bar as QuarterBar, Bullet, CashFlow, Kind, MapMark, Score, ShareRow, Spark, Step, Tornado,
    ValueMapChart, Waterfall, Whale, account_bar, bullet, cash, class_colour, quarters, score,
    shares, spark, tornado, value_map, waterfall, waterfall_start, whale,
};
use crate::message::Argument;
use crate::report::locale::{Locale, MISSING, MoneyScale};
use crate::report::model::{
    ChartStep, Kpi, Node, ProfileQuarter, Status, Swing, Unit, ValueMap, WhaleCurve,
};

/// Registers every chart; returns their names.
pub(in crate::report) fn register(tera: &mut Tera, locale: &Arc<Locale>) -> Vec<String> {
    type Draw = fn(&Locale, &Kwargs) -> TeraResult<Value>;
    const CHARTS: [(&str, Draw); 15] = [
        ("score_axis", draw_score),
        ("bullet", draw_bullet),
        ("sparkline", draw_spark),
        ("waterfall", draw_waterfall),
        ("waterfall_start", start_of_waterfall),
        ("share_bars", draw_shares),
        ("account_bar", |_, args| {
            Ok(safe(&account_bar(&argument(args, "rows")?)))
        }),
        ("cash_flow", draw_cash),
        ("tornado", draw_tornado),
        ("whale_curve", draw_whale),
        ("value_map", draw_value_map),
        ("quarter_bars", draw_quarters),
        ("status_mark", |_, args| {
            Ok(status_mark(mark_of(argument(args, "status")?)))
        }),
        ("class_mark", |_, args| {
            let class: String = argument(args, "class")?;
            Ok(class_mark(&class, optional(args, "place")?.unwrap_or(0)))
        }),
        ("heat", |_, args| {
            let value = optional(args, "value")?.unwrap_or(0.0);
            let most = argument(args, "most")?;
            let step = match optional(args, "least")? {
                Some(least) => band(value, least, most),
                None => heat(value, most),
            };
            Ok(Value::from(step))
        }),
    ];
    for (name, draw) in CHARTS {
        let locale = Arc::clone(locale);
        tera.register_function(name, move |args: Kwargs, _: &State| {
            draw(&locale, &args).map_err(|error| Error::message(format!("`{name}`: {error}")))
        });
    }
    CHARTS.map(|(name, _)| name.to_owned()).to_vec()
}

/// An argument of a type of the model.
fn argument<T: DeserializeOwned>(args: &Kwargs, name: &str) -> TeraResult<T> {
    let value = args.must_get::<Value>(name)?;
    if value.is_undefined() {
        return Err(Error::message(format!("`{name}` is not in the report")));
    }
    from_value(name, &value)
}

/// The same, none where it is null or not given.
fn optional<T: DeserializeOwned>(args: &Kwargs, name: &str) -> TeraResult<Option<T>> {
    match args.get::<Value>(name)? {
        Some(value) if !value.is_none() && !value.is_undefined() => {
            from_value(name, &value).map(Some)
        }
        _ => Ok(None),
    }
}

fn from_value<T: DeserializeOwned>(name: &str, value: &Value) -> TeraResult<T> {
    serde_json::to_value(value)
        .and_then(serde_json::from_value)
        .map_err(|error| Error::message(format!("`{name}` is of another kind: {error}")))
}

fn safe(markup: &str) -> Value {
    Value::safe_string(markup)
}

/// The symbol of a status.
pub(in crate::report) fn mark_of(status: Status) -> &'static str {
    match status {
        Status::Good => "good",
        Status::Watch => "watch",
        Status::Act => "bad",
        Status::NotMeasured | Status::InsufficientData => "none",
        Status::NotDue => "wait",
        Status::Information => "info",
    }
}

fn status_mark(mark: &str) -> Value {
    safe(&format!(
        "<svg class=\"st\" aria-hidden=\"true\"><use href=\"#s-{mark}\"/></svg>"
    ))
}

/// The shape of a value class: told apart without its colour.
fn class_mark(class: &str, place: usize) -> Value {
    let tint = class_colour(class, place);
    let shape = match tint {
        "mvc" => "<circle cx=\"8\" cy=\"8\" r=\"5\" fill=\"var(--mvc)\"/>".to_owned(),
        "mgc" => "<path d=\"M8 2.4l5.6 10H2.4z\" fill=\"var(--mgc)\"/>".to_owned(),
        "steady" => {
            "<rect x=\"4.2\" y=\"4.2\" width=\"7.6\" height=\"7.6\" fill=\"var(--steady)\"/>".to_owned()
        }
        "migrator" => "<circle cx=\"8\" cy=\"8\" r=\"4.2\" fill=\"none\" stroke=\"var(--migrator)\" stroke-width=\"1.8\"/>".to_owned(),
        _ => "<path d=\"M3.5 3.5l9 9m0-9l-9 9\" stroke=\"var(--bz)\" stroke-width=\"2\"/>".to_owned(),
    };
    safe(&format!(
        "<svg class=\"st\" viewBox=\"0 0 16 16\" aria-hidden=\"true\">{shape}</svg>"
    ))
}

/// The step 1–5 of a heat table's tint; 0 for nothing. By the square root of the share, so that a
/// table with one huge cell does not go pale everywhere else.
fn heat(value: f64, most: f64) -> u64 {
    if value <= 0.0 || most <= 0.0 {
        return 0;
    }
    (libm::ceil(5.0 * libm::sqrt(value / most)) as u64).clamp(1, 5)
}

/// The band of five equal ones between the least and the most, the most in the fifth.
fn band(value: f64, least: f64, most: f64) -> u64 {
    if most <= least {
        return 3;
    }
    let place = ((value - least) / (most - least)).clamp(0.0, 1.0);
    ((5.0 * place) as u64 + 1).min(5)
}

fn draw_score(locale: &Locale, args: &Kwargs) -> TeraResult<Value> {
    let node: Node = argument(args, "node")?;
    let big = optional(args, "big")?.unwrap_or(false);
    let whole = |score: f64| locale.number(score, 0);
    let said = |score: Option<f64>| score.map_or(MISSING.to_owned(), |score| locale.score(score));
    let (low, high) = (whole(node.low), whole(node.high));
    let title = locale.text_with(
        "page.chart.score",
        &[
            ("score", Argument::Text(said(node.score))),
            ("low", Argument::Text(low.clone())),
            ("high", Argument::Text(high.clone())),
            ("previous", Argument::Text(said(node.previous))),
        ],
    );
    Ok(safe(&score(&Score {
        score: node.score,
        low: node.low,
        high: node.high,
        previous: node.previous,
        mark: mark_of(node.status),
        cuts: [50.0, 75.0],
        big,
        title: &title,
        labels: [&low, &high],
    })))
}

fn draw_bullet(locale: &Locale, args: &Kwargs) -> TeraResult<Value> {
    let kpi: Kpi = argument(args, "kpi")?;
    let said = |value: Option<f64>| {
        Argument::Text(value.map_or(MISSING.to_owned(), |v| locale.value(v, kpi.unit)))
    };
    let title = locale.text_with(
        "page.chart.bullet",
        &[("value", said(kpi.value)), ("target", said(kpi.target))],
    );
    Ok(safe(&bullet(&Bullet {
        value: kpi.value,
        target: kpi.target,
        scale: &kpi.scale,
        title: &title,
    })))
}

fn draw_spark(locale: &Locale, args: &Kwargs) -> TeraResult<Value> {
    let values: Vec<Option<f64>> = argument(args, "values")?;
    let unit = optional(args, "unit")?.unwrap_or(Unit::Score);
    let said: Vec<String> = values
        .iter()
        .map(|value| value.map_or(MISSING.to_owned(), |v| locale.value(v, unit)))
        .collect();
    let title = locale.text_with(
        "page.chart.history",
        &[
            ("count", Argument::Count(values.len() as i64)),
            ("values", Argument::Text(said.join(" · "))),
        ],
    );
    Ok(safe(&spark(&Spark {
        values: &values,
        target: optional(args, "target")?,
        title: &title,
    })))
}

/// A row of a waterfall as a template writes it.
#[derive(Deserialize)]
struct Row {
    label: String,
    value: f64,
    #[serde(default)]
    total: bool,
}

fn steps(args: &Kwargs) -> TeraResult<Vec<Step>> {
    let rows: Vec<Row> = argument(args, "steps")?;
    Ok(rows
        .into_iter()
        .map(|row| Step {
            label: row.label,
            value: row.value,
            kind: if row.total { Kind::Total } else { Kind::Move },
        })
        .collect())
}

fn draw_waterfall(locale: &Locale, args: &Kwargs) -> TeraResult<Value> {
    let steps = steps(args)?;
    let title: String = argument(args, "title")?;
    let scale = match args.get::<Value>("scale")? {
        Some(_) => money_scale(args)?,
        None => MoneyScale::One,
    };
    Ok(safe(&waterfall(&Waterfall {
        steps: &steps,
        total: &|v| locale.scaled(v, scale),
        change: &|v| {
            let said = locale.scaled(v, scale);
            if v > 0.0 { format!("+{said}") } else { said }
        },
        title: &title,
    })))
}

fn start_of_waterfall(_: &Locale, args: &Kwargs) -> TeraResult<Value> {
    Ok(Value::from(waterfall_start(&steps(args)?)))
}

/// A bar of shares as a template writes it: its label, and the field its parts are in.
#[derive(Deserialize)]
struct Bar {
    label: String,
    field: String,
}

fn draw_shares(locale: &Locale, args: &Kwargs) -> TeraResult<Value> {
    let items: Vec<serde_json::Value> = argument(args, "of")?;
    let class_field: String = argument(args, "class")?;
    let bars: Vec<Bar> = argument(args, "bars")?;
    let title: String = argument(args, "title")?;
    let classes: Vec<String> = items
        .iter()
        .map(|item| item[&class_field].as_str().unwrap_or_default().to_owned())
        .collect();
    let rows: Vec<ShareRow> = bars
        .into_iter()
        .map(|bar| ShareRow {
            parts: items
                .iter()
                .map(|item| item[&bar.field].as_f64().unwrap_or(0.0))
                .collect(),
            label: bar.label,
        })
        .collect();
    let percent = |share: f64| locale.percent(share, 0);
    Ok(safe(&shares(&rows, &classes, &percent, &title)))
}

fn money_scale(args: &Kwargs) -> TeraResult<MoneyScale> {
    match argument::<String>(args, "scale")?.as_str() {
        "one" => Ok(MoneyScale::One),
        "million" => Ok(MoneyScale::Million),
        "billion" => Ok(MoneyScale::Billion),
        other => Err(Error::message(format!("`{other}` is not a scale"))),
    }
}

fn draw_cash(locale: &Locale, args: &Kwargs) -> TeraResult<Value> {
    let flows: Vec<ChartStep> = argument(args, "flows")?;
    let scale = money_scale(args)?;
    let months_per_step: f64 = argument(args, "step_months")?;
    let payback: Option<f64> = optional(args, "payback")?;
    let net: Vec<f64> = flows.iter().map(|flow| flow.net).collect();
    let labels: Vec<String> = flows.iter().map(|flow| flow.label.clone()).collect();
    let payback_label: String = argument(args, "payback_label")?;
    let cumulative_label: String = argument(args, "cumulative_label")?;
    let title: String = argument(args, "title")?;
    Ok(safe(&cash(&CashFlow {
        net: &net,
        labels: &labels,
        actual: flows.iter().take_while(|flow| !flow.forecast).count(),
        payback: payback.map(|months| months / months_per_step),
        payback_label: &payback_label,
        cumulative_label: &cumulative_label,
        amount: &|v| locale.scaled(v, scale),
        title: &title,
        wide: optional(args, "wide")?.unwrap_or(true),
    })))
}

fn draw_tornado(locale: &Locale, args: &Kwargs) -> TeraResult<Value> {
    let swings: Vec<Swing> = argument(args, "swings")?;
    let scale = money_scale(args)?;
    let base_label: String = argument(args, "base_label")?;
    let zero_label: String = argument(args, "zero_label")?;
    let title: String = argument(args, "title")?;
    Ok(safe(&tornado(&Tornado {
        swings: &swings,
        base: argument(args, "base")?,
        amount: &|v| locale.scaled(v, scale),
        base_label: &base_label,
        zero_label: &zero_label,
        title: &title,
    })))
}

fn draw_whale(locale: &Locale, args: &Kwargs) -> TeraResult<Value> {
    let curve: WhaleCurve = argument(args, "curve")?;
    let scale = money_scale(args)?;
    let [axis, title]: [String; 2] = [argument(args, "axis")?, argument(args, "title")?];
    let points: Vec<(f64, f64)> = curve
        .points
        .iter()
        .map(|point| (point.customers_share, point.cumulative))
        .collect();
    Ok(safe(&whale(&Whale {
        points: &points,
        peak: curve.peak,
        total: curve.total,
        relative: curve.relative,
        amount: &|v| locale.scaled(v, scale),
        percent: &|share| locale.percent(share, 0),
        axis: &axis,
        title: &title,
    })))
}

fn draw_value_map(locale: &Locale, args: &Kwargs) -> TeraResult<Value> {
    let map: ValueMap = argument(args, "map")?;
    let scale = money_scale(args)?;
    let [x_axis, y_axis]: [String; 2] = [argument(args, "x_axis")?, argument(args, "y_axis")?];
    let [nothing, title]: [String; 2] = [argument(args, "nothing")?, argument(args, "title")?];
    let label = |id: &str| {
        let mut quarters = map.quarters.iter();
        let quarter = quarters.find(|quarter| quarter.id == id);
        quarter.map_or("", |quarter| quarter.label.as_str())
    };
    let marks: Vec<MapMark> = map
        .marks
        .iter()
        .map(|mark| MapMark {
            class: mark.class.clone(),
            customers: mark.customers as f64,
            actual: mark.actual,
            potential: mark.potential,
        })
        .collect();
    Ok(safe(&value_map(&ValueMapChart {
        marks: &marks,
        cut: map.cut,
        quarters: [label("keep"), label("grow"), label("serve")],
        amount: &|v| match v < 1.0 {
            true => locale.number(v, 2),
            false => locale.scaled(v, scale),
        },
        axes: [&x_axis, &y_axis],
        nothing: &nothing,
        title: &title,
    })))
}

fn draw_quarters(locale: &Locale, args: &Kwargs) -> TeraResult<Value> {
    let of: Vec<ProfileQuarter> = argument(args, "quarters")?;
    let title: String = argument(args, "title")?;
    let bars: Vec<QuarterBar<'_>> = of
        .iter()
        .map(|quarter| QuarterBar {
            label: &quarter.short,
            revenue: quarter.revenue,
            contribution: quarter.contribution,
        })
        .collect();
    let amount = |v: f64| locale.amount(v);
    Ok(safe(&quarters(&bars, &amount, &title)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heat_has_five_steps_and_none_for_nothing() {
        assert_eq!(heat(0.0, 100.0), 0);
        assert_eq!(heat(1.0, 100.0), 1);
        assert_eq!(heat(36.0, 100.0), 3);
        assert_eq!(heat(100.0, 100.0), 5);
        assert_eq!(heat(5.0, 0.0), 0);
    }

    /// From 20 to 70: bands of 10.
    #[test]
    fn bands_are_equally_wide() {
        let steps = [20.0, 29.9, 30.0, 45.0, 69.9, 70.0].map(|value| band(value, 20.0, 70.0));
        assert_eq!(steps, [1, 1, 2, 3, 5, 5]);
        assert_eq!(band(50.0, 50.0, 50.0), 3);
    }

    #[test]
    fn a_class_has_a_shape_of_its_own() {
        let marks: std::collections::BTreeSet<String> = ["MVC", "MGC", "Steady", "Migrator", "BZ"]
            .iter()
            .map(|class| class_mark(class, 0).to_string())
            .collect();
        assert_eq!(marks.len(), 5);
    }
}
