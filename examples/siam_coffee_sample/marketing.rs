//! Winning customers: campaigns and whom they reached, leads, and who brought whom.

use chrono::Days;

use crate::Inbox;
use crate::paper::{Cell, Fate, Sheet, thai_month};
use crate::random::Random;
use crate::world::{Habit, MONTHS, Member, World, day_in, last_day, month};

type Outcome = Result<(), Box<dyn std::error::Error>>;

pub(crate) fn write(world: &World, inbox: &mut Inbox) -> Outcome {
    let (campaigns, reached) = campaigns(world, inbox.seed);
    inbox.workbook("การตลาด/แคมเปญ.xlsx", &[campaigns, reached])?;
    let leads = leads(world, inbox.seed);
    let referrals = referrals(world, inbox.seed);
    inbox.workbook("การตลาด/ผู้สนใจและการแนะนำ.xlsx", &[leads, referrals])
}

/// A campaign in every quarter, told to fewer and fewer who care.
fn campaigns(world: &World, seed: u64) -> (Sheet, Sheet) {
    let mut random = Random::of(seed, 30);
    let mut list = Sheet::new(
        "แคมเปญ",
        "campaigns",
        &[
            "รหัสแคมเปญ",
            "ชื่อแคมเปญ",
            "วันที่เริ่ม",
            "วันที่สิ้นสุด",
            "ช่องทาง",
            "ค่าใช้จ่าย",
            "วัตถุประสงค์",
        ],
    )
    .titled("แคมเปญทั้งหมด");
    let mut reached = Sheet::new(
        "รายชื่อที่ติดต่อ",
        "campaign_contacts",
        &[
            "รหัสแคมเปญ",
            "รหัสสมาชิก",
            "วันที่ส่ง",
            "ส่งถึง",
            "วันที่ตอบรับ",
            "วันที่ซื้อ",
            "กลุ่มควบคุม",
        ],
    );
    let kinds = [
        ("เมนูใหม่ต้นฤดู", "LINE", "เพิ่มยอดขาย"),
        ("คิดถึงคุณ กลับมานะ", "SMS", "รักษาลูกค้า"),
        ("ชวนเพื่อนดื่มฟรี", "LINE", "หาลูกค้าใหม่"),
        ("วันเกิดลดครึ่งราคา", "อีเมล", "รักษาลูกค้า"),
    ];
    for at in (3..MONTHS).step_by(3) {
        let (name, channel, purpose) = kinds[at / 3 % kinds.len()];
        let id = format!("MK-{:02}", at / 3);
        let starts = month(at) + Days::new(9);
        list.used(vec![
            id.clone().into(),
            name.into(),
            starts.into(),
            (starts + Days::new(30)).into(),
            channel.into(),
            Cell::Money(random.between(24, 70) * 10_000),
            purpose.into(),
        ]);
        if at < 12 {
            continue;
        }
        let tired = 1.0 - 0.5 * at as f64 / MONTHS as f64;
        let present: Vec<&Member> = world.present(at).collect();
        for _ in 0..230 {
            let member = *random.pick(&present);
            let control = random.chance(0.15);
            let delivered = random.chance(0.93);
            let answers = match member.habit {
                Habit::Regular => 0.20,
                Habit::Weekend => 0.11,
                Habit::Coupon => 0.16,
                _ => 0.05,
            } * tired;
            let sent = starts + Days::new(random.below(5) as u64);
            let answered = !control && delivered && random.chance(answers);
            let day = sent + Days::new(random.below(9) as u64);
            let bought = answered && random.chance(0.6) || control && random.chance(0.02);
            reached.used(vec![
                id.clone().into(),
                member.id.clone().into(),
                sent.into(),
                (if delivered && !control {
                    "ใช่"
                } else {
                    "ไม่"
                })
                .into(),
                answered.then_some(day).into(),
                bought.then_some(day + Days::new(2)).into(),
                (if control { "ใช่" } else { "ไม่" }).into(),
            ]);
        }
    }
    // Typed by hand, to a card that nobody has.
    for number in [99_001, 99_002] {
        reached.push(
            Fate::Unmatched,
            vec![
                "MK-11".into(),
                Cell::Text(number.to_string()),
                (month(33) + Days::new(10)).into(),
                "ใช่".into(),
            ],
        );
    }
    (list, reached)
}

fn leads(world: &World, seed: u64) -> Sheet {
    let mut random = Random::of(seed, 31);
    let mut sheet = Sheet::new(
        "ผู้สนใจ",
        "leads",
        &[
            "รหัสผู้สนใจ",
            "วันที่บันทึก",
            "แหล่งที่มา",
            "วันที่เป็นลูกค้า",
            "รหัสลูกค้า",
            "ค่าใช้จ่าย",
        ],
    );
    for at in 0..MONTHS {
        let joined: Vec<&Member> = world
            .members
            .iter()
            .filter(|member| member.from == at)
            .collect();
        for number in 0..14 + random.below(6) {
            let day = day_in(&mut random, at);
            let source = *random.pick(&["เฟซบุ๊ก", "งานออกบูท", "เว็บไซต์", "พนักงานแนะนำ"]);
            let wins = if source == "งานออกบูท" {
                0.14
            } else {
                0.25
            };
            let won = day + Days::new(3 + random.below(70) as u64);
            let won = (random.chance(wins) && won <= last_day(MONTHS - 1)).then_some(won);
            sheet.used(vec![
                Cell::Text(format!("L{at:02}{number:03}")),
                thai_month(day).into(),
                source.into(),
                won.map(thai_month).into(),
                won.map(|_| random.pick(&joined).id.clone()).into(),
                Cell::Money(random.between(15, 90) * 100),
            ]);
        }
    }
    sheet
}

fn referrals(world: &World, seed: u64) -> Sheet {
    let mut random = Random::of(seed, 32);
    let mut sheet = Sheet::new(
        "การแนะนำ",
        "referrals",
        &["วันที่แนะนำ", "รหัสผู้แนะนำ", "รหัสผู้ถูกแนะนำ"],
    );
    let brought = world
        .members
        .iter()
        .filter_map(|member| Some((member, member.referred_by?)));
    let mut brought: Vec<_> = brought.collect();
    brought.sort_by_key(|(member, _)| (member.from, &member.id));
    for (member, by) in brought {
        sheet.used(vec![
            day_in(&mut random, member.from).into(),
            world.members[by].id.clone().into(),
            member.id.clone().into(),
        ]);
    }
    sheet
}
