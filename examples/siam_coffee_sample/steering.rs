//! What the managers state: targets, a figure from an agency, remarks, initiatives, and the CRM project.

use chrono::NaiveDate;

use crate::Inbox;
use crate::names::{BAKERY, BEANS, COFFEE, GEAR, TEA};
use crate::paper::{Cell, Fate, Sheet, buddhist};

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// What a target is written as.
enum As {
    Plain,
    Percent,
}
use As::{Percent, Plain};

/// KPI, its target for the quarter and the value that is worth nothing, as the managers set them.
const TARGETS: [(&str, f64, f64, As); 25] = [
    ("F1", 150_000.0, 80_000.0, Plain),
    ("F2", 0.62, 0.35, Percent),
    ("F4", 340.0, 190.0, Plain),
    ("F5", 0.08, 0.105, Percent),
    ("C1", 0.60, 0.25, Percent),
    ("C2", 0.90, 0.75, Percent),
    ("C3", 2.4, 1.2, Plain),
    ("C4", 0.12, 0.04, Percent),
    ("S1", 620_000.0, 350_000.0, Plain),
    ("S2", 0.02, 0.08, Percent),
    ("S3", 20.0, 8.0, Plain),
    ("S4", 0.35, 0.15, Percent),
    ("Q1", 0.60, 0.30, Percent),
    ("Q2", 0.25, 0.10, Percent),
    ("Q3", 0.10, 0.03, Percent),
    ("Q4", 4.2, 3.0, Plain),
    ("R1", 290.0, 150.0, Plain),
    ("R2", 0.15, 0.05, Percent),
    ("R3", 0.90, 0.60, Percent),
    ("G1", 2.3, 1.2, Plain),
    ("G2", 8.0, 2.0, Plain),
    ("G3", 16_000.0, 2_000.0, Plain),
    ("G4", 60.0, 20.0, Plain),
    ("L4", 180.0, 80.0, Plain),
    ("L5", 0.80, 0.50, Percent),
];

pub(crate) fn write(inbox: &mut Inbox) -> Outcome {
    let sheets = [targets(), typed_in(), remarks(), initiatives()];
    inbox.workbook("เป้าหมายและคำอธิบาย.xlsx", &sheets)?;
    let project = project();
    inbox.workbook("โครงการ CRM.xlsx", &[project])
}

fn targets() -> Sheet {
    let mut sheet = Sheet::new(
        "เป้าหมาย",
        "targets",
        &["ตัวชี้วัด", "งวด", "กลุ่ม", "ค่าเป้าหมาย", "ขั้นต่ำ", "น้ำหนัก"],
    )
    .titled("เป้าหมายลูกค้าสัมพันธ์ ปี 2569 (อนุมัติ 12 ม.ค. 2569)");
    for quarter in 1..=3 {
        let period = format!("ไตรมาส {quarter}/2569");
        for (kpi, target, floor, written) in &TARGETS {
            let write = |value: f64| match written {
                Plain => Cell::Number(value),
                Percent => Cell::Share(value),
            };
            sheet.used(vec![
                (*kpi).into(),
                period.clone().into(),
                Cell::Empty,
                write(*target),
                write(*floor),
                Cell::Empty,
            ]);
        }
        for (category, share) in [
            (COFFEE, 0.40),
            (TEA, 0.10),
            (BAKERY, 0.12),
            (BEANS, 0.30),
            (GEAR, 0.08),
        ] {
            sheet.used(vec![
                "F3".into(),
                period.clone().into(),
                category.into(),
                Cell::Share(share),
            ]);
        }
        sheet.push(Fate::Blank, vec![Cell::Empty]);
    }
    // The empty row below the last quarter is not within the sheet.
    sheet.fates[Fate::Blank as usize] -= 1;
    sheet.rows.pop();
    sheet
}

/// What no table here tells: the agency asks a panel which coffee it likes best.
fn typed_in() -> Sheet {
    let mut sheet = Sheet::new(
        "ตัวชี้วัดที่กรอกเอง",
        "manual_kpi",
        &["รหัสตัวชี้วัด", "งวด", "ผลจริง", "แหล่งข้อมูล", "หมายเหตุ"],
    );
    for (period, value) in [
        ("ไตรมาส 3/2568", 0.241),
        ("ไตรมาส 4/2568", 0.252),
        ("ไตรมาส 1/2569", 0.249),
        ("ไตรมาส 2/2569", 0.268),
        ("ไตรมาส 3/2569", 0.274),
    ] {
        sheet.used(vec![
            "S4".into(),
            period.into(),
            Cell::Share(value),
            "บริษัทวิจัยตลาด".into(),
            "ผู้ตอบ 300 คนใน 3 จังหวัด".into(),
        ]);
    }
    sheet
}

fn remarks() -> Sheet {
    let mut sheet = Sheet::new(
        "คำอธิบาย",
        "commentary",
        &["ตัวชี้วัด", "งวด", "คำอธิบาย", "ผู้เขียน"],
    );
    for (kpi, period, text, author) in [
        (
            "F5",
            "ไตรมาส 3/2569",
            "ค่าคอมมิชชันแอปส่งอาหารขึ้นตั้งแต่ 1 ส.ค. กำลังเจรจา",
            "วิภา",
        ),
        (
            "Q3",
            "ไตรมาส 3/2569",
            "ส่งข้อความถี่ ลูกค้าขอยกเลิกรับเพิ่มขึ้น ไตรมาสหน้าจะส่งเฉพาะกลุ่ม",
            "ธีรภัทร",
        ),
        (
            "L2",
            "ไตรมาส 3/2569",
            "ผู้จัดการสาขาเชียงใหม่ลาออก หาคนแทนได้แล้ว เริ่มงาน 15 ต.ค.",
            "อรทัย",
        ),
        ("R3", "ไตรมาส 2/2569", "ระบบรับเรื่องย้ายไป LINE ทั้งหมด", "สมชาย"),
    ] {
        sheet.used(vec![kpi.into(), period.into(), text.into(), author.into()]);
    }
    sheet
}

fn initiatives() -> Sheet {
    let mut sheet = Sheet::new(
        "แผนงาน",
        "initiatives",
        &[
            "แผนงาน",
            "ผู้รับผิดชอบ",
            "งบประมาณ",
            "กำหนดเสร็จ",
            "ตัวชี้วัดที่เชื่อมโยง",
            "สถานะ",
        ],
    );
    let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).map(buddhist);
    for (what, who, baht, due, kpi, status) in [
        (
            "เจรจาค่าคอมมิชชันกับแอปส่งอาหาร",
            "วิภา",
            0,
            day(2026, 12, 15),
            "F5",
            "กำลังทำ",
        ),
        (
            "ยกเลิกคูปอง 50% นอกช่วงเปิดสาขา",
            "ธีรภัทร",
            0,
            day(2026, 10, 31),
            "S2",
            "อนุมัติแล้ว",
        ),
        (
            "แบ่งกลุ่มก่อนส่งข้อความ",
            "ธีรภัทร",
            12_000,
            day(2027, 1, 31),
            "Q3",
            "กำลังทำ",
        ),
        (
            "อบรมบริการลูกค้าทุกสาขา",
            "อรทัย",
            18_000,
            day(2026, 11, 30),
            "C1",
            "ช้ากว่าแผน",
        ),
    ] {
        sheet.used(vec![
            what.into(),
            who.into(),
            (baht > 0).then_some(Cell::Money(baht * 100)).into(),
            due.into(),
            kpi.into(),
            status.into(),
        ]);
    }
    sheet
}

/// The eight components of cost, and what was booked; ramps, risks and sources stand in `rules/roi.toml`.
fn project() -> Sheet {
    let mut sheet = Sheet::new(
        "โครงการ CRM",
        "crm_project",
        &[
            "รายการ",
            "ต้นทุนหรือผลประโยชน์",
            "องค์ประกอบ",
            "ข้อผลประโยชน์",
            "ต่ำสุด",
            "น่าจะเป็น",
            "สูงสุด",
            "วิธีจัดหา",
            "ระยะ",
            "เดือนที่",
            "ความถี่",
            "ยอดที่เกิดจริง",
        ],
    )
    .titled("โครงการ CRM สยามกาแฟ งบประมาณและผลจริงถึง 30 กันยายน 2569 (บาท)");
    let (once, monthly, yearly) = ("", "รายเดือน", "รายปี");
    let costs = [
        (
            "ทีมโครงการ",
            1,
            [16_000, 18_000, 24_000],
            "",
            "สมาชิกและแต้ม",
            0,
            once,
            19_500,
        ),
        (
            "ปรับขั้นตอนหน้าร้าน",
            2,
            [6_000, 8_000, 12_000],
            "",
            "สมาชิกและแต้ม",
            1,
            once,
            7_600,
        ),
        (
            "แท็บเล็ตและสิทธิ์ใช้งาน",
            3,
            [33_000, 36_000, 40_000],
            "ซื้อ",
            "สมาชิกและแต้ม",
            2,
            once,
            36_900,
        ),
        (
            "ปรับระบบให้เข้ากับเครื่องขาย",
            4,
            [10_000, 15_000, 26_000],
            "ซื้อ",
            "สมาชิกและแต้ม",
            3,
            once,
            21_400,
        ),
        (
            "พัฒนาระบบเอง",
            4,
            [70_000, 85_000, 130_000],
            "พัฒนาเอง",
            "สมาชิกและแต้ม",
            4,
            once,
            0,
        ),
        (
            "จ้างผู้ให้บริการดูแลทั้งหมด",
            3,
            [3_800, 4_200, 4_800],
            "จ้างภายนอก",
            "สมาชิกและแต้ม",
            2,
            monthly,
            0,
        ),
        (
            "ผู้ดูแลระบบภายนอก",
            5,
            [700, 800, 1_100],
            "",
            "สมาชิกและแต้ม",
            6,
            monthly,
            7_200,
        ),
        (
            "อบรมพนักงาน",
            6,
            [8_000, 9_000, 12_000],
            "",
            "สมาชิกและแต้ม",
            4,
            once,
            9_800,
        ),
        (
            "อบรมทบทวน",
            6,
            [2_500, 3_000, 4_000],
            "",
            "สมาชิกและแต้ม",
            16,
            yearly,
            0,
        ),
        (
            "ทำงานสองระบบระหว่างเปลี่ยน",
            7,
            [3_000, 5_000, 9_000],
            "",
            "สมาชิกและแต้ม",
            5,
            once,
            6_300,
        ),
        (
            "ค่าใช้งานรายเดือน",
            8,
            [1_300, 1_500, 1_900],
            "",
            "สมาชิกและแต้ม",
            6,
            monthly,
            13_700,
        ),
    ];
    for (line, component, points, option, phase, at, every, booked) in costs {
        let mut row = vec![
            line.into(),
            "ต้นทุน".into(),
            Cell::Number(f64::from(component)),
            Cell::Empty,
        ];
        row.extend(points.map(|baht| Cell::Money(baht * 100)));
        row.extend([
            option.into(),
            phase.into(),
            Cell::Number(f64::from(at)),
            every.into(),
        ]);
        row.push(if booked > 0 {
            Cell::Money(booked * 100)
        } else {
            Cell::Empty
        });
        sheet.used(row);
    }
    let benefits = [
        (
            "ขายข้ามให้ลูกค้าที่โตได้",
            2,
            [1_800, 3_400, 4_800],
            "สมาชิกและแต้ม",
            monthly,
            17_900,
        ),
        (
            "เวลาทำรายงานที่ลดลง",
            4,
            [600, 1_000, 1_300],
            "สมาชิกและแต้ม",
            monthly,
            8_100,
        ),
        (
            "คูปองที่ไม่ต้องแจก",
            7,
            [800, 1_600, 2_400],
            "ข้อความเฉพาะกลุ่ม",
            monthly,
            0,
        ),
    ];
    for (line, number, points, phase, every, booked) in benefits {
        let mut row = vec![
            line.into(),
            "ผลประโยชน์".into(),
            Cell::Empty,
            Cell::Number(f64::from(number)),
        ];
        row.extend(points.map(|baht| Cell::Money(baht * 100)));
        row.extend([Cell::Empty, phase.into(), Cell::Empty, every.into()]);
        row.push(if booked > 0 {
            Cell::Money(booked * 100)
        } else {
            Cell::Empty
        });
        sheet.used(row);
    }
    sheet
}
