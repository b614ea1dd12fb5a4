//! Serving customers: what they asked and complained about, agreements, partners, and what they answered.

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, TimeDelta};

use crate::Inbox;
use crate::money::quarter;
use crate::paper::{Cell, Fate, Sheet, buddhist, grouped};
use crate::random::Random;
use crate::world::{Habit, MONTHS, Member, World, day_in, last_day, month};

type Outcome = Result<(), Box<dyn std::error::Error>>;

pub(crate) fn write(world: &World, inbox: &mut Inbox) -> Outcome {
    interactions(world, inbox)?;
    agreements(world, inbox)?;
    partners(inbox)?;
    surveys(world, inbox)
}

fn at_work(day: NaiveDate, random: &mut Random) -> NaiveDateTime {
    let minutes = random.between(7 * 60, 19 * 60);
    day.and_hms_opt(0, 0, 0).unwrap_or_default() + TimeDelta::minutes(minutes)
}

/// The help desk's export, a text file in the letters of Thai Windows.
fn interactions(world: &World, inbox: &mut Inbox) -> Outcome {
    let headings = [
        "รหัสลูกค้า",
        "วันที่รับเรื่อง",
        "ช่องทาง",
        "ประเภทเรื่อง",
        "วันที่ปิดเรื่อง",
        "ชั่วโมงเป้าหมาย",
        "ชั่วโมงที่ใช้",
        "ค่าใช้จ่าย",
    ];
    let mut random = Random::of(inbox.seed, 50);
    let mut sheet = Sheet::new("", "interactions", &headings);
    for at in 0..MONTHS {
        let present: Vec<&Member> = world.present(at).collect();
        for _ in 0..19 + at / 4 {
            let mut member = *random.pick(&present);
            if member.habit != Habit::Coupon && random.chance(0.3) {
                member = *random.pick(&present);
            }
            let complaint = random.chance(if member.habit == Habit::Coupon {
                0.6
            } else {
                0.25
            });
            let opened = at_work(day_in(&mut random, at), &mut random);
            let target = if complaint { 24 } else { 8 };
            let takes =
                target as f64 * (0.15 + 1.1 * random.unit() * random.unit() + 0.006 * at as f64);
            let closed = opened + TimeDelta::minutes((takes * 60.0) as i64);
            let done = closed.date() <= last_day(MONTHS - 1) && random.chance(0.985);
            sheet.used(vec![
                member.id.clone().into(),
                Cell::Time(opened),
                (*random.pick(&["LINE", "LINE", "โทรศัพท์", "หน้าร้าน", "แอปส่งอาหาร"])).into(),
                (if complaint {
                    "ร้องเรียน"
                } else {
                    "สอบถาม"
                })
                .into(),
                if done {
                    Cell::Time(closed)
                } else {
                    Cell::Empty
                },
                Cell::Number(target as f64),
                Cell::Empty,
                Cell::Number(random.between(20, 160) as f64),
            ]);
        }
        for company in &world.companies {
            if !(company.from..company.until).contains(&at) || !random.chance(0.16) {
                continue;
            }
            let opened = at_work(day_in(&mut random, at), &mut random);
            let training = random.chance(0.35);
            let hours = if training {
                random.between(3, 6)
            } else {
                random.between(1, 2)
            };
            sheet.used(vec![
                company.id.clone().into(),
                Cell::Time(opened),
                "เยี่ยมลูกค้า".into(),
                (if training {
                    "อบรม"
                } else {
                    "เข้าพบ"
                })
                .into(),
                Cell::Time(opened + TimeDelta::hours(hours)),
                Cell::Empty,
                Cell::Number(hours as f64),
                Cell::Number(hours as f64 * 280.0),
            ]);
        }
    }
    for (fate, customer, opened) in [
        (Fate::SetAside, "00210", "29/02/2569 10:15"),
        (Fate::SetAside, "00377", "บ่ายวันจันทร์"),
        (Fate::Unmatched, "ลูกค้าหน้าร้าน", "14/08/2569 09:40"),
        (Fate::Unmatched, "88888", "02/09/2569 16:05"),
    ] {
        sheet.push(
            fate,
            vec![
                customer.into(),
                opened.into(),
                "โทรศัพท์".into(),
                "สอบถาม".into(),
                Cell::Empty,
                Cell::Empty,
                Cell::Empty,
                Cell::Empty,
            ],
        );
    }
    inbox.text("บริการ/ร้องเรียนและบริการ.csv", sheet)
}

fn agreements(world: &World, inbox: &mut Inbox) -> Outcome {
    let headings = [
        "เลขที่สัญญา",
        "รหัสลูกค้า",
        "วันเริ่มสัญญา",
        "วันสิ้นสุดสัญญา",
        "ข้อตกลงร่วม",
        "ส่วนแบ่งผลประโยชน์",
    ];
    let mut random = Random::of(inbox.seed, 51);
    let mut sheet = Sheet::new("", "agreements", &headings);
    sheet.above = vec![vec!["ทะเบียนสัญญาลูกค้าองค์กร".into()]];
    for company in world.companies.iter().filter(|company| company.from > 3) {
        for year in 0..2 {
            let starts = month(company.from) + Days::new(365 * year);
            if starts > last_day(MONTHS - 1) {
                continue;
            }
            let joint = company.strategic && random.chance(0.7);
            let gain = joint.then(|| grouped(random.between(20, 90) * 10_000));
            sheet.used(vec![
                Cell::Text(format!(
                    "AG{:02}-{}",
                    starts.year() % 100 + 43,
                    &company.id[2..]
                )),
                company.id.clone().into(),
                buddhist(starts).into(),
                buddhist(starts + Days::new(364)).into(),
                (if joint { "ใช่" } else { "ไม่" }).into(),
                gain.into(),
            ]);
        }
    }
    inbox.page("บริการ/ข้อตกลง.xls", sheet)
}

fn partners(inbox: &mut Inbox) -> Outcome {
    let mut random = Random::of(inbox.seed, 52);
    let mut sheet = Sheet::new(
        "คู่ค้า",
        "partners",
        &["รหัสคู่ค้า", "งวด", "คะแนนประเมิน", "ยอดขาย"],
    )
    .titled("ประเมินคู่ค้ารายไตรมาส คะแนนเต็ม 5");
    for at in (12..MONTHS).step_by(3) {
        for (partner, base, sales) in [
            ("GF", 3.6, 110),
            ("LM", 3.9, 60),
            ("ROAST-N", 4.5, 45),
            ("KIOSK", 4.1, 20),
        ] {
            let rating: f64 = base + 0.3 * (random.unit() - 0.5)
                - if partner == "GF" {
                    0.01 * at as f64
                } else {
                    0.0
                };
            sheet.used(vec![
                partner.into(),
                quarter(at).into(),
                Cell::Number((rating * 10.0).round() / 10.0),
                Cell::Money((sales + random.between(-8, 12)) * 100_000),
            ]);
        }
    }
    inbox.workbook("บริการ/คู่ค้า.xlsx", &[sheet])
}

/// Our place among the coffee shops a member goes to, and how many these are; two in one place share the mean
/// of their ranks. One in eight does not say.
fn among_brands(random: &mut Random, habit: Habit) -> (Cell, Cell) {
    let brands = random.between(1, 4);
    let rank = match habit {
        Habit::Regular => 1,
        _ => random.between(1, brands),
    };
    let tied = brands > rank && random.chance(0.1);
    let said = !random.chance(0.125);
    let rank = rank as f64 + if tied { 0.5 } else { 0.0 };
    match said {
        true => (Cell::Number(rank), Cell::Number(brands as f64)),
        false => (Cell::Empty, Cell::Empty),
    }
}

/// Answers of the last two years; the brand is asked about in the street, so those have no card.
fn surveys(world: &World, inbox: &mut Inbox) -> Outcome {
    let mut random = Random::of(inbox.seed, 53);
    let headings = [
        "วันที่ตอบ",
        "แบบสำรวจ",
        "รหัสสมาชิก",
        "คะแนน",
        "คะแนนต่ำสุด",
        "คะแนนเต็ม",
        "อันดับของเรา",
        "จำนวนแบรนด์ที่ใช้",
    ];
    let mut ranks = Random::of(inbox.seed, 54);
    let mut sheet = Sheet::new("คำตอบ", "surveys", &headings);
    for at in (12..MONTHS).step_by(3) {
        let better = at as f64 / MONTHS as f64;
        let present: Vec<&Member> = world.present(at).collect();
        for (instrument, answers, low, high) in [
            ("ความพึงพอใจ", 90, 1, 5),
            ("การแนะนำต่อ", 70, 0, 10),
            ("การรับรู้แบรนด์", 60, 0, 1),
            ("ข้อเสนอแนะ", 25, 1, 5),
            ("วัฒนธรรมองค์กร", 20, 1, 5),
        ] {
            for _ in 0..answers {
                let within = at + random.below(3);
                let day = day_in(&mut random, within);
                let member = *random.pick(&present);
                let happy = match member.habit {
                    Habit::Regular => 0.55,
                    Habit::Coupon => 0.05,
                    _ => 0.30,
                } + 0.15 * better;
                let score = match high {
                    1 => i64::from(random.chance(0.48 + 0.12 * better)),
                    5 => match random.unit() {
                        share if share < happy => 5,
                        share if share < happy + 0.35 => 4,
                        share if share < happy + 0.5 => 3,
                        _ => random.between(1, 2),
                    },
                    _ => {
                        if random.chance(happy + 0.15) {
                            random.between(9, 10)
                        } else {
                            random.between(3, 8)
                        }
                    }
                };
                // Who is asked whether it is satisfied is asked for its other coffee shops, too.
                let (rank, brands) = match instrument {
                    "ความพึงพอใจ" => among_brands(&mut ranks, member.habit),
                    _ => (Cell::Empty, Cell::Empty),
                };
                let known = matches!(instrument, "ความพึงพอใจ" | "การแนะนำต่อ" | "ข้อเสนอแนะ");
                sheet.used(vec![
                    day.into(),
                    instrument.into(),
                    known.then(|| member.id.clone()).into(),
                    Cell::Number(score as f64),
                    Cell::Number(low as f64),
                    Cell::Number(high as f64),
                    rank,
                    brands,
                ]);
            }
        }
    }
    inbox.workbook("บริการ/แบบสำรวจลูกค้า.xlsx", &[sheet])
}
