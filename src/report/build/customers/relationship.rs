//! Return on relationship, price and volume, and what campaigns changed.

use super::portfolio::{class_text, rank};
use crate::calendar::Quarter;
use crate::message::Argument;
use crate::report::locale::Locale;
use crate::report::model::{CampaignEffect, Lead, PriceAndVolume, Relationship, ReturnRow};

/// Customers in a group below which a comparison is rough.
const FEW: i64 = 30;

/// A row of `relationship_returns`.
#[derive(Debug, Clone, PartialEq, Default)]
#[allow(missing_docs)]
pub struct ReturnFigures {
    /// `segment`, `unassigned` or `total`.
    pub kind: String,
    pub segment: String,
    pub customers: i64,
    pub lost: i64,
    pub contribution_then: Option<f64>,
    pub contribution_gain: Option<f64>,
    pub revenue_gain: Option<f64>,
    pub spent: f64,
}

/// A row of `campaign_effects`.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub struct EffectFigures {
    pub campaign: String,
    pub name: Option<String>,
    pub period: Quarter,
    pub outcome: String,
    pub treated: i64,
    pub control: i64,
    pub treated_mean: f64,
    pub control_mean: f64,
    pub effect: f64,
    /// The 95 % confidence interval; none where a group is too small for one.
    pub interval: Option<(f64, f64)>,
    pub spent: Option<f64>,
}

/// What is known of the return on keeping customers.
#[derive(Debug, Clone, PartialEq)]
pub struct RelationshipFigures {
    /// The reported period.
    pub period: Quarter,
    /// Quarters between the spending and the gain.
    pub lag_quarters: i32,
    /// What spending on no class is divided by; none where it stays in its own line.
    pub allocated_by: Option<&'static str>,
    /// Whether there is a sheet of what was spent.
    pub spending_known: bool,
    /// By segment, unassigned, total.
    pub rows: Vec<ReturnFigures>,
    /// Price, volume, neither.
    pub price_and_volume: Option<(f64, f64, f64)>,
    /// Of the last four quarters.
    pub campaigns: Vec<EffectFigures>,
}

/// The return on relationship as the report shows it.
pub(super) fn relationship(figures: &RelationshipFigures, locale: &Locale) -> Relationship {
    let total = figures.rows.iter().find(|row| row.kind == "total");
    let known = total.is_some_and(|row| row.revenue_gain.is_some());
    let mut rows: Vec<&ReturnFigures> = figures.rows.iter().filter(|_| known).collect();
    rows.sort_by_key(|row| {
        let kind = ["segment", "unassigned", "total"];
        let kind = kind.iter().position(|kind| *kind == row.kind);
        (kind, rank(&row.segment), row.segment.clone())
    });
    let rows: Vec<ReturnRow> = rows
        .into_iter()
        .map(|row| row_of(row, figures, locale))
        .collect();
    Relationship {
        known,
        reason: (!known).then(|| locale.text("worth.return.no-year").to_owned()),
        lead: lead(rows.last(), figures, locale),
        compared_with: locale.quarter(figures.period.plus(-4)),
        spent_in: locale.quarter(figures.period.plus(-figures.lag_quarters)),
        allocated: figures.allocated_by.map(|by| {
            let key = format!("worth.return.allocated-{by}");
            locale.text(&key).to_owned()
        }),
        rows,
        price_and_volume: figures
            .price_and_volume
            .filter(|(price, volume, _)| known && (*price != 0.0 || *volume != 0.0))
            .map(|(price, volume, unsplit)| PriceAndVolume {
                price,
                volume,
                unsplit,
            }),
        campaigns: figures
            .campaigns
            .iter()
            .map(|effect| campaign(effect, locale))
            .collect(),
    }
}

fn row_of(row: &ReturnFigures, figures: &RelationshipFigures, locale: &Locale) -> ReturnRow {
    let per_spent = |gain: Option<f64>| gain.filter(|_| row.spent > 0.0).map(|g| g / row.spent);
    let gross = per_spent(row.contribution_gain);
    let reason = match row.kind.as_str() {
        "unassigned" => Some("worth.return.unassigned-why"),
        _ if !figures.spending_known => Some("worth.return.no-spending"),
        "segment" if row.spent == 0.0 => Some("worth.return.nothing-on-class"),
        _ if row.spent == 0.0 => Some("worth.return.nothing-spent"),
        _ if row.contribution_gain.is_none() => Some("worth.return.no-contribution"),
        _ => None,
    };
    ReturnRow {
        kind: row.kind.clone(),
        class: row.segment.clone(),
        label: match row.kind.as_str() {
            "segment" => class_text("class", &row.segment, locale),
            kind => locale.text(&format!("worth.return.{kind}")).to_owned(),
        },
        customers: row.customers,
        lost: row.lost,
        contribution_then: row.contribution_then,
        contribution_gain: row.contribution_gain,
        revenue_gain: row.revenue_gain,
        spent: row.spent,
        gross,
        net: gross.map(|gross| gross - 1.0),
        revenue: per_spent(row.revenue_gain),
        reason: reason.map(|key| locale.text(key).to_owned()),
    }
}

fn lead(total: Option<&ReturnRow>, figures: &RelationshipFigures, locale: &Locale) -> Lead {
    let Some(total) = total else {
        return Lead {
            bold: String::new(),
            rest: String::new(),
        };
    };
    let gain = total
        .contribution_gain
        .or(total.revenue_gain)
        .unwrap_or(0.0);
    let of_contribution = total.contribution_gain.is_some();
    let args = [
        ("customers", Argument::Count(total.customers)),
        ("lost", Argument::Count(total.lost)),
        ("gain", Argument::Money(gain.abs())),
        (
            "before",
            Argument::Text(locale.quarter(figures.period.plus(-4))),
        ),
        ("spent", Argument::Money(total.spent)),
        ("gross", Argument::Percent(total.gross.unwrap_or(0.0))),
        ("net", Argument::Percent(total.net.unwrap_or(0.0))),
    ];
    let key = match (of_contribution, gain >= 0.0) {
        (true, true) => "worth.return.lead-more",
        (true, false) => "worth.return.lead-less",
        (false, true) => "worth.return.lead-more-revenue",
        (false, false) => "worth.return.lead-less-revenue",
    };
    Lead {
        bold: locale.text_with(key, &args),
        rest: match total.gross {
            Some(_) => locale.text_with("worth.return.lead-return", &args),
            None => total.reason.clone().unwrap_or_default(),
        },
    }
}

fn campaign(effect: &EffectFigures, locale: &Locale) -> CampaignEffect {
    let verdict = match effect.interval {
        Some((low, _)) if low > 0.0 => "better",
        Some((_, high)) if high < 0.0 => "worse",
        _ => "unclear",
    };
    let spent = effect.spent.filter(|spent| *spent > 0.0);
    let returned =
        |per_customer: f64| spent.map(|spent| per_customer * effect.treated as f64 / spent);
    CampaignEffect {
        campaign: effect.campaign.clone(),
        name: effect.name.clone(),
        period: locale.quarter(effect.period),
        outcome: effect.outcome.clone(),
        treated: effect.treated,
        control: effect.control,
        treated_mean: effect.treated_mean,
        control_mean: effect.control_mean,
        effect: effect.effect,
        low: effect.interval.map(|(low, _)| low),
        high: effect.interval.map(|(_, high)| high),
        spent,
        gross: returned(effect.effect),
        gross_low: effect.interval.and_then(|(low, _)| returned(low)),
        gross_high: effect.interval.and_then(|(_, high)| returned(high)),
        verdict: verdict.to_owned(),
        said: locale.text(&format!("worth.campaign.{verdict}")).to_owned(),
        few: effect.treated.min(effect.control) < FEW,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::locale::tests::locale;
    use crate::workspace::Language;

    fn row(kind: &str, segment: &str, gain: Option<f64>, spent: f64) -> ReturnFigures {
        ReturnFigures {
            kind: kind.to_owned(),
            segment: segment.to_owned(),
            customers: 3,
            lost: 1,
            contribution_then: gain.map(|_| 100.0),
            contribution_gain: gain,
            revenue_gain: Some(50.0),
            spent,
        }
    }

    fn shown(rows: Vec<ReturnFigures>) -> Relationship {
        let figures = RelationshipFigures {
            period: "2026-Q3".parse().unwrap(),
            lag_quarters: 1,
            allocated_by: Some("revenue"),
            spending_known: true,
            rows,
            price_and_volume: None,
            campaigns: Vec::new(),
        };
        relationship(&figures, &locale(Language::En, "USD"))
    }

    /// A gain of 30 on 20 spent is 150 % gross and 50 % net; a loss of 10 on 20 is −50 % and −150 %.
    #[test]
    fn gross_and_net() {
        let found = shown(vec![
            row("total", "", Some(20.0), 50.0),
            row("unassigned", "", None, 10.0),
            row("segment", "Steady", Some(-10.0), 20.0),
            row("segment", "MVC", Some(30.0), 20.0),
        ]);
        let rows: Vec<_> = found
            .rows
            .iter()
            .map(|row| (row.class.as_str(), row.gross, row.net))
            .collect();
        assert_eq!(
            rows,
            [
                ("MVC", Some(1.5), Some(0.5)),
                ("Steady", Some(-0.5), Some(-1.5)),
                ("", None, None),
                ("", Some(0.4), Some(-0.6)),
            ]
        );
        assert_eq!(found.compared_with, "Q3 2025");
        assert_eq!(found.spent_in, "Q2 2026");
        let said = found.allocated.as_deref();
        assert!(said.is_some_and(|said| said.contains("by their revenue")));
    }

    /// Not infinite: nothing spent is no return, with a reason.
    #[test]
    fn nothing_spent_is_not_measurable() {
        let found = shown(vec![row("total", "", Some(20.0), 0.0)]);
        assert_eq!((found.rows[0].gross, found.rows[0].revenue), (None, None));
        assert!(found.rows[0].reason.is_some());
    }

    #[test]
    fn without_a_year_earlier_there_is_a_reason() {
        let mut first = row("total", "", None, 5.0);
        first.revenue_gain = None;
        let found = shown(vec![first]);
        assert!(!found.known && found.reason.is_some() && found.rows.is_empty());
    }

    #[test]
    fn only_an_interval_beside_zero_is_an_effect() {
        let effect = |interval| {
            let effect = EffectFigures {
                campaign: "K".to_owned(),
                name: None,
                period: "2026-Q3".parse().unwrap(),
                outcome: "contribution".to_owned(),
                treated: 200,
                control: 29,
                treated_mean: 12.0,
                control_mean: 10.0,
                effect: 2.0,
                interval,
                spent: Some(100.0),
            };
            campaign(&effect, &locale(Language::En, "USD"))
        };
        assert_eq!(effect(Some((0.5, 3.5))).verdict, "better");
        assert_eq!(effect(Some((-0.5, 4.5))).verdict, "unclear");
        assert_eq!(effect(Some((-3.5, -0.5))).verdict, "worse");
        assert_eq!(effect(None).verdict, "unclear");
        // 2 × 200 ÷ 100; between 0.5 and 3.5 times 200 ÷ 100.
        let found = effect(Some((0.5, 3.5)));
        assert_eq!(
            (found.gross, found.gross_low, found.gross_high),
            (Some(4.0), Some(1.0), Some(7.0))
        );
        assert!(found.few);
    }
}
