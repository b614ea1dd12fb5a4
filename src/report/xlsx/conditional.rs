//! Formats that follow the value of a cell, and what may be typed into one.

use rust_xlsxwriter::{
    Color, ConditionalFormat3ColorScale, ConditionalFormatCell, ConditionalFormatCellRule,
    ConditionalFormatCustomIcon, ConditionalFormatDataBar, ConditionalFormatFormula,
    ConditionalFormatIconSet, ConditionalFormatIconType, ConditionalFormatType, DataValidation,
    DataValidationRule, Formula, Worksheet, XlsxError,
};

use super::element::Element;
use super::fields::{Fields, color, no_text};
use super::reference::{Here, Range};
use super::sheet::Context;
use crate::diagnostics::codes;

/// Writes `<icons>`, `<wash>`, `<heat>` or `<bars>`.
pub(super) fn write(
    context: &mut Context<'_, '_, '_>,
    sheet: &mut Worksheet,
    element: &Element,
) -> Result<(), XlsxError> {
    no_text(context.problems, element);
    match element.name.as_str() {
        "icons" => icons(context, sheet, element),
        "heat" => heat(context, sheet, element),
        "bars" => bars(context, sheet, element),
        _ => wash(context, sheet, element),
    }
}

fn corners(range: &Range) -> (u32, u16, u32, u16) {
    (
        range.first_row,
        range.first_column,
        range.last_row,
        range.last_column,
    )
}

fn icons(
    context: &mut Context<'_, '_, '_>,
    sheet: &mut Worksheet,
    element: &Element,
) -> Result<(), XlsxError> {
    let mut fields = Fields::of(element, context.problems);
    let range = fields.required("range");
    fields.required("good");
    fields.required("watch");
    let good = fields.number("good");
    let watch = fields.number("watch");
    let reverse = fields.flag("reverse").unwrap_or(false);
    fields.finish();
    let range = context.own_range(range, element, "range");
    let (Some(range), Some(good), Some(watch)) = (range, good, watch) else {
        return Ok(());
    };
    let from = |value: f64| {
        ConditionalFormatCustomIcon::new().set_rule(ConditionalFormatType::Number, value)
    };
    // The first icon has no lower bound.
    let icons = [ConditionalFormatCustomIcon::new(), from(watch), from(good)];
    let format = ConditionalFormatIconSet::new()
        .set_icon_type(ConditionalFormatIconType::ThreeSigns)
        .reverse_icons(reverse)
        .set_icons(&icons);
    let (r1, c1, r2, c2) = corners(&range);
    sheet.add_conditional_format(r1, c1, r2, c2, &format)?;
    Ok(())
}

fn heat(
    context: &mut Context<'_, '_, '_>,
    sheet: &mut Worksheet,
    element: &Element,
) -> Result<(), XlsxError> {
    let mut fields = Fields::of(element, context.problems);
    let range = fields.required("range");
    let bounds = ["low", "middle", "high"].map(|name| {
        fields.required(name);
        fields.number(name)
    });
    let list = fields.required("colors").unwrap_or_default();
    let colors: Vec<u32> = list.split_whitespace().filter_map(color).collect();
    if colors.len() != 3 && !list.is_empty() {
        fields.bad(
            "colors",
            list,
            "three colours such as `#EAF2F8 #98C1DE #0B3A61`",
        );
    }
    fields.finish();
    let range = context.own_range(range, element, "range");
    let (Some(range), [Some(low), Some(middle), Some(high)], [first, second, third]) =
        (range, bounds, colors.as_slice())
    else {
        return Ok(());
    };
    let format = ConditionalFormat3ColorScale::new()
        .set_minimum(ConditionalFormatType::Number, low)
        .set_midpoint(ConditionalFormatType::Number, middle)
        .set_maximum(ConditionalFormatType::Number, high)
        .set_minimum_color(Color::RGB(*first))
        .set_midpoint_color(Color::RGB(*second))
        .set_maximum_color(Color::RGB(*third));
    let (r1, c1, r2, c2) = corners(&range);
    sheet.add_conditional_format(r1, c1, r2, c2, &format)?;
    Ok(())
}

fn bars(
    context: &mut Context<'_, '_, '_>,
    sheet: &mut Worksheet,
    element: &Element,
) -> Result<(), XlsxError> {
    let mut fields = Fields::of(element, context.problems);
    let range = fields.required("range");
    let ink = fields.color("color");
    let negative = fields.color("negative");
    let low = fields.number("low");
    let high = fields.number("high");
    fields.finish();
    let Some(range) = context.own_range(range, element, "range") else {
        return Ok(());
    };
    let mut format = ConditionalFormatDataBar::new()
        .set_solid_fill(true)
        .set_border_off(true);
    if let Some(ink) = ink {
        format = format
            .set_fill_color(Color::RGB(ink))
            .set_axis_color(Color::RGB(ink));
    }
    if let Some(negative) = negative {
        format = format.set_negative_fill_color(Color::RGB(negative));
    }
    if let Some(low) = low {
        format = format.set_minimum(ConditionalFormatType::Number, low);
    }
    if let Some(high) = high {
        format = format.set_maximum(ConditionalFormatType::Number, high);
    }
    let (r1, c1, r2, c2) = corners(&range);
    sheet.add_conditional_format(r1, c1, r2, c2, &format)?;
    Ok(())
}

/// When a `<wash>` is laid over a cell.
enum Condition<'e> {
    Equals(&'e str),
    Number(ConditionalFormatCellRule<f64>),
    When(&'e str),
}

fn wash(
    context: &mut Context<'_, '_, '_>,
    sheet: &mut Worksheet,
    element: &Element,
) -> Result<(), XlsxError> {
    let mut fields = Fields::of(element, context.problems);
    let range = fields.required("range");
    let style = fields.required("style").unwrap_or_default();
    let condition = condition(&mut fields);
    let stop = fields.flag("stop").unwrap_or(false);
    fields.finish();
    let format = context.styles.differences(style, element, context.problems);
    let range = context.own_range(range, element, "range");
    let (Some(range), Some(condition)) = (range, condition) else {
        return Ok(());
    };
    let (r1, c1, r2, c2) = corners(&range);
    let cell = ConditionalFormatCell::new();
    match condition {
        Condition::Equals(text) => {
            let equal = ConditionalFormatCellRule::EqualTo(text.to_owned());
            let rule = cell.set_rule(equal).set_format(format);
            sheet.add_conditional_format(r1, c1, r2, c2, &rule.set_stop_if_true(stop))?;
        }
        Condition::Number(number) => {
            let rule = cell.set_rule(number).set_format(format);
            sheet.add_conditional_format(r1, c1, r2, c2, &rule.set_stop_if_true(stop))?;
        }
        Condition::When(formula) => {
            // Relative addresses in it are those of the first cell.
            let here = Here {
                sheet: context.sheet,
                row: Some(r1),
            };
            let Some(formula) = context.expand(formula, here, element, "when") else {
                return Ok(());
            };
            let rule = ConditionalFormatFormula::new()
                .set_rule(Formula::new(formula))
                .set_format(format)
                .set_stop_if_true(stop);
            sheet.add_conditional_format(r1, c1, r2, c2, &rule)?;
        }
    }
    Ok(())
}

/// The one condition of a `<wash>`.
fn condition<'e>(fields: &mut Fields<'e, '_, '_>) -> Option<Condition<'e>> {
    use ConditionalFormatCellRule as Rule;
    let numbers = [
        fields.number("above").map(Rule::GreaterThan),
        fields.number("below").map(Rule::LessThan),
        fields.number("at-least").map(Rule::GreaterThanOrEqualTo),
        fields.number("at-most").map(Rule::LessThanOrEqualTo),
    ];
    let equals = fields.text("equals").map(Condition::Equals);
    let when = fields.text("when").map(Condition::When);
    let numbers = numbers.into_iter().flatten().map(Condition::Number);
    let mut given: Vec<_> = numbers.chain(equals).chain(when).collect();
    if given.len() == 1 {
        return given.pop();
    }
    let message = "`<wash>` takes exactly one of `equals`, `above`, `below`, `at-least`, \
                   `at-most` or `when`";
    let code = &codes::report::WORKBOOK_MISSING;
    fields.problems.error(code, fields.element, message);
    None
}

/// Writes `<validation>`.
pub(super) fn validation(
    context: &mut Context<'_, '_, '_>,
    sheet: &mut Worksheet,
    element: &Element,
) -> Result<(), XlsxError> {
    no_text(context.problems, element);
    let mut fields = Fields::of(element, context.problems);
    let range = fields.required("range");
    let items = fields.text("items");
    let list = fields.text("list");
    let bounds = (fields.number("min"), fields.number("max"));
    let whole = fields.flag("whole").unwrap_or(false);
    let texts = ["prompt-title", "prompt", "error-title", "error"].map(|name| fields.text(name));
    fields.finish();
    let Some(range) = context.own_range(range, element, "range") else {
        return Ok(());
    };
    let rule = DataValidation::new();
    let rule = if let Some(items) = items {
        let items: Vec<&str> = items.split('|').map(str::trim).collect();
        rule.allow_list_strings(&items)?
    } else if let Some(list) = list {
        let Some((on, cells)) = context.resolve(list, context.here(), element, "list") else {
            return Ok(());
        };
        let name = context.ids.sheets.get(on).map_or("", String::as_str);
        rule.allow_list_formula(Formula::new(cells.on(name)))
    } else if bounds.0.is_some() || bounds.1.is_some() {
        limits(rule, bounds, whole)
    } else {
        let message = "`<validation>` takes `items`, `list`, or `min` and `max`";
        let code = &codes::report::WORKBOOK_MISSING;
        context.problems.error(code, element, message);
        return Ok(());
    };
    let rule = say(rule, texts)?;
    let (r1, c1, r2, c2) = corners(&range);
    sheet.add_data_validation(r1, c1, r2, c2, &rule)?;
    Ok(())
}

fn limits(
    rule: DataValidation,
    (low, high): (Option<f64>, Option<f64>),
    whole: bool,
) -> DataValidation {
    let bounds = match (low, high) {
        (Some(low), Some(high)) => DataValidationRule::Between(low, high),
        (Some(low), None) => DataValidationRule::GreaterThanOrEqualTo(low),
        (None, high) => DataValidationRule::LessThanOrEqualTo(high.unwrap_or(f64::MAX)),
    };
    if !whole {
        return rule.allow_decimal_number(bounds);
    }
    let integer = |value: f64| value.round() as i32;
    rule.allow_whole_number(match bounds {
        DataValidationRule::Between(low, high) => {
            DataValidationRule::Between(integer(low), integer(high))
        }
        DataValidationRule::GreaterThanOrEqualTo(low) => {
            DataValidationRule::GreaterThanOrEqualTo(integer(low))
        }
        _ => DataValidationRule::LessThanOrEqualTo(integer(high.unwrap_or(f64::MAX))),
    })
}

/// Prompt and error texts; Excel takes 32 units of a title and 255 of a text.
fn say(rule: DataValidation, texts: [Option<&str>; 4]) -> Result<DataValidation, XlsxError> {
    let short = |text: Option<&str>, most: usize| {
        let mut units = 0;
        let fits = |c: &char| {
            units += c.len_utf16();
            units <= most
        };
        text.map(|text| text.chars().take_while(fits).collect::<String>())
    };
    let [prompt_title, prompt, error_title, error] = texts;
    let mut rule = rule;
    if let Some(text) = short(prompt_title, 32) {
        rule = rule.set_input_title(text)?;
    }
    if let Some(text) = short(prompt, 255) {
        rule = rule.set_input_message(text)?;
    }
    if let Some(text) = short(error_title, 32) {
        rule = rule.set_error_title(text)?;
    }
    if let Some(text) = short(error, 255) {
        rule = rule.set_error_message(text)?;
    }
    Ok(rule)
}
