//! What serving customers costs, and the CRM project itself.

use super::customers::PERIOD;
use super::{Choice, Column, Identity, Kind, TableSpec};

/// How much of each activity a customer took.
pub(super) static ACTIVITIES: TableSpec = TableSpec {
    name: "activities",
    columns: &[
        Column::new(
            "customer_id",
            Kind::Id,
            [
                &["Customer ID", "Customer No", "Customer Code"],
                &["รหัสลูกค้า", "รหัสสมาชิก"],
                &["Mã khách hàng", "Mã KH", "Mã khách"],
            ],
        )
        .required(),
        Column::new(
            "activity",
            Kind::Id,
            [
                &["Activity", "Activity Name", "Cost Driver"],
                &["กิจกรรม", "ชื่อกิจกรรม"],
                &["Hoạt động", "Tên hoạt động"],
            ],
        )
        .required(),
        Column::new(
            "quantity",
            Kind::Quantity,
            [
                &["Quantity", "Qty", "Count", "Number of Times", "Units"],
                &["จำนวน", "จำนวนครั้ง", "ปริมาณ"],
                &["Số lượng", "Số lần", "SL"],
            ],
        )
        .required(),
        Column::new(
            "date",
            Kind::Date,
            [
                &["Date", "Activity Date"],
                &["วันที่", "วันที่ทำกิจกรรม"],
                &["Ngày", "Ngày thực hiện"],
            ],
        ),
    ],
    one_of: &[],
    identity: Identity::None,
    dated: Some("date"),
};

/// What one unit of an activity costs.
pub(super) static ACTIVITY_RATES: TableSpec = TableSpec {
    name: "activity_rates",
    columns: &[
        Column::new(
            "activity",
            Kind::Id,
            [
                &["Activity", "Activity Name", "Cost Driver"],
                &["กิจกรรม", "ชื่อกิจกรรม"],
                &["Hoạt động", "Tên hoạt động"],
            ],
        )
        .required(),
        Column::new(
            "rate",
            Kind::Price,
            [
                &["Rate", "Activity Rate", "Cost Rate", "Cost per Unit"],
                &["อัตรา", "อัตราต้นทุน", "ต้นทุนต่อหน่วย"],
                &["Đơn giá", "Mức phí", "Chi phí đơn vị"],
            ],
        ),
        Column::new(
            "cost_pool",
            Kind::Money,
            [
                &["Cost Pool", "Total Cost", "Pool"],
                &["ต้นทุนรวม", "กลุ่มต้นทุน"],
                &["Tổng chi phí", "Nhóm chi phí"],
            ],
        ),
        Column::new(
            "practical_capacity",
            Kind::Quantity,
            [
                &["Practical Capacity", "Capacity"],
                &["กำลังการผลิตจริง", "กำลังรองรับ"],
                &["Công suất thực tế", "Năng lực thực tế"],
            ],
        ),
        Column::new(
            "valid_from",
            Kind::Date,
            [
                &["Valid from", "Effective Date", "Effective from"],
                &["มีผลตั้งแต่", "วันที่มีผล"],
                &["Hiệu lực từ", "Ngày hiệu lực"],
            ],
        ),
    ],
    one_of: &[&[&["rate"], &["cost_pool", "practical_capacity"]]],
    identity: Identity::Key(&["activity", "valid_from"]),
    dated: None,
};

/// What a sales channel costs in a period.
pub(super) static CHANNEL_COSTS: TableSpec = TableSpec {
    name: "channel_costs",
    columns: &[
        Column::new(
            "channel",
            Kind::Text,
            [
                &["Channel", "Sales Channel"],
                &["ช่องทาง", "ช่องทางการขาย"],
                &["Kênh", "Kênh bán", "Kênh bán hàng"],
            ],
        )
        .required(),
        Column::new("period", Kind::Period, PERIOD).required(),
        Column::new(
            "amount",
            Kind::Money,
            [
                &["Amount", "Cost", "Channel Cost"],
                &["จำนวนเงิน", "ค่าใช้จ่าย", "ต้นทุน"],
                &["Số tiền", "Chi phí"],
            ],
        )
        .required(),
        Column::new(
            "kind",
            Kind::Text,
            [
                &["Kind", "Cost Type", "Type"],
                &["ชนิด", "ประเภทค่าใช้จ่าย"],
                &["Loại", "Loại chi phí"],
            ],
        ),
    ],
    one_of: &[],
    identity: Identity::None,
    dated: None,
};

/// The CRM project: what it costs and what it brings, a row per line.
pub(super) static CRM_PROJECT: TableSpec = TableSpec {
    name: "crm_project",
    columns: &[
        Column::new(
            "line",
            Kind::Text,
            [
                &["Line", "Item", "Line Item"],
                &["รายการ", "ชื่อรายการ"],
                &["Hạng mục", "Khoản mục"],
            ],
        )
        .required(),
        Column::new(
            "kind",
            Kind::Choice(&[
                Choice {
                    value: "cost",
                    spoken: &["costs", "expense", "ต้นทุน", "ค่าใช้จ่าย", "chi phí"],
                },
                Choice {
                    value: "benefit",
                    spoken: &["benefits", "income", "ผลประโยชน์", "lợi ích"],
                },
            ]),
            [
                &["Kind", "Cost or Benefit", "Type"],
                &["ชนิด", "ต้นทุนหรือผลประโยชน์"],
                &["Loại", "Chi phí hay lợi ích"],
            ],
        )
        .required(),
        Column::new(
            "amount",
            Kind::Money,
            [
                &["Amount", "Value"],
                &["จำนวนเงิน", "มูลค่า"],
                &["Số tiền", "Giá trị"],
            ],
        ),
        Column::new(
            "low",
            Kind::Money,
            [
                &["Low", "Pessimistic", "Minimum"],
                &["ต่ำ", "ต่ำสุด", "กรณีแย่"],
                &["Thấp", "Thấp nhất", "Bi quan"],
            ],
        ),
        Column::new(
            "likely",
            Kind::Money,
            [
                &["Likely", "Most Likely", "Expected"],
                &["น่าจะเป็น", "คาดการณ์", "กรณีปกติ"],
                &["Khả dĩ", "Có khả năng nhất", "Kỳ vọng"],
            ],
        ),
        Column::new(
            "high",
            Kind::Money,
            [
                &["High", "Optimistic", "Maximum"],
                &["สูง", "สูงสุด", "กรณีดี"],
                &["Cao", "Cao nhất", "Lạc quan"],
            ],
        ),
        Column::new(
            "component",
            Kind::Whole,
            [
                &["Component", "Cost Component"],
                &["องค์ประกอบ", "องค์ประกอบต้นทุน"],
                &["Thành phần", "Thành phần chi phí"],
            ],
        ),
        Column::new(
            "benefit",
            Kind::Whole,
            [
                &["Benefit", "Benefit No"],
                &["ผลประโยชน์", "ข้อผลประโยชน์"],
                &["Lợi ích", "Số lợi ích"],
            ],
        ),
        Column::new(
            "option",
            Kind::Choice(&[
                Choice {
                    value: "build",
                    spoken: &["in-house", "พัฒนาเอง", "tự xây dựng", "tự làm"],
                },
                Choice {
                    value: "buy",
                    spoken: &["purchase", "ซื้อ", "mua"],
                },
                Choice {
                    value: "outsource",
                    spoken: &["outsourced", "จ้าง", "จ้างภายนอก", "thuê ngoài"],
                },
            ]),
            [
                &["Option", "Sourcing"],
                &["ทางเลือก", "วิธีจัดหา"],
                &["Phương án", "Lựa chọn"],
            ],
        ),
        Column::new(
            "phase",
            Kind::Text,
            [&["Phase", "Stage"], &["ระยะ", "เฟส"], &["Giai đoạn", "Pha"]],
        ),
        Column::new(
            "month",
            Kind::Whole,
            [
                &["Month", "Month No"],
                &["เดือน", "เดือนที่"],
                &["Tháng", "Tháng thứ"],
            ],
        ),
        Column::new(
            "recurring",
            Kind::Text,
            [
                &["Recurring", "Every", "Frequency"],
                &["เกิดซ้ำ", "ความถี่"],
                &["Định kỳ", "Tần suất"],
            ],
        ),
        Column::new(
            "realised_amount",
            Kind::Money,
            [
                &[
                    "Realised Amount",
                    "Realized Amount",
                    "Actual Amount",
                    "Actual",
                ],
                &["ยอดที่เกิดจริง", "จำนวนเงินจริง"],
                &["Số tiền thực tế", "Thực tế"],
            ],
        ),
    ],
    one_of: &[&[&["amount"], &["low", "likely", "high"]]],
    identity: Identity::None,
    dated: None,
};
