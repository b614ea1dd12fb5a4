//! Share of wallet, and what the Wallet Allocation Rule says beside it.

use super::portfolio::{class_text, rank};
use super::share;
use crate::message::Argument;
use crate::report::locale::Locale;
use crate::report::model::{
    CappedWallet, Lead, Wallet, WalletGap, WalletMethod, WalletRow, WalletRule,
};

/// The share of customers with several brands from which on the rule applies (Keiningham, Aksoy,
/// Williams, Buoye, 2015).
const SEVERAL: f64 = 0.4;

/// Revenue and wallets of a class.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub struct WalletSum {
    pub class: String,
    pub customers: i64,
    pub own: f64,
    pub wallet: f64,
}

/// Answers that rank us among the brands a customer uses.
#[derive(Debug, Clone, PartialEq)]
pub struct WalletRuleFigures {
    /// How many.
    pub answers: i64,
    /// Those who use more than one brand.
    pub several: i64,
    /// The sum of the shares by the rule.
    pub shares: f64,
    /// Those whose wallet is known.
    pub both: i64,
    /// What these spend with us.
    pub own: f64,
    /// Their wallets.
    pub wallet: f64,
    /// Their wallets times the share by the rule.
    pub by_rule: f64,
}

/// What is known of wallets.
#[derive(Debug, Clone, PartialEq)]
pub struct WalletFigures {
    /// Whether there is a sheet.
    pub supplied: bool,
    /// Customers whose wallet is given for other periods only.
    pub stale: i64,
    /// Customers whose wallet is of no period.
    pub undated: i64,
    /// Own and wallet of the period before.
    pub previous: Option<(f64, f64)>,
    /// Revenue of those whose wallet is known, and of all.
    pub covered: Option<(f64, f64)>,
    /// By class.
    pub sums: Vec<WalletSum>,
    /// By how wallets are known.
    pub methods: Vec<WalletMethod>,
    /// Who spends most elsewhere.
    pub gaps: Vec<WalletGap>,
    /// Who bought for more than the wallet.
    pub capped: Vec<CappedWallet>,
    /// How many these are.
    pub capped_customers: i64,
    /// None where nobody ranked us.
    pub rule: Option<WalletRuleFigures>,
}

/// Share of wallet as the report shows it.
pub(super) fn wallet(figures: &WalletFigures, locale: &Locale) -> Wallet {
    let known = figures.sums.iter().any(|sum| sum.wallet > 0.0);
    let rows = match known {
        true => rows(figures, locale),
        false => Vec::new(),
    };
    let reason = match (known, figures.supplied) {
        (true, _) => None,
        (false, true) => Some("wallet.none-of-period"),
        (false, false) => Some("wallet.none"),
    };
    let said = |methods: &[WalletMethod]| methods.iter().any(|method| method.method.is_some());
    Wallet {
        known,
        reason: reason.map(|key| locale.text(key).to_owned()),
        lead: lead(figures, rows.last(), locale),
        coverage: coverage(figures, known, locale),
        methods: match said(&figures.methods) {
            true => figures.methods.clone(),
            false => Vec::new(),
        },
        gaps: figures.gaps.clone(),
        capped: figures.capped.clone(),
        capped_customers: figures.capped_customers,
        rule: figures.rule.as_ref().map(|rule| of_rule(rule, locale)),
        rows,
    }
}

fn rows(figures: &WalletFigures, locale: &Locale) -> Vec<WalletRow> {
    let row = |sum: &WalletSum, total: bool| WalletRow {
        label: match total {
            true => locale.text("portfolio.all").to_owned(),
            false => class_text("class", &sum.class, locale),
        },
        class: sum.class.clone(),
        total,
        customers: sum.customers,
        own: sum.own,
        wallet: sum.wallet,
        elsewhere: sum.wallet - sum.own,
        share: share(sum.own, sum.wallet),
        odds: share(sum.own, sum.wallet - sum.own),
    };
    let mut rows: Vec<WalletRow> = figures.sums.iter().map(|sum| row(sum, false)).collect();
    rows.sort_by_key(|row| (rank(&row.class), row.class.clone()));
    let all = figures.sums.iter();
    let all = all.fold((0, 0.0, 0.0), |(customers, own, wallet), sum| {
        (
            customers + sum.customers,
            own + sum.own,
            wallet + sum.wallet,
        )
    });
    let total = WalletSum {
        class: String::new(),
        customers: all.0,
        own: all.1,
        wallet: all.2,
    };
    rows.push(row(&total, true));
    rows
}

fn lead(figures: &WalletFigures, total: Option<&WalletRow>, locale: &Locale) -> Lead {
    let Some((total, all)) = total.and_then(|total| Some((total, total.share?))) else {
        return Lead {
            bold: String::new(),
            rest: String::new(),
        };
    };
    let args = [
        ("share", Argument::Percent(all)),
        ("customers", Argument::Count(total.customers)),
        ("elsewhere", Argument::Money(total.elsewhere)),
    ];
    let mut rest = vec![locale.text_with("wallet.lead-elsewhere", &args)];
    if let Some(before) = figures
        .previous
        .and_then(|(own, wallet)| share(own, wallet))
    {
        let args = [("before", Argument::Percent(before))];
        rest.push(locale.text_with("wallet.lead-before", &args));
    }
    Lead {
        bold: locale.text_with("wallet.lead", &args),
        rest: rest.join(" "),
    }
}

fn coverage(figures: &WalletFigures, known: bool, locale: &Locale) -> Vec<String> {
    let mut said = Vec::new();
    if let Some(covered) = figures.covered.and_then(|(of, all)| share(of, all))
        && known
    {
        let args = [("share", Argument::Percent(covered))];
        said.push(locale.text_with("wallet.covered", &args));
    }
    for (key, customers) in [
        ("wallet.capped-said", figures.capped_customers),
        ("wallet.stale", figures.stale),
        ("wallet.undated", figures.undated),
    ] {
        if customers > 0 {
            said.push(locale.text_with(key, &[("count", Argument::Count(customers))]));
        }
    }
    said
}

fn of_rule(rule: &WalletRuleFigures, locale: &Locale) -> WalletRule {
    let several = share(rule.several as f64, rule.answers as f64);
    let applies = several.is_some_and(|several| several >= SEVERAL);
    let mean = share(rule.shares, rule.answers as f64);
    let measured = share(rule.own, rule.wallet);
    let by_rule = share(rule.by_rule, rule.wallet);
    let args = [
        ("answers", Argument::Count(rule.answers)),
        ("several", Argument::Percent(several.unwrap_or(0.0))),
        ("share", Argument::Percent(mean.unwrap_or(0.0))),
        ("both", Argument::Count(rule.both)),
        ("measured", Argument::Percent(measured.unwrap_or(0.0))),
        ("by-rule", Argument::Percent(by_rule.unwrap_or(0.0))),
    ];
    let compared = match measured.and(by_rule) {
        Some(_) => locale.text_with("wallet.rule-measured", &args),
        None => locale.text("wallet.rule-alone").to_owned(),
    };
    let fit = match applies {
        true => "wallet.rule-applies",
        false => "wallet.rule-does-not-apply",
    };
    let said = [
        locale.text_with("wallet.rule-share", &args),
        compared,
        locale.text_with(fit, &args),
    ];
    WalletRule {
        answers: rule.answers,
        several,
        applies,
        share: mean,
        both: rule.both,
        measured,
        by_rule,
        said: said.join(" "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::locale::tests::english;

    fn figures() -> WalletFigures {
        let sum = |class: &str, customers, own, wallet| WalletSum {
            class: class.to_owned(),
            customers,
            own,
            wallet,
        };
        WalletFigures {
            supplied: true,
            stale: 2,
            undated: 0,
            previous: Some((1.0, 2.0)),
            covered: Some((210.0, 410.0)),
            sums: vec![sum("Steady", 1, 130.0, 130.0), sum("MVC", 1, 80.0, 200.0)],
            methods: Vec::new(),
            gaps: Vec::new(),
            capped: Vec::new(),
            capped_customers: 1,
            rule: None,
        }
    }

    /// 80 of 200 and 130 of 130: in all 210 ÷ 330 and 210 ÷ 120; of the second no competitor gets
    /// anything, and so there is no ratio to competitors.
    #[test]
    fn the_total_is_a_ratio_of_sums() {
        let wallet = wallet(&figures(), &english());
        let rows: Vec<(&str, Option<f64>, Option<f64>)> = wallet
            .rows
            .iter()
            .map(|row| (row.class.as_str(), row.share, row.odds))
            .collect();
        assert_eq!(
            rows,
            [
                ("MVC", Some(0.4), Some(80.0 / 120.0)),
                ("Steady", Some(1.0), None),
                ("", Some(210.0 / 330.0), Some(1.75)),
            ]
        );
        assert_eq!(wallet.coverage.len(), 3);
        assert!(wallet.coverage[0].contains("51.2"), "{:?}", wallet.coverage);
        assert!(wallet.lead.bold.contains("63.6"), "{:?}", wallet.lead);
    }

    /// Two of five use several brands: 40 %, which is where the rule begins to apply.
    #[test]
    fn the_rule_applies_from_two_in_five() {
        let rule = |several| {
            let rule = WalletRuleFigures {
                answers: 5,
                several,
                shares: 2.5,
                both: 2,
                own: 210.0,
                wallet: 330.0,
                by_rule: 165.0,
            };
            of_rule(&rule, &english())
        };
        assert!(rule(2).applies);
        assert!(!rule(1).applies);
        assert_eq!((rule(2).share, rule(2).by_rule), (Some(0.5), Some(0.5)));
    }

    #[test]
    fn without_a_sheet_nothing_is_said_but_why() {
        let mut figures = figures();
        figures.sums.clear();
        figures.supplied = false;
        let wallet = wallet(&figures, &english());
        assert!(!wallet.known && wallet.rows.is_empty() && wallet.lead.bold.is_empty());
        assert!(wallet.reason.is_some());
    }
}
