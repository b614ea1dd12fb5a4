//! The workload of the benchmark: a made-up retailer's customers and sales as two workbooks in the
//! inbox of a workspace.
//!
//! ```text
//! cargo bench --bench generate -- --size S|M|L|CUSTOMERSxSALES --out FOLDER [--seed N]
//! ```
//!
//! What matters for speed is made as it is in real exports: many small customers and few large ones
//! (Pareto), customers who leave and some who come back after half a year, names in three scripts,
//! empty cells, ten to eleven columns of text, dates and numbers, and workbooks with a table of
//! shared strings as Excel writes them. The same size and seed give the same cells anywhere: the
//! generator is splitmix64 and logarithms are those of `libm`.

use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chrono::{Days, NaiveDate};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet};

/// Sales of three years, so that twelve quarters have history.
const DAYS: u64 = 1096;
const PRODUCTS: usize = 500;

const FAMILY: [&str; 24] = [
    "Nguyễn",
    "Trần",
    "Phạm",
    "Huỳnh",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Võ",
    "ใจดี",
    "ศรีสุข",
    "แสงทอง",
    "วงศ์สวัสดิ์",
    "บุญเรือง",
    "รัตนพันธ์",
    "เจริญผล",
    "แก้วมณี",
    "Smith",
    "O'Brien",
    "Miller",
    "Wilson",
    "Taylor",
    "Harris",
    "Lewis",
    "Clark & Sons",
];
const GIVEN: [&str; 24] = [
    "Hạnh",
    "Hương",
    "Khánh",
    "Phúc",
    "Thảo",
    "Trang",
    "Tuấn",
    "Yến",
    "สมชาย",
    "สมหญิง",
    "ประเสริฐ",
    "กนกวรรณ",
    "ณัฐพงศ์",
    "พิมพ์ชนก",
    "ชัยวัฒน์",
    "ลลิตา",
    "James",
    "Mary",
    "Robert",
    "Linda",
    "David",
    "Susan",
    "Thomas",
    "Emily",
];
const PROVINCES: [&str; 12] = [
    "กรุงเทพมหานคร",
    "เชียงใหม่",
    "ขอนแก่น",
    "ภูเก็ต",
    "สงขลา",
    "Hà Nội",
    "TP. Hồ Chí Minh",
    "Đà Nẵng",
    "Cần Thơ",
    "Huế",
    "Singapore",
    "Kuala Lumpur",
];
const CHANNELS: [&str; 6] = [
    "Branch",
    "Web",
    "App",
    "Telephone",
    "Partner",
    "Marketplace",
];
const SOURCES: [&str; 8] = [
    "Referral", "Search", "Social", "Walk-in", "Event", "E-mail", "Partner", "Other",
];
const CATEGORIES: [&str; 10] = [
    "Coffee", "Tea", "Bakery", "Beans", "Machines", "Cups", "Syrups", "Gifts", "Courses", "Service",
];
const HINTS: [&str; 5] = ["Retail", "Small business", "Corporate", "VIP", "Prospect"];

/// Steele, Lea and Flood (2014), "Fast splittable pseudorandom number generators".
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Uniform in the open interval from 0 to 1.
    fn unit(&mut self) -> f64 {
        ((self.next() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    /// A whole number below `limit`, which is small against 2⁶⁴.
    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit.max(1)
    }

    fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len() as u64) as usize]
    }

    /// Pareto of scale 1, less 1: from 0 up, with a heavy tail for a small `shape`.
    fn heavy(&mut self, shape: f64) -> f64 {
        libm::pow(self.unit(), -1.0 / shape) - 1.0
    }

    /// Standard normal, by Box and Muller (1958).
    fn normal(&mut self) -> f64 {
        let radius = libm::sqrt(-2.0 * libm::log(self.unit()));
        radius * libm::cos(std::f64::consts::TAU * self.unit())
    }
}

/// What decides a customer's sales.
struct Customer {
    /// Days from the first day of sales on; before it for those who were there already.
    joined: i64,
    /// First and last day with sales.
    days: (u64, u64),
    /// Relative number of sales.
    weight: f64,
    /// Relative size of a sale.
    level: f64,
    /// Stays away for half a year.
    pauses: bool,
}

struct Size {
    customers: u64,
    sales: u64,
}

impl Size {
    fn parse(text: &str) -> Option<Self> {
        let (customers, sales) = match text {
            "S" => (2_000, 20_000),
            "M" => (20_000, 200_000),
            "L" => (100_000, 1_000_000),
            other => {
                let (customers, sales) = other.split_once('x')?;
                (customers.parse().ok()?, sales.parse().ok()?)
            }
        };
        // The last row of a sheet is 1,048,576, and the first is the header.
        let fits = (1..1_048_576).contains(&customers) && (1..1_048_576).contains(&sales);
        fits.then_some(Self { customers, sales })
    }
}

struct Arguments {
    size: Size,
    out: PathBuf,
    seed: u64,
}

fn arguments() -> Option<Arguments> {
    let (mut size, mut out, mut seed) = (None, None, Some(20_260_930));
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--size" => size = Size::parse(&words.next()?),
            "--out" => out = words.next().map(PathBuf::from),
            "--seed" => seed = words.next()?.parse().ok(),
            // Cargo adds it for the harness that this has not.
            "--bench" => {}
            _ => return None,
        }
    }
    Some(Arguments {
        size: size?,
        out: out?,
        seed: seed?,
    })
}

fn main() -> ExitCode {
    let mut console = std::io::stderr();
    let Some(arguments) = arguments() else {
        let _ = writeln!(
            console,
            "usage: generate --size S|M|L|CUSTOMERSxSALES --out FOLDER [--seed N]"
        );
        return ExitCode::from(2);
    };
    match generate(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(console, "error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn generate(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    std::fs::create_dir_all(&arguments.out)?;
    let mut random = Random(arguments.seed);
    let customers = customers(arguments.size.customers, &mut random);
    write_customers(
        &customers,
        &arguments.out.join("customers.xlsx"),
        &mut random,
    )?;
    let sales = sales(&customers, arguments.size.sales, &mut random);
    write_sales(
        &customers,
        &sales,
        &arguments.out.join("transactions.xlsx"),
        &mut random,
    )?;
    Ok(())
}

fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2022, 1, 1).unwrap_or_default()
}

fn customers(count: u64, random: &mut Random) -> Vec<Customer> {
    (0..count)
        .map(|_| {
            // Two in five were customers before the first day.
            let joined = if random.chance(0.4) {
                -(1 + random.below(1500) as i64)
            } else {
                random.below(DAYS - 30) as i64
            };
            let start = joined.max(0) as u64;
            let stays = random.chance(0.55);
            let days = if stays {
                DAYS
            } else {
                20 + (-300.0 * libm::log(random.unit())) as u64
            };
            Customer {
                joined,
                days: (start, (start + days).min(DAYS - 1)),
                weight: (random.heavy(1.3) + 0.05).min(400.0),
                level: libm::exp(0.5 * random.normal()),
                pauses: random.chance(0.2),
            }
        })
        .collect()
}

/// The day and the customer of every sale, in the order of days.
fn sales(customers: &[Customer], count: u64, random: &mut Random) -> Vec<(u64, usize)> {
    let mut total = 0.0;
    let cumulative: Vec<f64> = customers
        .iter()
        .map(|customer| {
            total += customer.weight;
            total
        })
        .collect();
    let mut sales: Vec<(u64, usize)> = (0..count)
        .map(|number| {
            // Half of the customers buy at least once, whatever their weight.
            let owner = if number < customers.len() as u64 / 2 {
                2 * number as usize
            } else {
                let at = random.unit() * total;
                cumulative
                    .partition_point(|sum| *sum < at)
                    .min(customers.len() - 1)
            };
            let customer = &customers[owner];
            let (start, end) = customer.days;
            let mut day = start + random.below(end - start + 1);
            if customer.pauses && (400..600).contains(&day) {
                day = (day + 200).min(end);
            }
            (day, owner)
        })
        .collect();
    sales.sort_unstable();
    sales
}

fn workbook() -> Result<Workbook, Box<dyn Error>> {
    let mut workbook = Workbook::new();
    // The time of making would change the bytes.
    let created = ExcelDateTime::from_ymd(2025, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
    Ok(workbook)
}

fn write_header(sheet: &mut Worksheet, names: &[&str]) -> Result<(), Box<dyn Error>> {
    for (column, name) in (0..).zip(names) {
        sheet.write_string(0, column, *name)?;
    }
    Ok(())
}

fn customer_id(index: usize) -> String {
    format!("C{:07}", index + 1)
}

fn write_customers(
    customers: &[Customer],
    path: &Path,
    random: &mut Random,
) -> Result<(), Box<dyn Error>> {
    let mut workbook = workbook()?;
    let date = Format::new().set_num_format("yyyy-mm-dd");
    // Rows go to disk as they are written, strings to a shared table as in Excel's own files.
    let sheet = workbook.add_worksheet_with_low_memory()?;
    sheet.set_name("customers")?;
    write_header(
        sheet,
        &[
            "customer_id",
            "name",
            "segment_hint",
            "acquired_on",
            "province",
            "channel",
            "email",
            "phone",
            "acquisition_source",
            "referred_by",
        ],
    )?;
    for (row, (index, customer)) in (1..).zip(customers.iter().enumerate()) {
        sheet.write_string(row, 0, customer_id(index))?;
        let script = 8 * random.below(3) as usize;
        let family = random.pick(&FAMILY[script..script + 8]);
        let given = random.pick(&GIVEN[script..script + 8]);
        sheet.write_string(row, 1, format!("{given} {family}"))?;
        if random.chance(0.7) {
            sheet.write_string(row, 2, random.pick(&HINTS))?;
        }
        let joined = first_day() + chrono::TimeDelta::days(customer.joined);
        sheet.write_datetime_with_format(row, 3, joined, &date)?;
        sheet.write_string(row, 4, random.pick(&PROVINCES))?;
        sheet.write_string(row, 5, random.pick(&CHANNELS))?;
        if random.chance(0.8) {
            sheet.write_string(row, 6, format!("customer{}@example.com", index + 1))?;
        }
        if random.chance(0.9) {
            sheet.write_string(row, 7, format!("+66{:09}", random.below(1_000_000_000)))?;
        }
        sheet.write_string(row, 8, random.pick(&SOURCES))?;
        if index > 0 && random.chance(0.18) {
            sheet.write_string(row, 9, customer_id(random.below(index as u64) as usize))?;
        }
    }
    workbook.save(path)?;
    Ok(())
}

fn write_sales(
    customers: &[Customer],
    sales: &[(u64, usize)],
    path: &Path,
    random: &mut Random,
) -> Result<(), Box<dyn Error>> {
    let prices: Vec<f64> = (0..PRODUCTS)
        .map(|_| libm::exp(3.2 + 0.8 * random.normal()))
        .collect();
    let mut workbook = workbook()?;
    let date = Format::new().set_num_format("yyyy-mm-dd");
    let money = Format::new().set_num_format("#,##0.00");
    let sheet = workbook.add_worksheet_with_low_memory()?;
    sheet.set_name("transactions")?;
    write_header(
        sheet,
        &[
            "transaction_id",
            "customer_id",
            "date",
            "product_id",
            "category",
            "channel",
            "quantity",
            "unit_price",
            "discount",
            "amount",
            "cost",
        ],
    )?;
    for (row, (day, owner)) in (1..).zip(sales) {
        let customer = &customers[*owner];
        let product = ((random.heavy(0.9) * 8.0) as usize).min(PRODUCTS - 1);
        let quantity = 1.0 + libm::floor((random.heavy(2.0) * 2.0 * customer.level).min(199.0));
        let price = cents(prices[product] * customer.level * (0.9 + 0.2 * random.unit()));
        let reduced = if random.chance(0.3) {
            0.05 * (1 + random.below(4)) as f64
        } else {
            0.0
        };
        let discount = cents(price * quantity * reduced);
        let cost = cents(price * quantity * (0.45 + 0.4 * random.unit()));
        let bought = first_day() + Days::new(*day);
        sheet.write_string(row, 0, format!("T{row:08}"))?;
        sheet.write_string(row, 1, customer_id(*owner))?;
        sheet.write_datetime_with_format(row, 2, bought, &date)?;
        sheet.write_string(row, 3, format!("P{product:04}"))?;
        sheet.write_string(row, 4, CATEGORIES[product % CATEGORIES.len()])?;
        sheet.write_string(row, 5, random.pick(&CHANNELS))?;
        sheet.write_number(row, 6, quantity)?;
        sheet.write_number_with_format(row, 7, price, &money)?;
        sheet.write_number_with_format(row, 8, discount, &money)?;
        sheet.write_number_with_format(row, 9, cents(price * quantity - discount), &money)?;
        sheet.write_number_with_format(row, 10, cost, &money)?;
    }
    workbook.save(path)?;
    Ok(())
}

fn cents(amount: f64) -> f64 {
    libm::round(amount * 100.0) / 100.0
}
