//! Those who serve: employees, their skills and goals, and who reads what the chain knows of coffee.

use chrono::{Days, NaiveDate};

use crate::Inbox;
use crate::paper::{Cell, Sheet};
use crate::random::Random;
use crate::world::{MONTHS, day_in, month};

type Outcome = Result<(), Box<dyn std::error::Error>>;

const JOBS: [(&str, usize); 5] = [
    ("ผู้จัดการสาขา", 6),
    ("บาริสต้า", 30),
    ("พนักงานขายองค์กร", 4),
    ("การตลาดและ CRM", 4),
    ("บัญชีและสำนักงาน", 4),
];

const ASKED: [(&str, &str, f64); 7] = [
    ("ผู้จัดการสาขา", "อ่านสกอร์การ์ด", 3.0),
    ("ผู้จัดการสาขา", "บริการลูกค้า", 4.0),
    ("บาริสต้า", "บริการลูกค้า", 3.0),
    ("บาริสต้า", "ชงกาแฟพิเศษ", 3.0),
    ("พนักงานขายองค์กร", "เจรจาต่อรอง", 4.0),
    ("การตลาดและ CRM", "วิเคราะห์ลูกค้า", 3.0),
    ("การตลาดและ CRM", "อ่านสกอร์การ์ด", 4.0),
];

pub(crate) fn write(inbox: &mut Inbox) -> Outcome {
    let mut random = Random::of(inbox.seed, 60);
    let mut staff = Sheet::new(
        "รายชื่อพนักงาน",
        "employees",
        &["รหัสพนักงาน", "ตำแหน่ง", "วันที่เริ่มงาน", "วันที่ลาออก", "บุคลากรสำคัญ"],
    )
    .titled("รายชื่อพนักงาน ณ 30 กันยายน 2569");
    let mut skills = Sheet::new(
        "ทักษะ",
        "skills",
        &["รหัสพนักงาน", "ตำแหน่งงาน", "ทักษะ", "ระดับที่คาดหวัง", "ระดับปัจจุบัน"],
    );
    let mut goals = Sheet::new(
        "เป้าหมายรายบุคคล",
        "goals",
        &["รหัสพนักงาน", "เป้าหมายส่วนบุคคล", "ตัวชี้วัดที่เชื่อมโยง"],
    );
    for (job, skill, level) in ASKED {
        skills.used(vec![
            Cell::Empty,
            job.into(),
            skill.into(),
            Cell::Number(level),
            Cell::Empty,
        ]);
    }
    let mut number = 100;
    for (job, heads) in JOBS {
        for head in 0..heads {
            number += 1;
            let id = format!("E{number}");
            let started = month(0) + Days::new(random.below(900) as u64) - Days::new(500);
            // Those who matter and left: one in most quarters.
            let left = match number {
                104 => NaiveDate::from_ymd_opt(2026, 8, 15),
                109 => NaiveDate::from_ymd_opt(2026, 3, 31),
                115 => NaiveDate::from_ymd_opt(2025, 11, 30),
                121 | 129 => NaiveDate::from_ymd_opt(2026, 5, 20),
                _ => None,
            };
            let key = job != "บัญชีและสำนักงาน" && head < 6;
            staff.used(vec![
                id.clone().into(),
                job.into(),
                started.into(),
                left.into(),
                (if key { "ใช่" } else { "ไม่" }).into(),
            ]);
            if left.is_some() {
                continue;
            }
            for (_, skill, level) in ASKED.iter().filter(|asked| asked.0 == job) {
                let held = if random.chance(0.85) {
                    *level
                } else {
                    level - 1.0
                };
                skills.used(vec![
                    id.clone().into(),
                    Cell::Empty,
                    (*skill).into(),
                    Cell::Empty,
                    Cell::Number(held),
                ]);
            }
            if random.chance(0.8) {
                let (goal, kpi) = *random.pick(&[
                    ("ลูกค้าพอใจมากขึ้น", "C1"),
                    ("ปิดเรื่องในเวลา", "R3"),
                    ("ชวนลูกค้าลองสินค้าใหม่", "G1"),
                    ("มาทำงานตรงเวลา", ""),
                ]);
                goals.used(vec![id.into(), goal.into(), kpi.into()]);
            }
        }
    }
    inbox.workbook("บุคคล.xlsx", &[staff, skills, goals])?;
    visits(inbox)
}

/// Visits to the pages on how to brew, as the web shop counts them.
fn visits(inbox: &mut Inbox) -> Outcome {
    let mut random = Random::of(inbox.seed, 61);
    let mut sheet = Sheet::new("", "km_visits", &["วันที่เข้าใช้", "รหัสสมาชิก", "จำนวนครั้งที่เข้าชม"]);
    for at in 12..MONTHS {
        for _ in 0..22 + at {
            let member = format!("{:05}", 1 + random.below(3_000));
            sheet.used(vec![
                day_in(&mut random, at).into(),
                member.into(),
                Cell::Number(random.between(1, 6) as f64),
            ]);
        }
    }
    inbox.text("บริการ/เข้าชมคลังความรู้.csv", sheet)
}
