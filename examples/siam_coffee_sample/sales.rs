//! The files of sales, as each place keeps them.

use chrono::{Datelike, Days, NaiveDate};

use crate::Inbox;
use crate::names::BRANCHES;
use crate::paper::{
    Cell, Fate, MONTHS as NAMES, Sheet, buddhist, grouped, thai_digits, thai_month,
};
use crate::random::Random;
use crate::world::{Channel, Line, MONTHS, World, last_day, month};

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// Writes them all.
pub(crate) fn write(world: &World, inbox: &mut Inbox) -> Outcome {
    first_years(world, inbox)?;
    by_branch(world, inbox)?;
    by_month(world, inbox)?;
    delivery(world, inbox)?;
    online(world, inbox)?;
    wholesale(world, inbox)?;
    accounts_by_month(world, inbox)
}

fn of(world: &World, channel: Channel) -> impl Iterator<Item = &Line> {
    world
        .lines
        .iter()
        .filter(move |line| line.channel == channel)
}

fn id(line: usize) -> Cell {
    Cell::Text(format!("T{line:06}"))
}

fn receipt(line: &Line) -> Cell {
    Cell::Text(format!("R{:06}", line.receipt))
}

fn returned(line: &Line) -> Cell {
    line.returns.map_or(Cell::Empty, id)
}

fn unit_price(line: &Line) -> i64 {
    (line.amount + line.discount) / line.quantity
}

/// A purchase by nobody known counts as revenue, and the account says that nobody is known.
fn fate(line: &Line) -> Fate {
    match line.customer {
        Some(_) => Fate::Used,
        None => Fate::Unmatched,
    }
}

/// October 2566 to the end of 2567: one workbook, a sheet a quarter, as the first till exported it.
fn first_years(world: &World, inbox: &mut Inbox) -> Outcome {
    let headings = [
        "วันที่",
        "เลขที่รายการ",
        "เลขที่ใบเสร็จ",
        "รหัสสมาชิก",
        "สาขา",
        "รหัสสินค้า",
        "จำนวน",
        "ราคาต่อหน่วย",
        "ส่วนลด",
        "จำนวนเงิน",
        "อ้างอิงรายการเดิม",
    ];
    let mut sheets = Vec::new();
    for first in (0..15).step_by(3) {
        let name = format!(
            "{}-{} {}",
            NAMES[month(first).month0() as usize],
            NAMES[month(first + 2).month0() as usize],
            month(first).year() + 543
        );
        let mut sheet = Sheet::new(&name, "transactions", &headings)
            .titled(&format!("รายงานยอดขายหน้าร้าน {name}"));
        let within = month(first)..=last_day(first + 2);
        for line in of(world, Channel::Shop).filter(|line| within.contains(&line.day)) {
            inbox.ledger.sale(line.day, line.amount, fate(line));
            sheet.push(
                fate(line),
                vec![
                    line.day.into(),
                    id(line.number),
                    receipt(line),
                    line.customer.clone().into(),
                    BRANCHES[line.branch].name.into(),
                    line.product.id.into(),
                    Cell::Number(line.quantity as f64),
                    Cell::Money(unit_price(line)),
                    Cell::Money(line.discount),
                    Cell::Money(line.amount),
                    returned(line),
                ],
            );
        }
        sheets.push(sheet);
    }
    inbox.workbook("ยอดขาย/ยอดขายหน้าร้าน 2566-2567.xlsx", &sheets)
}

/// 2568: a workbook for each branch, kept by its manager: dates typed as text, a subtotal for each
/// month, and here and there a cell that says something else.
fn by_branch(world: &World, inbox: &mut Inbox) -> Outcome {
    let headings = [
        "วันที่ขาย",
        "เลขที่รายการ",
        "เลขที่ใบเสร็จ",
        "รหัสสมาชิก",
        "รหัสสินค้า",
        "ชื่อสินค้า",
        "จำนวน",
        "ส่วนลด",
        "ยอดสุทธิ",
        "อ้างอิงรายการเดิม",
    ];
    for (number, branch) in BRANCHES.iter().enumerate() {
        let title = format!("ยอดขายสาขา{} ปี 2568", branch.name);
        let mut sheet = Sheet::new("ยอดขาย", "transactions", &headings).titled(&title);
        let mut year = 0;
        for at in 15..27 {
            let within = month(at)..=last_day(at);
            let lines = of(world, Channel::Shop)
                .filter(|line| line.branch == number && within.contains(&line.day));
            let (mut rows, mut sum) = (0, 0);
            for (place, line) in lines.enumerate() {
                let (mut day, mut amount) =
                    (Cell::from(buddhist(line.day)), Cell::Money(line.amount));
                let mut fate = fate(line);
                match (number, at, place) {
                    (3, 20, 11 | 12 | 40) => (day, fate) = ("31/06/2568".into(), Fate::SetAside),
                    (1, 23, 7) => (amount, fate) = ("95/2 แก้ว".into(), Fate::SetAside),
                    (5, 16, 3) => (day, fate) = ("เมื่อวาน".into(), Fate::SetAside),
                    (4, 22, 5) => (amount, fate) = ("รอยืนยัน".into(), Fate::SetAside),
                    _ => {}
                }
                inbox.ledger.sale(line.day, line.amount, fate);
                if matches!(amount, Cell::Money(_)) {
                    sum += line.amount;
                }
                rows += 1;
                sheet.push(
                    fate,
                    vec![
                        day,
                        id(line.number),
                        receipt(line),
                        line.customer.clone().into(),
                        line.product.id.into(),
                        line.product.name.into(),
                        Cell::Number(line.quantity as f64),
                        Cell::Money(line.discount),
                        amount,
                        returned(line),
                    ],
                );
            }
            year += sum;
            let label = format!("รวมเดือน{} 2568", NAMES[month(at).month0() as usize]);
            sheet.push(
                Fate::Blank,
                total(&label, 8, Cell::Sum { rows, satang: sum }),
            );
            sheet.push(Fate::Blank, vec![Cell::Empty]);
        }
        sheet.push(Fate::Blank, total("รวมทั้งสิ้น", 8, Cell::Money(year)));
        sheet.push(Fate::Blank, vec!["หมายเหตุ: ราคารวมภาษีมูลค่าเพิ่มแล้ว".into()]);
        inbox.workbook(
            &format!("ยอดขาย/2568/ยอดขาย-{}-2568.xlsx", branch.name),
            &[sheet],
        )?;
    }
    Ok(())
}

/// A row that says what it is and how much.
fn total(label: &str, column: usize, sum: Cell) -> Vec<Cell> {
    let mut cells = vec![Cell::Empty; column + 1];
    cells[0] = label.into();
    cells[column] = sum;
    cells
}

/// 2569: a workbook a month from the new till, its headings over two rows; each month has its own ways.
fn by_month(world: &World, inbox: &mut Inbox) -> Outcome {
    let mut random = Random::of(inbox.seed, 40);
    for at in 27..MONTHS {
        let name = format!("{} 2569", NAMES[month(at).month0() as usize]);
        let upper = [
            "วันที่",
            "เลขที่รายการ",
            "เลขที่ใบเสร็จ",
            "รหัสสมาชิก",
            "สาขา",
            "สินค้า",
            "",
            "รายการขาย",
            "",
            "",
            "",
            "อ้างอิงรายการเดิม",
        ];
        let lower = [
            "",
            "",
            "",
            "",
            "",
            "รหัสสินค้า",
            "ชื่อสินค้า",
            "จำนวน",
            "ราคาต่อหน่วย",
            "ส่วนลด",
            "จำนวนเงิน",
            "",
        ];
        let mut sheet = Sheet::new(&name, "transactions", &upper)
            .titled(&format!("รายงานยอดขายหน้าร้าน เดือน{name}"));
        sheet.headings = vec![upper.to_vec(), lower.to_vec()];
        let within = month(at)..=last_day(at);
        let mut late = Vec::new();
        for (place, line) in of(world, Channel::Shop).enumerate() {
            // Chiang Mai sent some days of June with the sales of September.
            let is_late = line.branch == 3
                && (20..=22).contains(&line.day.day())
                && line.day.month() == 6
                && line.day.year() == 2026;
            if is_late && at == MONTHS - 1 {
                late.push(line);
            }
            if is_late || !within.contains(&line.day) {
                continue;
            }
            let (fate, customer) = buyer(line, at, place, &mut random);
            inbox.ledger.sale(line.day, line.amount, fate);
            sheet.push(fate, till(line, line.day, line.number, customer, at));
        }
        if month(at).month() == 3 {
            // The till sent a day twice.
            let again: Vec<Vec<Cell>> = sheet.rows[200..230].to_vec();
            for row in again {
                sheet.push(Fate::Duplicate, row);
            }
        }
        if at == MONTHS - 1 {
            for line in late {
                inbox.ledger.sale(line.day, line.amount, fate(line));
                sheet.push(
                    fate(line),
                    till(
                        line,
                        line.day,
                        line.number,
                        line.customer.clone().into(),
                        at,
                    ),
                );
            }
            next_month(world, &mut sheet);
        }
        let path = format!("ยอดขาย/2569/ยอดขาย {:02}-2569.xlsx", month(at).month());
        if month(at).month() == 8 {
            let copy = path.replace("/ยอดขาย 08", "/สำเนาของ ยอดขาย 08");
            inbox.copy(&path, &copy, sheet)?;
        } else {
            inbox.workbook(&path, &[sheet])?;
        }
    }
    Ok(())
}

/// The days of February 2569 whose ids lost their zeros in Silom.
pub(crate) const SHORTENED: [u32; 2] = [14, 15];

/// Who bought, as the till of that month wrote it.
fn buyer(line: &Line, at: usize, place: usize, random: &mut Random) -> (Fate, Cell) {
    match &line.customer {
        // New cards that Khon Kaen gave out in September and did not report.
        Some(_) if line.branch == 4 && at == MONTHS - 1 && random.chance(0.4) => (
            Fate::Unmatched,
            Cell::Text(format!("9{:04}", 1 + place % 17)),
        ),
        // In Silom on two days of February ids went through Excel, which took them for numbers.
        Some(id) if at == 28 && SHORTENED.contains(&line.day.day()) && line.branch == 0 => {
            let number: f64 = id.parse().unwrap_or_default();
            // The id map says whose they are.
            (Fate::Used, Cell::Number(number))
        }
        customer => (fate(line), customer.clone().into()),
    }
}

/// A line as the new till exports it in a month.
fn till(line: &Line, day: NaiveDate, number: usize, customer: Cell, at: usize) -> Vec<Cell> {
    let quantity = Cell::Number(line.quantity as f64);
    let amount = Cell::Money(line.amount);
    let (day, quantity, amount) = match month(at).month() {
        4 => (day.into(), quantity, Cell::Text(grouped(line.amount))),
        5 => (
            day.into(),
            Cell::Text(thai_digits(&line.quantity.to_string())),
            amount,
        ),
        6 => (
            day.into(),
            quantity,
            Cell::Text(format!("฿{}", grouped(line.amount))),
        ),
        7 => (Cell::BuddhistDay(day), quantity, amount),
        _ => (day.into(), quantity, amount),
    };
    vec![
        day,
        id(number),
        receipt(line),
        customer,
        BRANCHES[line.branch].name.into(),
        line.product.id.into(),
        line.product.name.into(),
        quantity,
        Cell::Money(unit_price(line)),
        Cell::Money(line.discount),
        amount,
        returned(line),
    ]
}

/// The first two days of October are in the export too: they belong to the next quarter.
fn next_month(world: &World, sheet: &mut Sheet) {
    let known =
        of(world, Channel::Shop).filter(|line| line.customer.is_some() && line.returns.is_none());
    let lines: Vec<&Line> = known.collect();
    for (place, line) in lines.iter().rev().take(24).enumerate() {
        let day = last_day(MONTHS - 1) + Days::new(1 + place as u64 % 2);
        let customer = line.customer.clone().into();
        sheet.push(
            Fate::OutOfPeriod,
            till(line, day, 900_000 + place, customer, MONTHS - 1),
        );
    }
}

/// The delivery app gives pages that are called `.xls`, with the months in words and baht signs.
fn delivery(world: &World, inbox: &mut Inbox) -> Outcome {
    let headings = [
        "วันที่สั่งซื้อ",
        "หมายเลขคำสั่งซื้อ",
        "เลขที่รายการ",
        "รหัสสมาชิก",
        "สาขา",
        "รหัสสินค้า",
        "ชื่อสินค้า",
        "จำนวน",
        "ส่วนลด",
        "ยอดสุทธิ",
    ];
    for (name, months) in [("2566-2567", 0..15), ("2568", 15..27), ("2569", 27..MONTHS)] {
        let mut sheet = Sheet::new("", "transactions", &headings);
        sheet.above = vec![
            vec![format!("รายงานคำสั่งซื้อ แอปส่งอาหาร ปี {name}").into()],
            vec!["ร้าน: สยามกาแฟ ทุกสาขา".into()],
        ];
        let within = month(months.start)..=last_day(months.end - 1);
        let mut sum = 0;
        for line in of(world, Channel::Delivery).filter(|line| within.contains(&line.day)) {
            inbox.ledger.sale(line.day, line.amount, fate(line));
            sum += line.amount;
            sheet.push(
                fate(line),
                vec![
                    thai_month(line.day).into(),
                    Cell::Text(format!("GF-{:06}", line.receipt)),
                    id(line.number),
                    line.customer.clone().into(),
                    BRANCHES[line.branch].name.into(),
                    line.product.id.into(),
                    line.product.name.into(),
                    Cell::Number(line.quantity as f64),
                    grouped(line.discount).into(),
                    format!("฿{}", grouped(line.amount)).into(),
                ],
            );
        }
        let sum = Cell::from(format!("฿{}", grouped(sum)));
        sheet.push(Fate::Blank, total("รวมทั้งสิ้น", 9, sum));
        inbox.page(&format!("ยอดขาย/แอปส่งอาหาร/คำสั่งซื้อ {name}.xls"), sheet)?;
    }
    Ok(())
}

/// The shop on the web, all years: a text file in the letters of Thai Windows.
fn online(world: &World, inbox: &mut Inbox) -> Outcome {
    let headings = [
        "วันที่",
        "หมายเลขคำสั่งซื้อ",
        "เลขที่รายการ",
        "รหัสสมาชิก",
        "รหัสสินค้า",
        "ชื่อสินค้า",
        "จำนวน",
        "ส่วนลด",
        "จำนวนเงิน",
        "อ้างอิงรายการเดิม",
    ];
    let mut sheet = Sheet::new("", "transactions", &headings);
    for line in of(world, Channel::Online) {
        inbox.ledger.sale(line.day, line.amount, fate(line));
        sheet.push(
            fate(line),
            vec![
                line.day.into(),
                Cell::Text(format!("WEB{:06}", line.receipt)),
                id(line.number),
                line.customer.clone().into(),
                line.product.id.into(),
                line.product.name.into(),
                Cell::Number(line.quantity as f64),
                Cell::Money(line.discount),
                Cell::Money(line.amount),
                returned(line),
            ],
        );
    }
    inbox.text("ยอดขาย/ร้านออนไลน์.csv", sheet)
}

/// Invoices to companies, kept by hand by the one who sells to them.
fn wholesale(world: &World, inbox: &mut Inbox) -> Outcome {
    let headings = [
        "วันที่ใบกำกับภาษี",
        "เลขที่ใบกำกับภาษี",
        "เลขที่รายการ",
        "รหัสลูกค้า",
        "ชื่อลูกค้า",
        "รหัสสินค้า",
        "จำนวน",
        "ราคาต่อหน่วย",
        "ส่วนลด",
        "จำนวนเงิน",
        "ภาษีมูลค่าเพิ่ม",
        "วันครบกำหนด",
        "วันที่ชำระ",
        "พนักงานขาย",
        "อ้างอิงรายการเดิม",
    ];
    let mut random = Random::of(inbox.seed, 41);
    let mut sheets = Vec::new();
    for (name, months) in [("2566-67", 0..15), ("2568", 15..27), ("2569", 27..MONTHS)] {
        let mut sheet = Sheet::new(name, "transactions", &headings).titled("ใบกำกับภาษี ลูกค้าองค์กร");
        let within = month(months.start)..=last_day(months.end - 1);
        let lines = of(world, Channel::Wholesale).filter(|line| within.contains(&line.day));
        for (place, line) in lines.enumerate() {
            let company = world
                .companies
                .iter()
                .find(|company| Some(&company.id) == line.customer.as_ref());
            let credit = company.map_or(0, |company| company.credit_days) as u64;
            let due = line.day + Days::new(credit);
            let paid = due + Days::new(random.below(21) as u64);
            let quantity = line.quantity.to_string();
            let mut fate = fate(line);
            let mut amount = Cell::Money(line.amount);
            let quantity = match (name, place) {
                // The first years in Thai digits, typed as text.
                ("2566-67", place) if place % 5 != 4 => Cell::Text(thai_digits(&quantity)),
                ("2569", 9) => {
                    (amount, fate) = ("ดูใบลดหนี้".into(), Fate::SetAside);
                    Cell::Number(line.quantity as f64)
                }
                _ => Cell::Number(line.quantity as f64),
            };
            inbox.ledger.sale(line.day, line.amount, fate);
            sheet.push(
                fate,
                vec![
                    line.day.into(),
                    Cell::Text(format!("IV{:06}", line.receipt)),
                    id(line.number),
                    line.customer.clone().into(),
                    company.map(|company| company.name.as_str()).into(),
                    line.product.id.into(),
                    quantity,
                    Cell::Money(unit_price(line)),
                    Cell::Money(line.discount),
                    amount,
                    Cell::Money(line.amount * 7 / 100),
                    due.into(),
                    (paid <= last_day(MONTHS - 1)).then_some(paid).into(),
                    (*random.pick(&["วิภา ใจดี", "ธนกร มีทรัพย์"])).into(),
                    returned(line),
                ],
            );
        }
        sheets.push(sheet);
    }
    inbox.workbook("ยอดขาย/ขายส่งองค์กร.xlsx", &sheets)
}

/// What a coffee corner serves, and its price in satang.
const CORNER_CUP: &str = "KF02";
const CORNER_PRICE: i64 = 6_000;

/// Companies with a coffee corner pay for the cups of a month: a column for each month.
fn accounts_by_month(world: &World, inbox: &mut Inbox) -> Outcome {
    let months: Vec<String> = (0..MONTHS)
        .map(|at| {
            format!(
                "{} {}",
                NAMES[month(at).month0() as usize],
                month(at).year() + 543
            )
        })
        .collect();
    let mut headings: Vec<&'static str> = vec!["รหัสลูกค้า", "ชื่อลูกค้า", "รหัสสินค้า", "ราคาต่อแก้ว"];
    headings.extend(months.into_iter().map(|name| &*name.leak()));
    headings.push("รวม");
    let mut sheet =
        Sheet::new("มุมกาแฟ", "transactions", &headings).titled("มุมกาแฟในสำนักงาน จำนวนแก้วรายเดือน");
    let mut random = Random::of(inbox.seed, 42);
    let mut sums = vec![0; MONTHS];
    for company in world.companies.iter().filter(|company| company.monthly) {
        let mut row = vec![
            Cell::from(company.id.clone()),
            Cell::from(company.name.clone()),
            CORNER_CUP.into(),
            Cell::Money(CORNER_PRICE),
        ];
        let (mut cells, mut sum) = (0, 0);
        for (at, month_sum) in sums.iter_mut().enumerate() {
            if !(company.from..company.until).contains(&at) {
                row.push(Cell::Empty);
                continue;
            }
            let cups = (company.size * random.between(90, 150) as f64) as i64;
            inbox
                .ledger
                .sale(last_day(at), cups * CORNER_PRICE, Fate::Used);
            row.push(Cell::Number(cups as f64));
            cells += 1;
            sum += cups;
            *month_sum += cups;
        }
        row.push(Cell::Number(sum as f64));
        sheet.push_wide(cells, row);
    }
    // Signed in September, begins in October.
    let mut row = vec![Cell::Empty; headings.len()];
    row[0] = "B-049".into();
    row[1] = "โรงแรมเวียงพิงค์".into();
    row[2] = CORNER_CUP.into();
    row[3] = Cell::Money(CORNER_PRICE);
    sheet.push(Fate::Blank, row);
    let mut row = vec![Cell::from("รวมทั้งสิ้น"), Cell::Empty, Cell::Empty, Cell::Empty];
    row.extend(sums.iter().map(|sum| Cell::Number(*sum as f64)));
    row.push(Cell::Number(sums.iter().sum::<i64>() as f64));
    sheet.push(Fate::Blank, row);
    inbox.workbook("ยอดขาย/มุมกาแฟรายเดือน.xlsx", &[sheet])
}
