//! Two report models that templates are checked against: one with everything, one with nothing.
//!
//! [`full`] has every option filled and every list non-empty, so that a template can be rendered
//! with every branch taken; its texts hold Thai, Vietnamese and what must never become markup or a
//! formula. [`empty`] is a first run that measured nothing: every option null, every list empty.
//! A template that renders both without an error says something sensible for any report between.

mod beside;
mod care;
mod cohorts;
mod data;
mod potential;
mod scoring;
mod service;
mod worth;

use chrono::NaiveDate;

use super::model::{
    Ageing, Alert, Change, ClassRow, Client, CohortCell, CohortGrid, CohortRange, CohortRow,
    Counts, CustomerRow, Customers, Debtor, Default, Initiative, Kpi, KpiName, Lead, Member,
    Missing, Moves, NextBest, Node, Offer, Period, Perspective, Process, Published, Ranks, Rate,
    Receivables, Reconciliation, Report, RfmGrid, Roi, SCHEMA, Scorecard, ServiceRow, Span, Status,
    Suggested, SurveyRow, Surveys, Unit,
};

pub use beside::{empty_index, empty_repair_list, full_index, full_repair_list};
use care::{
    empty_life_cycle, empty_pressure, empty_profiles, full_life_cycle, full_pressure, full_profiles,
};
use cohorts::{cohort_grid, window_row};
use data::{empty_data, full_data};
use service::{full_next_best, full_receivables, full_service, full_surveys};

/// Text that a template must not let through as markup, formula or script.
pub const HOSTILE: &str = "=1+1 <script>alert(\"น้ำ\")</script> & 'Đặng' ]]> {{ x }}";

/// A text of data: what it is, and what it tries.
fn text(what: &str) -> String {
    format!("{what} ที่ยิ่งใหญ่ {HOSTILE}")
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or(NaiveDate::MIN)
}

/// The quarters 2024-Q4 to 2026-Q3.
fn periods() -> Vec<Period> {
    let ends = [(12, 31), (3, 31), (6, 30), (9, 30)];
    (0..8i32)
        .map(|n| {
            let quarter = (n + 3) % 4;
            let year = 2024 + (n + 3) / 4;
            let (month, last) = ends[((quarter + 1) % 4) as usize];
            Period {
                id: format!("{year}-Q{}", quarter + 1),
                label: format!("Q{} {year}", quarter + 1),
                short: format!("Q{}/{}", quarter + 1, year - 2000),
                starts: day(year, month - 2, 1),
                ends: day(year, month, last),
            }
        })
        .collect()
}

/// A report in which nothing is missing.
pub fn full() -> Report {
    let periods = periods();
    Report {
        schema: SCHEMA,
        version: "0.1.0".to_owned(),
        run_id: "7f3a91c2b5d0".to_owned(),
        language: "th".to_owned(),
        client: Client {
            name: text("บริษัท สยามกาแฟ จำกัด"),
            currency: "THB".to_owned(),
            currency_digits: 2,
        },
        period: periods[7].clone(),
        data_to: day(2026, 9, 30),
        periods,
        scorecard: full_scorecard(),
        roi: Roi {
            lead: lead(),
            case: Some(super::build::full_case(text)),
            reason: Some(text("เหตุผล")),
        },
        customers: full_customers(),
        data: full_data(),
        defaults: vec![
            Default {
                key: "activity.window-months".to_owned(),
                value: text("12"),
            },
            Default {
                key: "rfm.window-months".to_owned(),
                value: "12".to_owned(),
            },
        ],
    }
}

fn lead() -> Lead {
    Lead {
        bold: text("ไตรมาสนี้ได้ 66 คะแนนจาก 100"),
        rest: text("หลังจากดีขึ้นต่อเนื่องเจ็ดไตรมาส"),
    }
}

fn node(score: f64, status: Status) -> Node {
    Node {
        score: Some(score),
        low: score - 17.0,
        high: score + 8.0,
        coverage: 0.754,
        status,
        share: 0.25,
        previous: Some(score - 2.0),
        history: [52.0, 54.0, 57.0, 58.0, 61.0, 64.0, score - 2.0, score]
            .map(Some)
            .to_vec(),
        counts: Counts {
            good: 7,
            watch: 13,
            act: 4,
            not_measured: 7,
            not_due: 1,
            information: 2,
        },
    }
}

fn full_scorecard() -> Scorecard {
    let perspectives = [
        ("financial", "ด้านการเงิน", Unit::Money),
        ("customer", "ด้านลูกค้า", Unit::Percent),
        ("internal-process", "ด้านกระบวนการภายใน", Unit::Number),
        ("learning-growth", "ด้านการเรียนรู้และเจริญเติบโต", Unit::Hours),
    ];
    Scorecard {
        lead: lead(),
        total: node(66.4, Status::Watch),
        kpis: 31,
        measured: 24,
        perspectives: perspectives
            .into_iter()
            .map(|(id, label, unit)| Perspective {
                id: id.to_owned(),
                label: text(label),
                finding: text("รายได้ใหม่ดีขึ้นต่อเนื่อง"),
                node: node(68.0, Status::Watch),
                processes: vec![Process {
                    id: format!("{id}-1"),
                    label: text("การเลือกลูกค้า"),
                    node: node(59.0, Status::Watch),
                    kpis: full_kpis(id, unit),
                }],
            })
            .collect(),
        turned_red: vec![Alert {
            kpi: "F5".to_owned(),
            label: text("ต้นทุนการขาย"),
            unit: Unit::Percent,
            previous: Some(0.142),
            value: Some(0.156),
            target: Some(0.13),
        }],
        not_measured: vec![Missing {
            cure: text("ชีต wallet"),
            kpis: vec![
                KpiName {
                    id: "F2".to_owned(),
                    label: text("Share of wallet"),
                },
                KpiName {
                    id: "own_share".to_owned(),
                    label: text("Thị phần riêng"),
                },
            ],
            share: 0.1,
        }],
        initiatives: vec![initiative()],
    }
}

/// One KPI of every status and unit.
fn full_kpis(perspective: &str, unit: Unit) -> Vec<Kpi> {
    let kinds = [
        (Status::Good, unit),
        (Status::Watch, Unit::Percent),
        (Status::Act, Unit::Count),
        (Status::NotMeasured, Unit::Days),
        (Status::NotDue, Unit::Score),
        (Status::Information, Unit::Money),
        (Status::InsufficientData, Unit::Hours),
    ];
    let letter = perspective.chars().next().unwrap_or('x');
    (1..)
        .zip(kinds)
        .map(|(n, (status, unit))| Kpi {
            id: format!("{}{n}", letter.to_ascii_uppercase()),
            label: text("ต้นทุนการขาย (ตามช่องทาง)"),
            objective: text("การปรับปรุงผลิตภาพการขาย"),
            unit,
            value: Some(0.156),
            numerator: Some(15_600.5),
            denominator: Some(100_000.0),
            target: Some(0.13),
            floor: Some(0.17),
            stretch: Some(0.11),
            target_source: text("ค่าตั้งต้น ไม่ใช่ของท่าน"),
            higher_is_better: false,
            scoring: "linear".to_owned(),
            score: Some(35.0),
            status,
            reason: Some(text("ไม่มีชีต wallet")),
            weight: 1.0,
            share: 0.0546,
            scale: vec![0.17, 0.15, 0.14, 0.13],
            history: [0.144, 0.142, 0.146, 0.143, 0.139, 0.14, 0.142, 0.156]
                .map(Some)
                .to_vec(),
            change: Some(Change {
                amount: Some(0.014),
                points: true,
                better: Some(false),
            }),
            change_year: Some(Change {
                amount: Some(-0.067),
                points: false,
                better: Some(true),
            }),
            to_date: span(),
            four_quarters: span(),
            breakdown: vec![Member {
                dimension: "channel".to_owned(),
                member: text("แอปส่งอาหาร"),
                value: Some(0.312),
                numerator: Some(312.0),
                denominator: Some(1000.0),
            }],
            formula: text("ต้นทุนขาย ÷ รายได้สุทธิ"),
            sources: vec!["transactions".to_owned(), text("channel_costs")],
            comment: Some(text("ค่าคอมมิชชันขึ้นเป็น 32%")),
            initiatives: vec![initiative()],
        })
        .collect()
}

fn initiative() -> Initiative {
    Initiative {
        initiative: text("เจรจาค่าคอมมิชชัน"),
        kpi: Some("F5".to_owned()),
        kpi_label: Some(text("ต้นทุนการขาย")),
        owner: Some(text("คุณสมชาย")),
        cost: Some(120_000.0),
        due: Some(day(2026, 12, 31)),
        status: Some(text("กำลังทำ")),
    }
}

fn span() -> Span {
    Span {
        value: Some(0.151),
        base: Some(0.144),
        change: Some(Change {
            amount: Some(0.007),
            points: true,
            better: Some(false),
        }),
        reason: Some(text("ไม่มีชีต wallet")),
    }
}

fn full_customers() -> Customers {
    let classes = [
        ("MVC", 214, 50_801.0),
        ("MGC", 268, 14_984.0),
        ("Steady", 471, 23_470.0),
        ("Migrator", 196, -29.0),
        ("BZ", 118, -5_611.0),
        ("all", 1267, 83_615.0),
    ];
    let statement = Reconciliation {
        period: "2026-Q3".to_owned(),
        label: "ไตรมาส 3/2569".to_owned(),
        segment: Some(text("MVC")),
        published: Some(1238),
        merged: 3,
        restated: 1,
        opening: 1236,
        new: 118,
        zero_loss: 1354,
        reactivated: 21,
        lost_opening: 87,
        lost_new: 21,
        transferred_in: 24,
        transferred_out: 24,
        closing: 1267,
        balances: true,
    };
    Customers {
        lead: lead(),
        window_months: 12,
        window_evidence: Some(text("90% ของช่วงห่าง")),
        value_basis: "contribution".to_owned(),
        active: 1267,
        classes: classes
            .map(|(class, customers, value)| ClassRow {
                class: class.to_owned(),
                label: text(class),
                customers,
                previous: Some(customers - 5),
                share: Some(customers as f64 / 1267.0),
                value: value * 1e6,
                mean_value: Some(9_400.0),
                median_value: Some(6_100.0),
                value_share: Some(value / 83_615.0),
                revenue: value.abs() * 2.5e6,
                treatment: text("รักษาไว้"),
            })
            .to_vec(),
        reconciliation: statement.clone(),
        reconciliation_history: vec![statement.clone(), statement.clone()],
        reconciliation_segments: vec![statement.clone(), statement.clone()],
        reconciliation_added: statement,
        imbalances: vec![text("ยกมา 1,236 แต่ยอดยกไปของไตรมาสก่อน 1,235")],
        published: Some(Published {
            label: "ไตรมาส 2/2569".to_owned(),
            window_months: 11,
            is_other_window: true,
        }),
        short_history: Some(text("ข้อมูลเริ่ม 1 ม.ค. 2569")),
        windows: [9, 12, 15].map(window_row).to_vec(),
        cohorts: ["calendar", "age"].map(cohort_grid).to_vec(),
        retention: ["exact-cohort", "zero-loss", "net"]
            .map(|id| Rate {
                id: id.to_owned(),
                label: text(id),
                worked: text("(1,236 − 87) ÷ 1,236"),
                value: Some(0.9296),
            })
            .to_vec(),
        rfm: RfmGrid {
            counts: (0..5)
                .map(|row| (0..5).map(|column| 130 - 20 * row + 9 * column).collect())
                .collect(),
            recency: ["≤ 18", "19–41", "42–88", "89–176", "> 176"]
                .map(text)
                .to_vec(),
            recency_scores: vec![5, 4, 3, 2, 1],
            frequency_scores: vec![1, 2, 3, 4, 5],
            frequency: ["1–2", "3–5", "6–9", "10–17", "≥ 18"].map(text).to_vec(),
            method: "quantile".to_owned(),
            method_said: text("ตัดที่ทุก 20%"),
            cuts_said: text("จุดตัดของไตรมาส 2/2569 ตรึงไว้"),
            is_frozen: true,
            scales: scoring::scales(text),
            moves: scoring::moves(text),
        },
        moves: Moves {
            classes: ["MVC", "MGC", "Steady", "Migrator", "BZ"]
                .map(text)
                .to_vec(),
            counts: (0..6)
                .map(|row| {
                    (0..6)
                        .map(|column| if row == column { 188 } else { 9 })
                        .collect()
                })
                .collect(),
            by_ruler: (0..6).map(|row| vec![row % 3; 6]).collect(),
            behaviour: 61,
            ruler: 12,
            cuts_said: text("จุดตัดระหว่างกลุ่มของไตรมาส 2/2569 ตรึงไว้: TOP 48,200"),
            is_frozen: true,
        },
        scorecard: scoring::scorecard(text),
        top: vec![full_customer("C-0007"), full_customer("C-0033")],
        bottom: vec![full_customer("C-1044")],
        surveys: full_surveys(),
        service: full_service(),
        receivables: full_receivables(),
        next_best: full_next_best(),
        life_cycle: full_life_cycle(),
        pressure: full_pressure(),
        profiles: full_profiles(&periods()),
        unidentified_revenue: 120_400.0,
        revenue: 9_310_000.0,
        profit: worth::full_profit(lead()),
        relationship: worth::full_relationship(lead()),
        value_map: potential::full_value_map(lead()),
        wallet: potential::full_wallet(lead()),
        lifetime: potential::full_lifetime(lead()),
    }
}

fn full_customer(id: &str) -> CustomerRow {
    CustomerRow {
        customer_id: id.to_owned(),
        name: Some(text("Bệnh viện Quốc tế Sài Gòn")),
        class: Some("MVC".to_owned()),
        reason: Some(text("หนึ่งในห้าที่มีค่าสูงสุด")),
        ranks: Some(Ranks {
            lifetime: 1,
            last_year: 14,
        }),
        actual_value: Some(412_000_000.0),
        potential_value: Some(455_000_000.0),
        revenue: 120_000_000.0,
        frequency: 96,
        last_purchase: Some(day(2026, 9, 21)),
        rfm: "5-4-3".to_owned(),
        action: Some(text("เยี่ยมก่อนสิ้นเดือน")),
        suggested: Some(Suggested {
            product: text("ลาเต้เย็น"),
            because: text("ครัวซองต์"),
            n_ab: 42,
            n_a: 60,
        }),
        profile: Some("c-1".to_owned()),
    }
}

/// A report of which nothing could be measured: no history, no case, no customers, no targets.
pub fn empty() -> Report {
    let nothing = Node {
        score: None,
        low: 0.0,
        high: 100.0,
        coverage: 0.0,
        status: Status::InsufficientData,
        share: 0.0,
        previous: None,
        history: Vec::new(),
        counts: Counts::default(),
    };
    let silence = Lead {
        bold: String::new(),
        rest: String::new(),
    };
    let mut report = full();
    report.period.id.clone_from(&"2026-Q3".to_owned());
    report.periods = vec![report.period.clone()];
    report.defaults.clear();
    report.roi = Roi {
        lead: silence.clone(),
        case: None,
        reason: None,
    };
    report.scorecard.lead = silence.clone();
    report.scorecard.total = nothing.clone();
    report.scorecard.measured = 0;
    report.scorecard.turned_red.clear();
    report.scorecard.not_measured.clear();
    report.scorecard.initiatives.clear();
    for perspective in &mut report.scorecard.perspectives {
        perspective.node = nothing.clone();
        perspective.finding.clear();
        for process in &mut perspective.processes {
            process.id.clear();
            process.label.clear();
            process.node = nothing.clone();
            process.kpis.iter_mut().for_each(hollow);
        }
    }
    // One perspective without any process, one process without any KPI.
    if let Some(first) = report.scorecard.perspectives.first_mut() {
        first.processes.clear();
    }
    if let Some(last) = report.scorecard.perspectives.last_mut() {
        last.processes
            .iter_mut()
            .for_each(|process| process.kpis.clear());
    }
    report.customers = empty_customers(silence);
    report.data = empty_data();
    report
}

fn hollow(kpi: &mut Kpi) {
    kpi.value = None;
    kpi.numerator = None;
    kpi.denominator = None;
    kpi.target = None;
    kpi.floor = None;
    kpi.stretch = None;
    kpi.target_source.clear();
    kpi.score = None;
    kpi.status = Status::NotMeasured;
    kpi.reason = None;
    kpi.scale.clear();
    kpi.history.clear();
    kpi.change = None;
    kpi.change_year = None;
    let nothing = Span {
        value: None,
        base: None,
        change: None,
        reason: None,
    };
    kpi.to_date = nothing.clone();
    kpi.four_quarters = nothing;
    kpi.breakdown.clear();
    kpi.formula.clear();
    kpi.sources.clear();
    kpi.comment = None;
    kpi.initiatives.clear();
}

fn empty_customers(lead: Lead) -> Customers {
    let statement = Reconciliation {
        period: "2026-Q3".to_owned(),
        label: "Q3 2026".to_owned(),
        segment: None,
        published: None,
        merged: 0,
        restated: 0,
        opening: 0,
        new: 0,
        zero_loss: 0,
        reactivated: 0,
        lost_opening: 0,
        lost_new: 0,
        transferred_in: 0,
        transferred_out: 0,
        closing: 0,
        balances: false,
    };
    Customers {
        profit: worth::empty_profit(lead.clone()),
        relationship: worth::empty_relationship(lead.clone()),
        value_map: potential::empty_value_map(lead.clone()),
        wallet: potential::empty_wallet(lead.clone()),
        lifetime: potential::empty_lifetime(lead.clone()),
        lead,
        window_months: 12,
        window_evidence: None,
        value_basis: "revenue".to_owned(),
        active: 0,
        classes: vec![ClassRow {
            class: String::new(),
            label: String::new(),
            customers: 0,
            previous: None,
            share: None,
            value: 0.0,
            mean_value: None,
            median_value: None,
            value_share: None,
            revenue: 0.0,
            treatment: String::new(),
        }],
        reconciliation: statement.clone(),
        reconciliation_history: Vec::new(),
        reconciliation_segments: Vec::new(),
        reconciliation_added: statement,
        imbalances: Vec::new(),
        published: None,
        short_history: None,
        windows: Vec::new(),
        cohorts: vec![CohortGrid {
            alignment: "calendar".to_owned(),
            longest: 0,
            rows: vec![CohortRow {
                label: String::new(),
                customers: 0,
                is_small: true,
                is_pre_history: true,
                cells: vec![CohortCell::default()],
            }],
            averages: Vec::new(),
            active: CohortRange::default(),
            active_or_later: CohortRange::default(),
            value: CohortRange::default(),
            value_kind: "revenue".to_owned(),
        }],
        retention: vec![Rate {
            id: "exact-cohort".to_owned(),
            label: String::new(),
            worked: String::new(),
            value: None,
        }],
        rfm: RfmGrid {
            counts: Vec::new(),
            recency: Vec::new(),
            recency_scores: Vec::new(),
            frequency: Vec::new(),
            frequency_scores: Vec::new(),
            method: "quantile".to_owned(),
            method_said: String::new(),
            cuts_said: String::new(),
            is_frozen: false,
            scales: scoring::empty_scales(),
            moves: scoring::empty_moves(),
        },
        moves: Moves {
            classes: Vec::new(),
            counts: Vec::new(),
            by_ruler: Vec::new(),
            behaviour: 0,
            ruler: 0,
            cuts_said: String::new(),
            is_frozen: false,
        },
        scorecard: scoring::empty_scorecard(),
        top: Vec::new(),
        bottom: vec![CustomerRow {
            customer_id: "1".to_owned(),
            name: None,
            class: None,
            reason: None,
            ranks: None,
            actual_value: None,
            potential_value: None,
            revenue: 0.0,
            frequency: 0,
            last_purchase: None,
            rfm: String::new(),
            action: None,
            suggested: None,
            profile: None,
        }],
        surveys: Surveys {
            results: vec![SurveyRow {
                instrument: "csat".to_owned(),
                class: None,
                n: 1,
                is_small: true,
                answered_of: None,
                is_score: false,
                value: 1.0,
                low: None,
                high: None,
                mean: 5.0,
                scale_low: 1.0,
                scale_high: 5.0,
                change: None,
                change_margin: None,
                is_significant: None,
            }],
            ..Surveys::default()
        },
        service: vec![ServiceRow {
            channel: None,
            kind: "all".to_owned(),
            opened: 1,
            closed: 0,
            due: 0,
            within: 0,
            level: None,
            median_hours: None,
            p90_hours: None,
            open_at_end: 1,
            overdue_at_end: 0,
        }],
        receivables: Receivables {
            total: Some(Ageing::default()),
            debtors: vec![Debtor {
                customer_id: String::new(),
                name: None,
                ageing: Ageing::default(),
            }],
            ..Receivables::default()
        },
        next_best: NextBest {
            level: "basket".to_owned(),
            offers: vec![Offer {
                product_id: String::new(),
                product: String::new(),
                customers: 0,
                expected_margin: None,
            }],
            ..NextBest::default()
        },
        life_cycle: empty_life_cycle(),
        pressure: empty_pressure(),
        profiles: empty_profiles(&periods()[7..]),
        unidentified_revenue: 0.0,
        revenue: 0.0,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    /// Paths at which something is missing from a value.
    fn gaps(value: &Value, path: &str, found: &mut Vec<String>) {
        match value {
            Value::Null => found.push(path.to_owned()),
            Value::String(text) if text.is_empty() => found.push(path.to_owned()),
            Value::Array(items) if items.is_empty() => found.push(path.to_owned()),
            Value::Array(items) => {
                for item in items {
                    gaps(item, &format!("{path}[]"), found);
                }
            }
            Value::Object(fields) => {
                for (name, field) in fields {
                    gaps(field, &format!("{path}.{name}"), found);
                }
            }
            _ => {}
        }
    }

    #[test]
    fn nothing_is_missing_from_the_full_model() {
        let mut found = Vec::new();
        gaps(&serde_json::to_value(full()).unwrap(), "", &mut found);
        gaps(&serde_json::to_value(full_index()).unwrap(), "", &mut found);
        let list = serde_json::to_value(full_repair_list()).unwrap();
        gaps(&list, "", &mut found);
        assert!(found.is_empty(), "{found:?}");
    }

    /// Everything that can be missing is missing somewhere in the empty model.
    #[test]
    fn the_empty_model_lacks_every_kind_of_thing() {
        let mut found = Vec::new();
        gaps(&serde_json::to_value(empty()).unwrap(), "", &mut found);
        for path in [
            ".roi.case",
            ".scorecard.total.score",
            ".scorecard.total.history",
            ".scorecard.perspectives[].processes",
            ".scorecard.perspectives[].processes[].kpis",
            ".scorecard.perspectives[].processes[].kpis[].value",
            ".scorecard.perspectives[].processes[].kpis[].change",
            ".customers.classes[].share",
            ".customers.retention[].value",
            ".customers.rfm.counts",
            ".customers.published",
            ".customers.reconciliation.published",
            ".customers.cohorts[].rows[].cells[].share",
            ".customers.bottom[].name",
            ".customers.top",
            ".data.inputs",
        ] {
            assert!(found.iter().any(|gap| gap == path), "{path} is filled");
        }
    }
}
