//! Winning and keeping customers: leads, campaigns, referrals and what is spent on retention.

use super::customers::PERIOD;
use super::{Choice, Column, Identity, Kind, TableSpec};

const CUSTOMER: [&[&str]; 3] = [
    &["Customer ID", "Customer No", "Customer Code", "Member ID"],
    &["รหัสลูกค้า", "รหัสสมาชิก", "เลขที่ลูกค้า"],
    &["Mã khách hàng", "Mã KH", "Mã khách"],
];

const COST: [&[&str]; 3] = [
    &["Cost", "Spend", "Expense"],
    &["ค่าใช้จ่าย", "ต้นทุน"],
    &["Chi phí", "Kinh phí"],
];

/// Who brought whom.
pub(super) static REFERRALS: TableSpec = TableSpec {
    name: "referrals",
    columns: &[
        Column::new(
            "referrer_id",
            Kind::Id,
            [
                &["Referrer ID", "Referrer", "Referred by"],
                &["รหัสผู้แนะนำ", "ผู้แนะนำ", "แนะนำโดย"],
                &["Mã người giới thiệu", "Người giới thiệu"],
            ],
        )
        .required(),
        Column::new(
            "referred_id",
            Kind::Id,
            [
                &["Referred ID", "Referred", "Referred Customer", "Referee"],
                &["รหัสผู้ถูกแนะนำ", "ผู้ถูกแนะนำ", "ลูกค้าที่แนะนำ"],
                &["Mã người được giới thiệu", "Người được giới thiệu"],
            ],
        )
        .required(),
        Column::new(
            "date",
            Kind::Date,
            [
                &["Date", "Referral Date", "Referred on"],
                &["วันที่", "วันที่แนะนำ"],
                &["Ngày", "Ngày giới thiệu"],
            ],
        ),
    ],
    one_of: &[],
    identity: Identity::Key(&["referrer_id", "referred_id"]),
    dated: Some("date"),
};

/// People who might become customers.
pub(super) static LEADS: TableSpec = TableSpec {
    name: "leads",
    columns: &[
        Column::new(
            "lead_id",
            Kind::Id,
            [
                &["Lead ID", "Lead No", "Prospect ID"],
                &["รหัสลีด", "รหัสลูกค้าเป้าหมาย", "รหัสผู้สนใจ"],
                &["Mã khách tiềm năng", "Mã KH tiềm năng", "Mã lead"],
            ],
        )
        .required(),
        Column::new(
            "created_on",
            Kind::Date,
            [
                &["Created on", "Created At", "Lead Date", "Date", "Created"],
                &["วันที่สร้าง", "วันที่ได้ลีด", "วันที่", "วันที่บันทึก"],
                &["Ngày tạo", "Ngày", "Ngày ghi nhận"],
            ],
        )
        .required(),
        Column::new(
            "converted_on",
            Kind::Date,
            [
                &["Converted on", "Conversion Date", "Won on", "Converted"],
                &["วันที่เป็นลูกค้า", "วันที่ปิดการขาย", "วันที่แปลง"],
                &["Ngày chuyển đổi", "Ngày thành khách hàng"],
            ],
        ),
        Column::new("customer_id", Kind::Id, CUSTOMER),
        Column::new(
            "source",
            Kind::Text,
            [
                &["Source", "Lead Source"],
                &["ที่มา", "แหล่งที่มา", "แหล่งที่มาของลูกค้าเป้าหมาย"],
                &["Nguồn", "Nguồn gốc khách tiềm năng", "Nguồn khách"],
            ],
        ),
        Column::new("cost", Kind::Money, COST),
    ],
    one_of: &[],
    identity: Identity::Key(&["lead_id"]),
    dated: Some("created_on"),
};

/// Campaigns, a row each.
pub(super) static CAMPAIGNS: TableSpec = TableSpec {
    name: "campaigns",
    columns: &[
        Column::new(
            "campaign_id",
            Kind::Id,
            [
                &["Campaign ID", "Campaign Code", "Campaign No"],
                &["รหัสแคมเปญ", "เลขที่แคมเปญ"],
                &["Mã chiến dịch", "Mã chương trình"],
            ],
        )
        .required()
        .weak(&["Campaign", "แคมเปญ", "Chiến dịch"]),
        Column::new(
            "name",
            Kind::Text,
            [
                &["Name", "Campaign Name"],
                &["ชื่อแคมเปญ"],
                &["Tên chiến dịch", "Tên chương trình"],
            ],
        )
        .weak(&["ชื่อ", "Tên"]),
        Column::new(
            "starts",
            Kind::Date,
            [
                &["Starts", "Start Date", "Start", "From"],
                &["วันที่เริ่ม", "เริ่ม", "วันเริ่มต้น"],
                &["Ngày bắt đầu", "Bắt đầu", "Từ ngày"],
            ],
        ),
        Column::new(
            "ends",
            Kind::Date,
            [
                &["Ends", "End Date", "End", "To"],
                &["วันที่สิ้นสุด", "สิ้นสุด", "ถึงวันที่"],
                &["Ngày kết thúc", "Kết thúc", "Đến ngày"],
            ],
        ),
        Column::new(
            "channel",
            Kind::Text,
            [
                &["Channel", "Campaign Channel", "Medium"],
                &["ช่องทาง", "สื่อ"],
                &["Kênh", "Kênh truyền thông"],
            ],
        ),
        Column::new("cost", Kind::Money, COST).weak(&["Budget", "งบประมาณ", "Ngân sách"]),
        Column::new(
            "purpose",
            Kind::Choice(&[
                Choice {
                    value: "acquire",
                    spoken: &["acquisition", "หาลูกค้าใหม่", "thu hút", "tìm khách mới"],
                },
                Choice {
                    value: "retain",
                    spoken: &["retention", "รักษาลูกค้า", "giữ chân"],
                },
                Choice {
                    value: "grow",
                    spoken: &[
                        "growth",
                        "upsell",
                        "cross-sell",
                        "เพิ่มยอดขาย",
                        "phát triển",
                        "tăng trưởng",
                    ],
                },
            ]),
            [
                &["Purpose", "Objective", "Goal"],
                &["วัตถุประสงค์", "เป้าหมาย"],
                &["Mục đích", "Mục tiêu"],
            ],
        ),
    ],
    one_of: &[],
    identity: Identity::Key(&["campaign_id"]),
    dated: None,
};

/// Whom a campaign reached, and what they did.
pub(super) static CAMPAIGN_CONTACTS: TableSpec = TableSpec {
    name: "campaign_contacts",
    columns: &[
        Column::new(
            "campaign_id",
            Kind::Id,
            [
                &["Campaign ID", "Campaign Code", "Campaign No"],
                &["รหัสแคมเปญ", "เลขที่แคมเปญ"],
                &["Mã chiến dịch", "Mã chương trình"],
            ],
        )
        .required()
        .weak(&["Campaign", "แคมเปญ", "Chiến dịch"]),
        Column::new("customer_id", Kind::Id, CUSTOMER).required(),
        Column::new(
            "contacted_on",
            Kind::Date,
            [
                &["Contacted on", "Contact Date", "Sent on", "Date"],
                &["วันที่ติดต่อ", "วันที่ส่ง", "วันที่"],
                &["Ngày liên hệ", "Ngày gửi", "Ngày"],
            ],
        ),
        Column::new(
            "delivered",
            Kind::Flag,
            [
                &["Delivered", "Reached"],
                &["ส่งถึง", "ติดต่อได้"],
                &["Đã gửi được", "Đã nhận"],
            ],
        ),
        Column::new(
            "responded_on",
            Kind::Date,
            [
                &["Responded on", "Response Date", "Clicked on"],
                &["วันที่ตอบ", "วันที่ตอบรับ"],
                &["Ngày phản hồi", "Ngày trả lời"],
            ],
        ),
        Column::new(
            "converted_on",
            Kind::Date,
            [
                &["Converted on", "Conversion Date", "Purchased on"],
                &["วันที่ซื้อ", "วันที่ปิดการขาย"],
                &["Ngày chuyển đổi", "Ngày mua"],
            ],
        ),
        Column::new(
            "control",
            Kind::Flag,
            [
                &["Control", "Control Group", "Hold-out"],
                &["กลุ่มควบคุม"],
                &["Nhóm đối chứng", "Đối chứng"],
            ],
        ),
    ],
    one_of: &[],
    identity: Identity::None,
    dated: Some("contacted_on"),
};

/// What was spent on keeping customers.
pub(super) static RETENTION_SPEND: TableSpec = TableSpec {
    name: "retention_spend",
    columns: &[
        Column::new("period", Kind::Period, PERIOD).required(),
        Column::new(
            "amount",
            Kind::Money,
            [
                &[
                    "Amount",
                    "Spend",
                    "Cost",
                    "Retention Spend",
                    "Retention Cost",
                ],
                &["จำนวนเงิน", "ค่าใช้จ่าย", "ค่าใช้จ่ายรักษาลูกค้า"],
                &["Số tiền", "Chi phí", "Chi phí giữ chân"],
            ],
        )
        .required(),
        Column::new(
            "segment",
            Kind::Text,
            [
                &["Segment", "Customer Segment"],
                &["กลุ่มลูกค้า", "เซกเมนต์"],
                &["Phân khúc", "Nhóm khách hàng"],
            ],
        ),
        Column::new("customer_id", Kind::Id, CUSTOMER),
        Column::new(
            "activity",
            Kind::Text,
            [
                &["Activity", "Programme", "Program"],
                &["กิจกรรม", "โครงการ"],
                &["Hoạt động", "Chương trình"],
            ],
        ),
    ],
    one_of: &[],
    identity: Identity::None,
    dated: None,
};
