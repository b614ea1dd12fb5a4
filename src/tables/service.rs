//! How customers are served: surveys, complaints and visits, agreements, partners.

use super::customers::PERIOD;
use super::{Choice, Column, Identity, Kind, TableSpec};

const CUSTOMER: [&[&str]; 3] = [
    &["Customer ID", "Customer No", "Customer Code", "Member ID"],
    &["รหัสลูกค้า", "รหัสสมาชิก", "เลขที่ลูกค้า"],
    &["Mã khách hàng", "Mã KH", "Mã khách"],
];

/// Answers to surveys, a row each.
pub(super) static SURVEYS: TableSpec = TableSpec {
    name: "surveys",
    columns: &[
        Column::new(
            "date",
            Kind::Date,
            [
                &["Date", "Survey Date", "Answered on", "Response Date"],
                &["วันที่", "วันที่ตอบ", "วันที่สำรวจ"],
                &["Ngày", "Ngày khảo sát", "Ngày trả lời"],
            ],
        )
        .required(),
        Column::new(
            "instrument",
            Kind::Choice(&[
                Choice {
                    value: "csat",
                    spoken: &[
                        "satisfaction",
                        "customer satisfaction",
                        "ความพึงพอใจ",
                        "sự hài lòng",
                        "hài lòng",
                    ],
                },
                Choice {
                    value: "nps",
                    spoken: &[
                        "net promoter",
                        "net promoter score",
                        "recommendation",
                        "การแนะนำต่อ",
                        "chỉ số giới thiệu",
                    ],
                },
                Choice {
                    value: "brand_awareness",
                    spoken: &["awareness", "การรับรู้แบรนด์", "nhận biết thương hiệu"],
                },
                Choice {
                    value: "brand_preference",
                    spoken: &["preference", "ความชอบแบรนด์", "ưa thích thương hiệu"],
                },
                Choice {
                    value: "feedback",
                    spoken: &["comment", "ข้อเสนอแนะ", "phản hồi", "góp ý"],
                },
                Choice {
                    value: "culture",
                    spoken: &["customer culture", "วัฒนธรรม", "วัฒนธรรมองค์กร", "văn hóa"],
                },
            ]),
            [
                &["Instrument", "Survey", "Survey Type", "Questionnaire"],
                &["แบบสำรวจ", "ประเภทแบบสำรวจ"],
                &["Khảo sát", "Loại khảo sát", "Bảng hỏi"],
            ],
        )
        .required(),
        Column::new(
            "score",
            Kind::Number,
            [
                &["Score", "Rating", "Answer"],
                &["คะแนน", "ผลประเมิน"],
                &["Điểm", "Điểm số", "Đánh giá"],
            ],
        )
        .required(),
        Column::new("customer_id", Kind::Id, CUSTOMER),
        Column::new(
            "scale_low",
            Kind::Number,
            [
                &["Scale Low", "Scale Minimum", "Lowest"],
                &["คะแนนต่ำสุด", "ค่าต่ำสุด"],
                &["Điểm thấp nhất", "Thang điểm thấp nhất"],
            ],
        ),
        Column::new(
            "scale_high",
            Kind::Number,
            [
                &["Scale High", "Scale Maximum", "Highest", "Out of"],
                &["คะแนนสูงสุด", "คะแนนเต็ม", "ค่าสูงสุด"],
                &["Điểm cao nhất", "Thang điểm", "Điểm tối đa"],
            ],
        ),
        Column::new(
            "brand_rank",
            Kind::Number,
            [
                &["Brand Rank", "Our Rank", "Rank Among Brands"],
                &["อันดับของเรา", "อันดับแบรนด์"],
                &["Hạng của chúng ta", "Thứ hạng thương hiệu"],
            ],
        ),
        Column::new(
            "brands",
            Kind::Number,
            [
                &["Brands Used", "Number of Brands", "Brands"],
                &["จำนวนแบรนด์ที่ใช้", "จำนวนแบรนด์"],
                &["Số thương hiệu", "Số thương hiệu đang dùng"],
            ],
        ),
    ],
    one_of: &[],
    identity: Identity::None,
    dated: Some("date"),
};

/// Complaints, questions, visits and trainings.
pub(super) static INTERACTIONS: TableSpec = TableSpec {
    name: "interactions",
    columns: &[
        Column::new("customer_id", Kind::Id, CUSTOMER).required(),
        Column::new(
            "opened_at",
            Kind::Time,
            [
                &[
                    "Opened at",
                    "Opened",
                    "Opened on",
                    "Created At",
                    "Start Time",
                    "Date Opened",
                ],
                &["วันที่เปิด", "วันที่เปิดเรื่อง", "เวลาเปิด", "วันที่แจ้ง", "วันที่รับเรื่อง"],
                &[
                    "Thời gian mở",
                    "Ngày mở",
                    "Ngày tiếp nhận",
                    "Thời gian tiếp nhận",
                ],
            ],
        )
        .required(),
        Column::new(
            "channel",
            Kind::Text,
            [
                &["Channel", "Contact Channel"],
                &["ช่องทาง", "ช่องทางติดต่อ"],
                &["Kênh", "Kênh liên hệ"],
            ],
        ),
        Column::new(
            "kind",
            Kind::Choice(&[
                Choice {
                    value: "complaint",
                    spoken: &["complaints", "ร้องเรียน", "ข้อร้องเรียน", "khiếu nại"],
                },
                Choice {
                    value: "help",
                    spoken: &[
                        "question",
                        "request",
                        "support",
                        "enquiry",
                        "inquiry",
                        "สอบถาม",
                        "ขอความช่วยเหลือ",
                        "hỗ trợ",
                        "yêu cầu",
                        "hỏi đáp",
                    ],
                },
                Choice {
                    value: "visit",
                    spoken: &["meeting", "เยี่ยม", "เข้าพบ", "thăm", "gặp mặt"],
                },
                Choice {
                    value: "training",
                    spoken: &["อบรม", "ฝึกอบรม", "đào tạo"],
                },
            ]),
            [
                &["Kind", "Type", "Interaction Type", "Case Type"],
                &["ประเภท", "ประเภทเรื่อง", "ชนิด"],
                &["Loại", "Loại yêu cầu", "Loại tương tác"],
            ],
        ),
        Column::new(
            "closed_at",
            Kind::Time,
            [
                &[
                    "Closed at",
                    "Closed",
                    "Closed on",
                    "Resolved at",
                    "Resolved on",
                ],
                &["วันที่ปิด", "วันที่ปิดเรื่อง", "เวลาปิด", "วันที่แก้ไขเสร็จ"],
                &["Thời gian đóng", "Ngày đóng", "Ngày xử lý xong"],
            ],
        ),
        Column::new(
            "target_hours",
            Kind::Number,
            [
                &["Target Hours", "SLA Hours", "SLA"],
                &["ชั่วโมงเป้าหมาย", "เป้าหมายชั่วโมง"],
                &["Số giờ mục tiêu", "Giờ cam kết"],
            ],
        ),
        Column::new(
            "hours",
            Kind::Number,
            [
                &["Hours", "Hours Spent", "Duration Hours"],
                &["ชั่วโมง", "จำนวนชั่วโมง", "ชั่วโมงที่ใช้"],
                &["Số giờ", "Giờ", "Thời lượng giờ"],
            ],
        ),
        Column::new(
            "cost",
            Kind::Money,
            [
                &["Cost", "Handling Cost"],
                &["ค่าใช้จ่าย", "ต้นทุน"],
                &["Chi phí", "Chi phí xử lý"],
            ],
        ),
    ],
    one_of: &[],
    identity: Identity::None,
    dated: Some("opened_at"),
};

/// Agreements with customers.
pub(super) static AGREEMENTS: TableSpec = TableSpec {
    name: "agreements",
    columns: &[
        Column::new(
            "agreement_id",
            Kind::Id,
            [
                &["Agreement ID", "Agreement No", "Contract ID", "Contract No"],
                &["รหัสสัญญา", "เลขที่สัญญา", "รหัสข้อตกลง"],
                &["Mã hợp đồng", "Số hợp đồng", "Mã thỏa thuận"],
            ],
        )
        .required(),
        Column::new("customer_id", Kind::Id, CUSTOMER).required(),
        Column::new(
            "starts",
            Kind::Date,
            [
                &["Starts", "Start Date", "Start", "Valid from"],
                &["วันที่เริ่ม", "วันเริ่มสัญญา", "เริ่ม"],
                &["Ngày bắt đầu", "Ngày hiệu lực", "Từ ngày"],
            ],
        ),
        Column::new(
            "ends",
            Kind::Date,
            [
                &["Ends", "End Date", "End", "Valid to", "Expiry Date"],
                &["วันที่สิ้นสุด", "วันสิ้นสุดสัญญา", "สิ้นสุด"],
                &["Ngày kết thúc", "Ngày hết hạn", "Đến ngày"],
            ],
        ),
        Column::new(
            "joint",
            Kind::Flag,
            [
                &["Joint", "Joint Agreement", "Joint Plan"],
                &["ร่วมกัน", "ข้อตกลงร่วม"],
                &["Hợp tác chung", "Thỏa thuận chung"],
            ],
        ),
        Column::new(
            "gain_share_amount",
            Kind::Money,
            [
                &["Gain Share Amount", "Gain Share", "Shared Gain"],
                &["ส่วนแบ่งผลประโยชน์", "มูลค่าส่วนแบ่งผลประโยชน์"],
                &["Phần lợi ích chia sẻ", "Số tiền chia sẻ lợi ích"],
            ],
        ),
    ],
    one_of: &[],
    identity: Identity::Key(&["agreement_id"]),
    dated: None,
};

/// Partners and how they are rated.
pub(super) static PARTNERS: TableSpec = TableSpec {
    name: "partners",
    columns: &[
        Column::new(
            "partner_id",
            Kind::Id,
            [
                &["Partner ID", "Partner Code", "Partner"],
                &["รหัสพันธมิตร", "พันธมิตร", "รหัสคู่ค้า"],
                &["Mã đối tác", "Đối tác"],
            ],
        )
        .required(),
        Column::new(
            "rating",
            Kind::Number,
            [
                &["Rating", "Score"],
                &["คะแนน", "คะแนนประเมิน"],
                &["Đánh giá", "Điểm", "Điểm đánh giá"],
            ],
        )
        .required(),
        Column::new("period", Kind::Period, PERIOD),
        Column::new(
            "revenue",
            Kind::Money,
            [
                &["Revenue", "Sales", "Partner Revenue"],
                &["รายได้", "ยอดขาย"],
                &["Doanh thu", "Doanh số"],
            ],
        ),
    ],
    one_of: &[],
    identity: Identity::Key(&["partner_id", "period"]),
    dated: None,
};
