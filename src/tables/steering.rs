//! What managers state themselves: targets, figures typed in, remarks, initiatives.

use super::customers::PERIOD;
use super::{Column, Identity, Kind, TableSpec};

const KPI: [&[&str]; 3] = [
    &["KPI", "KPI ID", "Indicator"],
    &["ตัวชี้วัด", "รหัสตัวชี้วัด"],
    &["KPI", "Mã KPI", "Chỉ số", "Chỉ tiêu"],
];

/// Targets of KPIs by period.
pub(super) static TARGETS: TableSpec = TableSpec {
    name: "targets",
    columns: &[
        Column::new("kpi", Kind::Id, KPI).required(),
        Column::new("period", Kind::Period, PERIOD).required(),
        Column::new(
            "target",
            Kind::Number,
            [
                &["Target", "Goal", "Target Value"],
                &["เป้าหมาย", "ค่าเป้าหมาย"],
                &["Mục tiêu", "Giá trị mục tiêu"],
            ],
        ),
        Column::new(
            "floor",
            Kind::Number,
            [
                &["Floor", "Minimum"],
                &["ค่าต่ำสุด", "ขั้นต่ำ"],
                &["Mức sàn", "Tối thiểu"],
            ],
        ),
        Column::new(
            "red_flag",
            Kind::Number,
            [
                &["Red Flag", "Alarm"],
                &["ค่าเตือน", "ธงแดง", "จุดเตือน"],
                &["Ngưỡng báo động", "Cờ đỏ"],
            ],
        ),
        Column::new(
            "stretch",
            Kind::Number,
            [
                &["Stretch", "Stretch Target"],
                &["เป้าหมายท้าทาย", "ค่าท้าทาย"],
                &["Mục tiêu thách thức", "Mức thách thức"],
            ],
        ),
        Column::new(
            "weight",
            Kind::Number,
            [&["Weight"], &["น้ำหนัก", "ค่าน้ำหนัก"], &["Trọng số"]],
        ),
        Column::new(
            "class",
            Kind::Text,
            [
                &["Class", "Segment", "Customer Class"],
                &["กลุ่ม", "กลุ่มลูกค้า"],
                &["Nhóm", "Nhóm khách hàng", "Phân khúc"],
            ],
        ),
    ],
    one_of: &[],
    identity: Identity::Key(&["kpi", "period", "class"]),
    dated: None,
};

/// KPI values typed in by hand.
pub(super) static MANUAL_KPI: TableSpec = TableSpec {
    name: "manual_kpi",
    columns: &[
        Column::new("kpi", Kind::Id, KPI).required(),
        Column::new("period", Kind::Period, PERIOD).required(),
        Column::new(
            "value",
            Kind::Number,
            [
                &["Value", "Actual", "Result"],
                &["ค่า", "ผลลัพธ์", "ผลจริง"],
                &["Giá trị", "Kết quả", "Thực tế"],
            ],
        )
        // A KPI that nobody has a value for is not measured, and no mistake.
        .present(),
        Column::new(
            "source",
            Kind::Text,
            [
                &["Source", "Data Source"],
                &["แหล่งข้อมูล", "ที่มา"],
                &["Nguồn", "Nguồn dữ liệu"],
            ],
        ),
        Column::new(
            "note",
            Kind::Text,
            [
                &["Note", "Remark", "Comment"],
                &["หมายเหตุ", "บันทึก"],
                &["Ghi chú"],
            ],
        ),
    ],
    one_of: &[],
    identity: Identity::Key(&["kpi", "period"]),
    dated: None,
};

/// What a manager has to say about a KPI of a period.
pub(super) static COMMENTARY: TableSpec = TableSpec {
    name: "commentary",
    columns: &[
        Column::new("kpi", Kind::Id, KPI).required(),
        Column::new("period", Kind::Period, PERIOD).required(),
        Column::new(
            "text",
            Kind::Text,
            [
                &["Text", "Commentary", "Comment", "Explanation"],
                &["ข้อความ", "คำอธิบาย", "ความเห็น"],
                &["Nội dung", "Nhận xét", "Giải trình"],
            ],
        )
        .required(),
        Column::new(
            "author",
            Kind::Text,
            [
                &["Author", "Written by"],
                &["ผู้เขียน", "ผู้บันทึก"],
                &["Người viết", "Tác giả"],
            ],
        ),
    ],
    one_of: &[],
    identity: Identity::None,
    dated: None,
};

/// What is being done to move a KPI.
pub(super) static INITIATIVES: TableSpec = TableSpec {
    name: "initiatives",
    columns: &[
        Column::new(
            "initiative",
            Kind::Text,
            [
                &["Initiative", "Action", "Project"],
                &["โครงการริเริ่ม", "แผนงาน", "โครงการ"],
                &["Sáng kiến", "Dự án", "Kế hoạch hành động"],
            ],
        )
        .required(),
        Column::new(
            "owner",
            Kind::Text,
            [
                &["Owner", "Responsible"],
                &["ผู้รับผิดชอบ", "เจ้าของ"],
                &["Người phụ trách", "Phụ trách", "Chủ trì"],
            ],
        ),
        Column::new(
            "cost",
            Kind::Money,
            [
                &["Cost", "Budget"],
                &["ค่าใช้จ่าย", "งบประมาณ"],
                &["Chi phí", "Ngân sách"],
            ],
        ),
        Column::new(
            "due",
            Kind::Date,
            [
                &["Due", "Due Date", "Deadline"],
                &["กำหนดเสร็จ", "วันครบกำหนด"],
                &["Hạn", "Thời hạn", "Ngày đến hạn"],
            ],
        ),
        Column::new(
            "linked_kpi",
            Kind::Id,
            [
                &["Linked KPI", "KPI", "KPI ID"],
                &["ตัวชี้วัดที่เชื่อมโยง", "ตัวชี้วัด"],
                &["KPI liên kết", "Chỉ số liên kết"],
            ],
        ),
        Column::new(
            "status",
            Kind::Text,
            [
                &["Status", "Progress"],
                &["สถานะ", "ความคืบหน้า"],
                &["Trạng thái", "Tình trạng", "Tiến độ"],
            ],
        ),
    ],
    one_of: &[],
    identity: Identity::None,
    dated: None,
};
