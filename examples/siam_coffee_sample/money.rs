//! What things cost: products, activities and their rates, channels, and what is spent on keeping customers.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::Inbox;
use crate::names::PRODUCTS;
use crate::paper::{Cell, Fate, Sheet};
use crate::random::Random;
use crate::world::{Channel, MONTHS, World, last_day, month};

type Outcome = Result<(), Box<dyn std::error::Error>>;

pub(crate) const PACK: &str = "แพ็กและส่ง";
pub(crate) const COMPLAINT: &str = "รับเรื่องร้องเรียน";
pub(crate) const CALL: &str = "เยี่ยมลูกค้าองค์กร";

/// `ไตรมาส 3/2569`, of the quarter that a month begins.
pub(crate) fn quarter(at: usize) -> String {
    let number = (at / 3 + 3) % 4 + 1;
    let year = 2566 + (at + 9) / 12;
    format!("ไตรมาส {number}/{year}")
}

pub(crate) fn write(world: &World, inbox: &mut Inbox) -> Outcome {
    products(inbox)?;
    let activities = activities(world, inbox.seed);
    let sheets = [
        activities,
        rates(),
        channels(world, inbox.seed),
        keeping(inbox.seed),
    ];
    inbox.workbook("ต้นทุนและค่าใช้จ่าย.xlsx", &sheets)
}

fn products(inbox: &mut Inbox) -> Outcome {
    let mut random = Random::of(inbox.seed, 20);
    let mut sheet = Sheet::new(
        "สินค้า",
        "products",
        &[
            "รหัสสินค้า",
            "ชื่อสินค้า",
            "หมวดสินค้า",
            "วันที่วางจำหน่าย",
            "ราคาทุน",
            "ราคาขาย (บาท)",
            "คงเหลือ",
        ],
    )
    .titled("สินค้าและต้นทุน");
    let mut category = "";
    for product in &PRODUCTS {
        if !category.is_empty() && category != product.category {
            sheet.push(Fate::Blank, vec![Cell::Empty]);
        }
        category = product.category;
        sheet.used(vec![
            product.id.into(),
            product.name.into(),
            product.category.into(),
            product.launched.map(month).into(),
            Cell::Number(product.cost),
            Cell::Number(product.price as f64),
            Cell::Number(random.between(12, 400) as f64),
        ]);
    }
    inbox.workbook("สินค้าและต้นทุน.xlsx", &[sheet])
}

/// What each customer caused, added up by quarter.
fn activities(world: &World, seed: u64) -> Sheet {
    let mut random = Random::of(seed, 21);
    let mut parcels: BTreeMap<(usize, &String), std::collections::BTreeSet<usize>> =
        BTreeMap::new();
    for line in &world.lines {
        let Some(customer) = &line.customer else {
            continue;
        };
        if !matches!(line.channel, Channel::Delivery | Channel::Online) || line.amount < 0 {
            continue;
        }
        let at = (0..MONTHS / 3)
            .rfind(|at| month(at * 3) <= line.day)
            .unwrap_or(0);
        parcels
            .entry((at, customer))
            .or_default()
            .insert(line.receipt);
    }
    let mut sheet = Sheet::new(
        "กิจกรรม",
        "activities",
        &["วันที่", "รหัสสมาชิก", "กิจกรรม", "จำนวนครั้ง"],
    );
    for ((at, customer), receipts) in parcels {
        let day = Cell::Day(last_day(at * 3 + 2));
        let count = receipts.len();
        sheet.used(vec![
            day.clone(),
            customer.clone().into(),
            PACK.into(),
            Cell::Number(count as f64),
        ]);
        if random.chance(0.03 * count as f64) {
            sheet.used(vec![
                day,
                customer.clone().into(),
                COMPLAINT.into(),
                Cell::Number(1.0),
            ]);
        }
    }
    for at in 0..MONTHS / 3 {
        for company in &world.companies {
            if (company.from..company.until).contains(&(at * 3 + 2)) && random.chance(0.5) {
                let count = if company.strategic {
                    1 + random.below(3)
                } else {
                    1
                };
                sheet.used(vec![
                    Cell::Day(last_day(at * 3 + 2)),
                    company.id.clone().into(),
                    CALL.into(),
                    Cell::Number(count as f64),
                ]);
            }
        }
    }
    sheet
}

fn rates() -> Sheet {
    let mut sheet = Sheet::new(
        "อัตราต้นทุน",
        "activity_rates",
        &["ชื่อกิจกรรม", "อัตราต้นทุน", "กลุ่มต้นทุน", "กำลังรองรับ", "มีผลตั้งแต่"],
    );
    let day = |year, month| NaiveDate::from_ymd_opt(year, month, 1);
    for (activity, rate, capacity, from) in [
        (PACK, 29.0, 9_000.0, day(2023, 10)),
        (PACK, 38.0, 9_500.0, day(2025, 10)),
        (COMPLAINT, 140.0, 400.0, day(2023, 10)),
        (CALL, 650.0, 260.0, day(2023, 10)),
    ] {
        sheet.used(vec![
            activity.into(),
            Cell::Number(rate),
            Cell::Money((rate * capacity) as i64 * 100),
            Cell::Number(capacity),
            from.into(),
        ]);
    }
    sheet
}

/// Selling costs by channel; the delivery app took more from August 2569 on.
fn channels(world: &World, seed: u64) -> Sheet {
    let mut random = Random::of(seed, 22);
    let mut sheet = Sheet::new(
        "ต้นทุนช่องทาง",
        "channel_costs",
        &["ช่องทาง", "งวด", "ประเภทค่าใช้จ่าย", "จำนวนเงิน"],
    )
    .titled("ต้นทุนการขายตามช่องทาง");
    for at in (0..MONTHS).step_by(3) {
        let within = month(at)..=last_day(at + 2);
        let mut sum = 0;
        for (channel, kind, share) in [
            (Channel::Shop, "พนักงานขายและการตลาด", 0.105),
            (
                Channel::Delivery,
                "ค่าคอมมิชชัน",
                if at >= 33 { 0.315 } else { 0.27 },
            ),
            (Channel::Online, "โฆษณาและขนส่ง", 0.14),
            (Channel::Wholesale, "พนักงานขาย", 0.065),
        ] {
            let sold: i64 = world
                .lines
                .iter()
                .filter(|line| line.channel == channel && within.contains(&line.day))
                .map(|line| line.amount)
                .sum();
            let cost = sold as f64 * share * (0.95 + 0.1 * random.unit());
            let satang = (cost / 10_000.0).round() as i64 * 10_000;
            sum += satang;
            sheet.used(vec![
                channel.name().into(),
                quarter(at).into(),
                kind.into(),
                Cell::Money(satang),
            ]);
        }
        let label = format!("รวม{}", quarter(at));
        sheet.push(
            Fate::Blank,
            vec![
                label.into(),
                Cell::Empty,
                Cell::Empty,
                Cell::Sum {
                    rows: 4,
                    satang: sum,
                },
            ],
        );
    }
    sheet
}

fn keeping(seed: u64) -> Sheet {
    let mut random = Random::of(seed, 23);
    let mut sheet = Sheet::new(
        "รักษาลูกค้า",
        "retention_spend",
        &["ไตรมาส", "กิจกรรม", "ค่าใช้จ่าย"],
    );
    for at in (12..MONTHS).step_by(3) {
        for (activity, baht) in [
            ("แต้มสะสม", 16_200),
            ("ข้อความถึงสมาชิก", 9_400),
            ("ของขวัญวันเกิด", 6_600),
        ] {
            let satang = (baht + random.between(-400, 400) + 40 * at as i64) * 100;
            sheet.used(vec![
                quarter(at).into(),
                activity.into(),
                Cell::Money(satang),
            ]);
        }
    }
    sheet
}
