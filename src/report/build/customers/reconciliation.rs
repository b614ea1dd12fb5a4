//! The reconciliation statement and the rates of acquisition and retention.

use super::{Reconciled, share};
use crate::calendar::Quarter;
use crate::message::Argument;
use crate::report::locale::Locale;
use crate::report::model;

pub(super) fn nothing(period: Quarter) -> Reconciled {
    Reconciled {
        period,
        opening: 0,
        new: 0,
        reactivated: 0,
        lost_opening: 0,
        lost_new: 0,
        closing: 0,
    }
}

pub(super) fn reconciliation(r: Reconciled, locale: &Locale) -> model::Reconciliation {
    model::Reconciliation {
        period: r.period.to_string(),
        label: locale.quarter(r.period),
        opening: r.opening,
        new: r.new,
        zero_loss: r.opening + r.new,
        reactivated: r.reactivated,
        lost_opening: r.lost_opening,
        lost_new: r.lost_new,
        closing: r.closing,
        balances: r.opening + r.new + r.reactivated - r.lost_opening - r.lost_new == r.closing,
    }
}

/// The rates that circulate under the name of acquisition and retention, each worked out.
pub(super) fn rates(r: &model::Reconciliation, locale: &Locale) -> Vec<model::Rate> {
    let rate = |id: &str, numerator: i64, denominator: i64| {
        let value = share(numerator as f64, denominator as f64);
        let rate = value.map_or(Argument::Text("—".to_owned()), Argument::Percent);
        let count = |name, value| (name, Argument::Count(value));
        model::Rate {
            id: id.to_owned(),
            label: locale
                .text(&format!("portfolio.rate.{id}.label"))
                .to_owned(),
            worked: locale.text_with(
                &format!("portfolio.rate.{id}.worked"),
                &[
                    count("opening", r.opening),
                    count("new", r.new),
                    count("lost", r.lost_opening),
                    count("closing", r.closing),
                    count("zero_loss", r.zero_loss),
                    ("rate", rate),
                ],
            ),
            value,
        }
    };
    vec![
        rate("acquisition", r.new, r.opening),
        rate("cohort", r.opening - r.lost_opening, r.opening),
        rate("zero-loss", r.closing, r.zero_loss),
        rate("end-less-new", r.closing - r.new, r.opening),
    ]
}
