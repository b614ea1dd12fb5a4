//! The made-up chain: who its customers are, when they come and go, and what they buy.
//!
//! What is to be seen in the reports is put in here: regulars who carry the profit, customers who come
//! only for coupons and cost more than they bring, a delivery app that grows and gets dearer, hotels and
//! offices that buy beans, a cool season that is better than the rains, and people who stop coming.

use chrono::{Datelike, Days, Months, NaiveDate};

use crate::names::{ACCOUNTS, BEANS, BRANCHES, FAMILIES, GEAR, MEN, PRODUCTS, Product, WOMEN};
use crate::random::Random;

/// Months that the sample covers, October 2023 to September 2026: twelve quarters.
pub(crate) const MONTHS: usize = 36;

const MEMBERS: usize = 3_000;
const COMPANIES: usize = 48;

/// The first day of a month, counted from the start.
pub(crate) fn month(number: usize) -> NaiveDate {
    NaiveDate::from_ymd_opt(2023, 10, 1)
        .and_then(|start| start.checked_add_months(Months::new(number as u32)))
        .unwrap_or_default()
}

pub(crate) fn last_day(number: usize) -> NaiveDate {
    month(number + 1).pred_opt().unwrap_or_default()
}

pub(crate) fn day_in(random: &mut Random, number: usize) -> NaiveDate {
    let days = (month(number + 1) - month(number)).num_days() as usize;
    month(number) + Days::new(random.below(days) as u64)
}

/// How a member behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Habit {
    Regular,
    Weekend,
    Coupon,
    Seldom,
    Visitor,
}

/// Where something was sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Channel {
    Shop,
    Delivery,
    Online,
    Wholesale,
}

impl Channel {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Shop => "หน้าร้าน",
            Self::Delivery => "แอปส่งอาหาร",
            Self::Online => "ร้านออนไลน์",
            Self::Wholesale => "ขายส่งองค์กร",
        }
    }
}

pub(crate) struct Member {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) woman: bool,
    pub(crate) habit: Habit,
    pub(crate) branch: usize,
    /// Month in which it comes first, and the one from which it does not come any more.
    pub(crate) from: usize,
    pub(crate) until: usize,
    pub(crate) referred_by: Option<usize>,
}

pub(crate) struct Company {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) branch: usize,
    pub(crate) from: usize,
    pub(crate) until: usize,
    /// How much it buys, 1 being usual.
    pub(crate) size: f64,
    pub(crate) strategic: bool,
    pub(crate) sole_source: bool,
    pub(crate) credit_days: i64,
    /// Buys by a monthly account, a figure a month, instead of by invoice.
    pub(crate) monthly: bool,
}

/// One line of a receipt. Money is in satang.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) number: usize,
    pub(crate) receipt: usize,
    pub(crate) day: NaiveDate,
    pub(crate) customer: Option<String>,
    pub(crate) branch: usize,
    pub(crate) channel: Channel,
    pub(crate) product: &'static Product,
    pub(crate) quantity: i64,
    pub(crate) discount: i64,
    pub(crate) amount: i64,
    /// The line that is brought back.
    pub(crate) returns: Option<usize>,
}

pub(crate) struct World {
    pub(crate) members: Vec<Member>,
    pub(crate) companies: Vec<Company>,
    pub(crate) lines: Vec<Line>,
}

impl World {
    pub(crate) fn new(seed: u64) -> Self {
        let members = members(&mut Random::of(seed, 1));
        let companies = companies(&mut Random::of(seed, 2));
        let mut lines = Vec::new();
        let mut random = Random::of(seed, 3);
        for member in &members {
            for at in member.from..member.until.min(MONTHS) {
                visit(&mut random, member, at, &mut lines);
            }
        }
        for at in 0..MONTHS {
            passers_by(&mut random, at, &mut lines);
        }
        for company in companies.iter().filter(|company| !company.monthly) {
            for at in company.from..company.until.min(MONTHS) {
                supply(&mut random, company, at, &mut lines);
            }
        }
        bring_back(&mut random, &mut lines);
        number(&mut lines);
        Self {
            members,
            companies,
            lines,
        }
    }

    /// The members who come in a month.
    pub(crate) fn present(&self, at: usize) -> impl Iterator<Item = &Member> {
        self.members
            .iter()
            .filter(move |member| member.from <= at && at < member.until)
    }
}

fn members(random: &mut Random) -> Vec<Member> {
    let habits = [
        Habit::Regular,
        Habit::Weekend,
        Habit::Coupon,
        Habit::Seldom,
        Habit::Visitor,
    ];
    let mut members: Vec<Member> = Vec::new();
    for number in 0..MEMBERS {
        // A third was there before the data begin, of whom few are mere visitors.
        let old = number < MEMBERS / 3;
        let from = if old { 0 } else { 1 + random.below(MONTHS - 1) };
        let habit = habits[match old {
            true => random.weighted(&[16.0, 34.0, 12.0, 36.0, 2.0]),
            false => random.weighted(&[9.0, 28.0, 26.0, 27.0, 10.0]),
        }];
        let leaves = match habit {
            Habit::Regular => 0.012,
            Habit::Weekend => 0.024,
            Habit::Coupon => 0.038,
            Habit::Seldom => 0.028,
            Habit::Visitor => 0.700,
        };
        let mut until = from + 1;
        while until < MONTHS && !random.chance(leaves) {
            until += 1;
        }
        let weights: Vec<f64> = BRANCHES.iter().map(|branch| branch.weight).collect();
        let mut branch = random.weighted(&weights);
        // The coupons of the last year are those of Chiang Mai.
        if habit == Habit::Coupon && from > 24 && random.chance(0.45) {
            branch = 3;
        }
        let woman = random.chance(0.58);
        let given = random.pick(if woman { &WOMEN } else { &MEN });
        let name = format!("{given} {}", random.pick(&FAMILIES));
        let share = if habit == Habit::Regular { 0.26 } else { 0.09 };
        let referred_by = (!old && random.chance(share)).then(|| random.below(number));
        members.push(Member {
            id: format!("{:05}", number + 1),
            name,
            woman,
            habit,
            branch,
            from,
            until,
            referred_by,
        });
    }
    members
}

fn companies(random: &mut Random) -> Vec<Company> {
    let mut companies = Vec::new();
    for number in 0..COMPANIES {
        let (kind, name) = ACCOUNTS[number % ACCOUNTS.len()];
        let from = if number < 22 { 0 } else { random.below(30) };
        let mut until = from + 4;
        while until < MONTHS && !random.chance(0.009) {
            until += 1;
        }
        let size = 0.5 + 2.5 * random.unit() * random.unit();
        companies.push(Company {
            id: format!("B-{:03}", number + 1),
            name: match number / ACCOUNTS.len() {
                0 => format!("{kind}{name}"),
                again => format!("{kind}{name} สาขา {}", again + 1),
            },
            branch: random.below(BRANCHES.len()),
            from,
            until,
            size,
            strategic: size > 1.1,
            sole_source: random.chance(0.3),
            credit_days: *random.pick(&[0, 15, 30, 30, 45]),
            monthly: number % 8 == 5,
        });
    }
    companies
}

/// How good a month is: cool and high season against Songkran and the rains.
fn season(at: usize, branch: usize) -> f64 {
    let south_or_north = matches!(branch, 3 | 5);
    match month(at).month() {
        11..=12 | 1 => {
            if south_or_north {
                1.35
            } else {
                1.10
            }
        }
        2..=3 => 1.05,
        4 => {
            if south_or_north {
                1.10
            } else {
                0.82
            }
        }
        8..=9 => {
            if south_or_north {
                0.80
            } else {
                0.95
            }
        }
        _ => 1.0,
    }
}

fn visit(random: &mut Random, member: &Member, at: usize, lines: &mut Vec<Line>) {
    let often = match member.habit {
        Habit::Regular => 1.35,
        Habit::Weekend => 0.42,
        Habit::Coupon => 0.44,
        Habit::Seldom => 0.17,
        Habit::Visitor => 0.60,
    };
    let mut orders = random.count(often * season(at, member.branch));
    if at == member.from {
        orders = orders.max(1);
    }
    for _ in 0..orders {
        let day = day_in(random, at);
        // The app brings more every year, and most of those who come for coupons.
        let app = 0.05 + 0.10 * at as f64 / MONTHS as f64;
        let app = if member.habit == Habit::Coupon {
            app + 0.6
        } else {
            app
        };
        let channel = match random.unit() {
            share if share < app => Channel::Delivery,
            share if share < app + 0.04 => Channel::Online,
            _ => Channel::Shop,
        };
        let coupon = match member.habit {
            // The app's coupons went from a half to two thirds off in the last year.
            Habit::Coupon => random
                .chance(0.85)
                .then_some(if at >= 24 { 65 } else { 50 }),
            _ => random.chance(0.08).then_some(20),
        };
        let size = 1 + random.weighted(&[60.0, 30.0, 10.0]);
        order(
            random,
            day,
            Some(&member.id),
            member.branch,
            channel,
            size,
            coupon,
            at,
            lines,
        );
    }
}

/// Guests without a card.
fn passers_by(random: &mut Random, at: usize, lines: &mut Vec<Line>) {
    for (number, branch) in BRANCHES.iter().enumerate() {
        let mean = branch.weight * 0.40 * season(at, number);
        for _ in 0..random.count(mean) {
            let day = day_in(random, at);
            let size = 1 + random.weighted(&[70.0, 25.0, 5.0]);
            order(
                random,
                day,
                None,
                number,
                Channel::Shop,
                size,
                None,
                at,
                lines,
            );
        }
    }
}

#[allow(clippy::too_many_arguments, reason = "an order is all of these")]
fn order(
    random: &mut Random,
    day: NaiveDate,
    customer: Option<&String>,
    branch: usize,
    channel: Channel,
    size: usize,
    coupon: Option<i64>,
    at: usize,
    lines: &mut Vec<Line>,
) {
    let weights: Vec<f64> = PRODUCTS
        .iter()
        .map(|product| {
            let there = product.launched.is_none_or(|launched| launched <= at);
            let goods = matches!(product.category, BEANS | GEAR);
            match (there, channel, goods) {
                (false, ..) | (_, Channel::Online, false) | (_, Channel::Delivery, true) => 0.0,
                _ => product.weight,
            }
        })
        .collect();
    let receipt = lines.len();
    let mut taken = Vec::new();
    for _ in 0..size {
        let which = random.weighted(&weights);
        if taken.contains(&which) {
            continue;
        }
        taken.push(which);
        let product = &PRODUCTS[which];
        let quantity = 1 + random.weighted(&[80.0, 16.0, 4.0]) as i64;
        // Prices rose by a twentieth with the year 2569.
        let price = if at >= 27 {
            (product.price * 21 + 10) / 20
        } else {
            product.price
        };
        let full = price * quantity * 100;
        let discount = coupon.map_or(0, |percent| full / 10_000 * percent * 100);
        lines.push(Line {
            number: 0,
            receipt,
            day,
            customer: customer.cloned(),
            branch,
            channel,
            product,
            quantity,
            discount,
            amount: full - discount,
            returns: None,
        });
    }
}

/// Beans and gear for a company, by invoice.
fn supply(random: &mut Random, company: &Company, at: usize, lines: &mut Vec<Line>) {
    for _ in 0..random.count(0.8) {
        let day = day_in(random, at);
        let receipt = lines.len();
        let size = 1 + random.below(2);
        for which in 0..size {
            let product = if random.chance(0.12) {
                &PRODUCTS[26 + random.below(4)]
            } else {
                &PRODUCTS[[23, 24, 21][(which + random.below(2)) % 3]]
            };
            let quantity = (company.size * random.between(1, 5) as f64).ceil() as i64;
            let full = product.price * quantity * 100;
            let percent = if company.strategic { 8 } else { 4 };
            lines.push(Line {
                number: 0,
                receipt,
                day,
                customer: Some(company.id.clone()),
                branch: company.branch,
                channel: Channel::Wholesale,
                product,
                quantity,
                discount: full / 100 * percent,
                amount: full - full / 100 * percent,
                returns: None,
            });
        }
    }
}

/// A few things come back within the month, to the same place.
fn bring_back(random: &mut Random, lines: &mut Vec<Line>) {
    for at in 0..lines.len() {
        let sold = &lines[at];
        let goods = matches!(sold.product.category, BEANS | GEAR);
        if !goods || sold.channel == Channel::Delivery || !random.chance(0.03) {
            continue;
        }
        let day = sold.day + Days::new(random.between(2, 20) as u64);
        if day > last_day(MONTHS - 1) {
            continue;
        }
        let line = Line {
            receipt: lines.len() + 1_000_000,
            day,
            quantity: -sold.quantity,
            discount: -sold.discount,
            amount: -sold.amount,
            returns: Some(at),
            ..sold.clone()
        };
        lines.push(line);
    }
}

/// Sorts by day and numbers the lines and the receipts as a till would.
fn number(lines: &mut Vec<Line>) {
    let mut order: Vec<usize> = (0..lines.len()).collect();
    order.sort_by_key(|&at| (lines[at].day, lines[at].receipt, at));
    let mut place = vec![0; lines.len()];
    let mut receipt = 0;
    let mut last = usize::MAX;
    for (position, &at) in order.iter().enumerate() {
        place[at] = position + 1;
        let own = lines[at].receipt;
        receipt += usize::from(own != last);
        last = own;
        lines[at].receipt = receipt;
    }
    let mut sorted: Vec<Line> = order.iter().map(|&at| lines[at].clone()).collect();
    for (position, line) in sorted.iter_mut().enumerate() {
        line.number = position + 1;
        line.returns = line.returns.map(|at| place[at]);
    }
    *lines = sorted;
}
