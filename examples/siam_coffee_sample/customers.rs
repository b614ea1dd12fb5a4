//! Who the customers are: members, companies and their people, ids that are the same customer, and what
//! companies spend in all.

use std::collections::BTreeSet;

use chrono::{Months, NaiveDate};

use crate::Inbox;
use crate::names::{BRANCHES, FAMILIES, MEN, WOMEN};
use crate::paper::{Cell, Fate, Sheet, buddhist};
use crate::random::Random;
use crate::sales::SHORTENED;
use crate::world::{Channel, Habit, MONTHS, Member, World, day_in, month};

type Outcome = Result<(), Box<dyn std::error::Error>>;

pub(crate) fn write(world: &World, inbox: &mut Inbox) -> Outcome {
    members(world, inbox)?;
    companies(world, inbox)?;
    same_customers(world, inbox)?;
    wallet(world, inbox)
}

/// Members with two cards that nobody has noticed: one telephone, and of some one name and birthday.
const TWO_CARDS: [(usize, usize, bool); 3] = [
    (640, 2_811, true),
    (905, 2_333, false),
    (1_212, 2_702, true),
];

/// What tells that two cards are one person's; and the telephone of the head office, which a cashier typed
/// for whoever gave none.
fn alike(world: &World, number: usize, row: &mut [Cell]) {
    for (pair, (first, second, name)) in TWO_CARDS.into_iter().enumerate() {
        if number != first && number != second {
            continue;
        }
        row[2] = match number == first {
            true => Cell::Text(format!("089-555-01{pair}1")),
            false => Cell::Text(format!("+66 89 555 01{pair}1")),
        };
        if name {
            row[1] = world.members[first].name.clone().into();
            let born = NaiveDate::from_ymd_opt(1985 + pair as i32, 4, 9);
            row[6] = born.map(buddhist).into();
        }
    }
    if number % 500 == 77 {
        row[2] = "02-555-0100".into();
    }
}

fn members(world: &World, inbox: &mut Inbox) -> Outcome {
    let headings = [
        "รหัสสมาชิก",
        "ชื่อ-นามสกุล",
        "เบอร์โทร",
        "อีเมล",
        "เขต",
        "จังหวัด",
        "วันเกิด",
        "เพศ",
        "ระดับสมาชิก",
        "ที่มาของลูกค้า",
        "วันที่สมัคร",
        "แนะนำโดย",
        "สาขา",
        "ช่องทางติดต่อที่สะดวก",
        "ยินยอมรับข่าวสาร",
    ];
    let mut random = Random::of(inbox.seed, 10);
    let mut sheet =
        Sheet::new("สมาชิก", "customers", &headings).titled("ทะเบียนสมาชิก ณ 30 กันยายน 2569");
    // Cards that were given back early: in a sheet that somebody hid.
    let mut closed = Sheet::new("ยกเลิกบัตร", "customers", &headings);
    closed.hidden = true;
    let mut twice = Vec::new();
    for (number, member) in world.members.iter().enumerate() {
        let mut row = card(world, member, &mut random);
        alike(world, number, &mut row);
        match member.until {
            0..=5 if member.habit != Habit::Visitor => closed.used(row),
            _ => {
                if number % 700 == 350 {
                    twice.push(row.clone());
                }
                sheet.used(row);
            }
        }
    }
    // Registered twice; the last of them with another telephone.
    let last = twice.len().saturating_sub(1);
    for (number, mut row) in twice.into_iter().enumerate() {
        if number == last {
            row[2] = "02-555-0199".into();
        }
        sheet.push(Fate::Duplicate, row);
    }
    // Somebody who never bought, born on a day that never was.
    let mut row = vec![Cell::Empty; headings.len()];
    (row[0], row[1], row[6]) = ("09999".into(), "ทดสอบ ระบบ".into(), "31/02/2530".into());
    sheet.push(Fate::SetAside, row);
    inbox.workbook("ลูกค้า/สมาชิก.xlsx", &[sheet, closed])
}

fn card(world: &World, member: &Member, random: &mut Random) -> Vec<Cell> {
    let branch = &BRANCHES[member.branch];
    let digits = format!("08{}{:07}", random.below(10), random.below(10_000_000));
    let phone = match random.below(3) {
        0 => digits.clone(),
        1 => format!("{}-{}-{}", &digits[..3], &digits[3..6], &digits[6..]),
        _ => format!("{} {}", &digits[..3], &digits[3..]),
    };
    let email = format!("member{}@example.co.th", member.id);
    let born = NaiveDate::from_ymd_opt(
        1958 + random.below(48) as i32,
        1 + random.below(12) as u32,
        1 + random.below(28) as u32,
    );
    let source = match member.referred_by {
        Some(_) => "เพื่อนแนะนำ",
        None => random.pick(&[
            "เดินผ่านหน้าร้าน",
            "เดินผ่านหน้าร้าน",
            "เฟซบุ๊ก",
            "แอปส่งอาหาร",
            "งานออกบูท",
        ]),
    };
    let joined = match member.from {
        0 => month(0)
            .checked_sub_months(Months::new(random.below(30) as u32))
            .unwrap_or_default(),
        from => month(from),
    };
    vec![
        member.id.clone().into(),
        member.name.clone().into(),
        random.chance(0.94).then_some(phone).into(),
        random.chance(0.62).then_some(email).into(),
        branch.district.into(),
        branch.province.into(),
        born.filter(|_| random.chance(0.7)).map(buddhist).into(),
        (if member.woman {
            "หญิง"
        } else {
            "ชาย"
        })
        .into(),
        match member.habit {
            Habit::Regular => "ทอง",
            Habit::Weekend => "เงิน",
            _ => "ทั่วไป",
        }
        .into(),
        random.chance(0.9).then_some(source).into(),
        Cell::Day(joined),
        member
            .referred_by
            .map(|by| world.members[by].id.clone())
            .into(),
        branch.name.into(),
        random
            .chance(0.72)
            .then(|| *random.pick(&["LINE", "โทรศัพท์", "อีเมล", "LINE"]))
            .into(),
        random
            .chance(0.88)
            .then(|| {
                if random.chance(0.8) {
                    "ใช่"
                } else {
                    "ไม่"
                }
            })
            .into(),
    ]
}

fn companies(world: &World, inbox: &mut Inbox) -> Outcome {
    let mut random = Random::of(inbox.seed, 11);
    let mut firms = Sheet::new(
        "องค์กร",
        "customers",
        &[
            "รหัสลูกค้า",
            "ชื่อบริษัท",
            "ประเภทบุคคล",
            "เลขประจำตัวผู้เสียภาษี",
            "เบอร์โทรศัพท์",
            "อีเมล",
            "ที่อยู่",
            "จังหวัด",
            "ลูกค้าเชิงกลยุทธ์",
            "ซื้อจากเราเจ้าเดียว",
            "เครดิต",
            "วันที่เป็นลูกค้า",
            "แหล่งที่มา",
            "ช่องทางติดต่อ",
            "ความยินยอม",
        ],
    );
    let mut people = Sheet::new(
        "ผู้ติดต่อ",
        "contacts",
        &["รหัสผู้ติดต่อ", "รหัสลูกค้า", "ชื่อผู้ติดต่อ", "ตำแหน่ง", "โทรศัพท์", "อีเมล"],
    );
    for (number, company) in world.companies.iter().enumerate() {
        let branch = &BRANCHES[company.branch];
        firms.used(vec![
            company.id.clone().into(),
            company.name.clone().into(),
            "นิติบุคคล".into(),
            Cell::Text(format!("01055{:08}", random.below(100_000_000))),
            Cell::Text(format!(
                "02-{:03}-{:04}",
                random.below(1000),
                random.below(10_000)
            )),
            Cell::Text(format!("buyer{:03}@example.co.th", number + 1)),
            Cell::Text(format!(
                "{}/{} ถนนสายกาแฟ",
                1 + random.below(90),
                1 + random.below(9)
            )),
            branch.province.into(),
            (if company.strategic {
                "ใช่"
            } else {
                "ไม่"
            })
            .into(),
            (if company.sole_source {
                "ใช่"
            } else {
                "ไม่"
            })
            .into(),
            Cell::Number(company.credit_days as f64),
            day_in(&mut random, company.from).into(),
            (*random.pick(&["งานแสดงสินค้า", "บอกต่อ", "พนักงานขาย", "พนักงานขาย"])).into(),
            (*random.pick(&["โทรศัพท์", "อีเมล"])).into(),
            "ใช่".into(),
        ]);
        for person in 0..=random.below(2) {
            let given = if random.chance(0.6) { &WOMEN } else { &MEN };
            people.used(vec![
                Cell::Text(format!("{}-{}", company.id, person + 1)),
                company.id.clone().into(),
                Cell::Text(format!("{} {}", random.pick(given), random.pick(&FAMILIES))),
                (*random.pick(&["จัดซื้อ", "ผู้จัดการทั่วไป", "บัญชี", "เชฟ"])).into(),
                Cell::Text(format!(
                    "08{}-{:07}",
                    random.below(10),
                    random.below(10_000_000)
                )),
                Cell::Empty,
            ]);
        }
    }
    let mut row = vec![Cell::Empty; 15];
    (row[0], row[1], row[2]) = ("B-049".into(), "โรงแรมเวียงพิงค์".into(), "นิติบุคคล".into());
    (row[8], row[9]) = ("ใช่".into(), "ไม่".into());
    firms.used(row);
    inbox.workbook("ลูกค้า/ลูกค้าองค์กร.xlsx", &[firms, people])
}

/// Cards that belong to one person, and the ids that Excel shortened on two days of February.
fn same_customers(world: &World, inbox: &mut Inbox) -> Outcome {
    let mut sheet = Sheet::new(
        "รวมรหัส",
        "id_map",
        &["รหัสเดิม", "รหัสใหม่", "ความสัมพันธ์", "ยืนยัน"],
    );
    let days = SHORTENED.map(|day| NaiveDate::from_ymd_opt(2026, 2, day).unwrap_or_default());
    let shortened: BTreeSet<&String> = world
        .lines
        .iter()
        .filter(|line| {
            days.contains(&line.day) && line.branch == 0 && line.channel == Channel::Shop
        })
        .filter_map(|line| line.customer.as_ref())
        .filter(|id| id.starts_with('0'))
        .collect();
    for id in shortened {
        let short = id.trim_start_matches('0');
        inbox.ledger.same(short, id);
        sheet.used(vec![
            short.into(),
            id.as_str().into(),
            "ซ้ำ".into(),
            "ใช่".into(),
        ]);
    }
    for number in [(411, 97), (1_208, 530), (2_045, 1_999)] {
        let [from, to] = [number.0, number.1].map(|at| &world.members[at].id);
        inbox.ledger.same(from, to);
        sheet.used(vec![
            from.as_str().into(),
            to.as_str().into(),
            "คนเดียวกัน".into(),
            "ใช่".into(),
        ]);
    }
    // One family is confirmed, the other has not been asked.
    for (number, confirmed) in [((812, 813), true), ((1_500, 1_622), false)] {
        let [from, to] = [number.0, number.1].map(|at| Cell::from(world.members[at].id.clone()));
        let confirmed = confirmed.then_some("ใช่");
        sheet.used(vec![from, to, "ครอบครัว".into(), confirmed.into()]);
    }
    inbox.workbook("ลูกค้า/รวมรหัสซ้ำ.xlsx", &[sheet])
}

/// What companies spend on coffee in all, as the salespeople asked them.
fn wallet(world: &World, inbox: &mut Inbox) -> Outcome {
    let mut random = Random::of(inbox.seed, 12);
    let mut sheet = Sheet::new(
        "ยอดซื้อรวม",
        "wallet",
        &["รหัสลูกค้า", "ชื่อลูกค้า", "งวด", "ยอดใช้จ่าย", "วัดอะไร", "วิธีประเมิน"],
    )
    .titled("ยอดซื้อกาแฟและอุปกรณ์ทั้งหมดของลูกค้าองค์กร (จากทุกผู้ขาย)");
    for (year, from) in [(2568, 15), (2569, 24)] {
        let within = month(from)..month(from + 12).min(month(MONTHS));
        for company in world.companies.iter().filter(|company| !company.monthly) {
            let own: i64 = world
                .lines
                .iter()
                .filter(|line| {
                    line.customer.as_ref() == Some(&company.id) && within.contains(&line.day)
                })
                .map(|line| line.amount)
                .sum();
            if own <= 0 || random.chance(0.15) {
                continue;
            }
            let share = match company.sole_source {
                true => 1.0,
                false => 0.25 + 0.5 * random.unit(),
            };
            let all = (own as f64 / share / 100_000.0).round() as i64 * 100_000;
            sheet.used(vec![
                company.id.clone().into(),
                company.name.clone().into(),
                Cell::Text(year.to_string()),
                Cell::Money(all.max(own)),
                "ทั้งหมด".into(),
                (*random.pick(&["ถามฝ่ายจัดซื้อ", "ประเมินจากจำนวนห้อง"])).into(),
            ]);
        }
    }
    inbox.workbook("ลูกค้า/ยอดซื้อรวมของลูกค้า.xlsx", &[sheet])
}
