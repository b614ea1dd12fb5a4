//! The models against figures others computed.

mod cdnow_master;
mod cdnow_sample;
mod completejourney;
mod rfm_orders;

use super::*;

/// The lines of a reference file as numbers, without comments and the header.
fn figures(text: &str) -> Vec<Vec<f64>> {
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .skip(1)
        .map(|line| line.split(',').map(|cell| cell.parse().unwrap()).collect())
        .collect()
}

/// Of numbers of repeat orders, days and a mean.
fn in_days(repeat_orders: f64, recency: f64, age: f64, mean: f64) -> History {
    History {
        repeat_orders: repeat_orders as u32,
        recency: recency / DAYS_PER_WEEK,
        age: age / DAYS_PER_WEEK,
        mean_repeat_value: (repeat_orders > 0.0).then_some(mean),
    }
}

#[track_caller]
fn assert_within(found: f64, expected: f64, relative: f64, what: &str) {
    let off = (found - expected).abs();
    assert!(
        off <= relative * expected.abs(),
        "{what}: {found} is not {expected}"
    );
}

/// As printed: to half a unit of the last digit.
#[track_caller]
fn assert_printed(found: f64, printed: &str) {
    let digits = printed
        .split_once('.')
        .map_or(0, |(_, digits)| digits.len());
    assert_eq!(format!("{found:.digits$}"), printed);
}
