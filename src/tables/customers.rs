//! Who buys: customers, the people at them, their ids and what they spend elsewhere.

use super::{Choice, Column, Identity, Kind, TableSpec};

/// Customers, a row each.
pub(super) static CUSTOMERS: TableSpec = TableSpec {
    name: "customers",
    columns: &[
        Column::new(
            "customer_id",
            Kind::Id,
            [
                &[
                    "Customer ID",
                    "Cust ID",
                    "Customer No",
                    "Customer Number",
                    "Customer Code",
                    "Client ID",
                    "Member ID",
                    "Member No",
                    "Entity ID",
                    "Account No",
                ],
                &[
                    "รหัสลูกค้า",
                    "ID ของลูกค้า",
                    "รหัสสมาชิก",
                    "เลขที่สมาชิก",
                    "หมายเลขสมาชิก",
                    "หมายเลขลูกค้า",
                    "เลขที่ลูกค้า",
                    "รหัสลูกหนี้",
                    "รหัสลูกหนี้/เจ้าหนี้",
                    "รหัสผู้ซื้อ",
                ],
                &[
                    "Mã khách hàng",
                    "Mã KH",
                    "Mã khách",
                    "Mã số khách hàng",
                    "Mã đối tượng",
                    "Mã thành viên",
                    "Mã hội viên",
                ],
            ],
        )
        .required()
        .weak(&["ID", "Code", "Internal ID", "รหัส", "Mã"]),
        Column::new(
            "name",
            Kind::Text,
            [
                &[
                    "Name",
                    "Customer Name",
                    "Full Name",
                    "Company Name",
                    "Client Name",
                    "Member Name",
                ],
                &[
                    "ชื่อลูกค้า",
                    "ชื่อ - สกุล ลูกค้า",
                    "ชื่อ-นามสกุล",
                    "ชื่อ-สกุล",
                    "ชื่อบริษัท",
                    "ชื่อผู้ซื้อ",
                    "ชื่อสมาชิก",
                    "ชื่อลูกค้า/ผู้ขาย",
                ],
                &[
                    "Tên khách hàng",
                    "Tên KH",
                    "Tên khách",
                    "Họ và tên",
                    "Họ tên",
                    "Tên công ty",
                ],
            ],
        )
        .weak(&[
            "Customer",
            "Company",
            "Contact Name",
            "ชื่อ",
            "ชื่อร้าน",
            "ลูกค้า",
            "คู่ค้า",
            "Khách hàng",
            "Người mua",
            "Tên",
        ]),
        Column::new(
            "type",
            Kind::Choice(PERSON_OR_ORGANISATION),
            [
                &["Type", "Legal Form", "Person or Organisation"],
                &["บุคคลหรือนิติบุคคล", "ประเภทบุคคล", "รูปแบบลูกค้า"],
                &["Cá nhân hay tổ chức", "Loại hình", "Cá nhân/Tổ chức"],
            ],
        ),
        Column::new(
            "tax_id",
            Kind::Id,
            [
                &["Tax ID", "Tax Number", "VAT Number", "Taxpayer ID"],
                &["เลขประจำตัวผู้เสียภาษี", "เลขผู้เสียภาษี", "เลขที่ผู้เสียภาษี"],
                &["Mã số thuế", "MST"],
            ],
        ),
        Column::new("phone", Kind::Id, PHONE).weak(PHONE_WEAK),
        Column::new("email", Kind::Text, EMAIL).weak(EMAIL_WEAK),
        Column::new(
            "address",
            Kind::Text,
            [
                &[
                    "Address",
                    "Address 1",
                    "Billing Address",
                    "Street Address",
                    "Street",
                ],
                &["ที่อยู่", "ที่อยู่ลูกค้า", "ที่อยู่เรียกเก็บเงิน", "ที่อยู่ปัจจุบัน"],
                &[
                    "Địa chỉ",
                    "Địa chỉ 1",
                    "Địa chỉ khách hàng",
                    "Địa chỉ thanh toán",
                    "Địa chỉ chi tiết",
                ],
            ],
        )
        .weak(&[
            "Ship Address",
            "Addr1",
            "Default Address",
            "ที่อยู่จัดส่ง",
            "ที่อยู่ตามทะเบียนบ้าน",
            "บ้านเลขที่ หมู่ ซอย ถนน",
            "Địa chỉ giao hàng",
        ]),
        Column::new(
            "district",
            Kind::Text,
            [
                &["District", "County", "Amphoe"],
                &["อำเภอ", "อำเภอ/เขต", "เขต/อำเภอ", "เขต/อำเภอจัดส่ง", "เขต"],
                &["Quận", "Huyện", "Quận/Huyện", "Quận - huyện", "Phường Xã"],
            ],
        ),
        Column::new(
            "province",
            Kind::Text,
            [
                &["Province", "State", "City", "Customer State"],
                &["จังหวัด", "จังหวัดจัดส่ง"],
                &[
                    "Tỉnh",
                    "Tỉnh/TP",
                    "Tỉnh/Thành phố",
                    "Tỉnh thành",
                    "Thành phố",
                ],
            ],
        )
        .weak(&[
            "Region",
            "Customer City",
            "Ship City",
            "เมือง",
            "ภาค",
            "Khu vực",
        ]),
        Column::new(
            "birth_date",
            Kind::Date,
            [
                &["Birth Date", "Date of Birth", "Birthday", "DOB"],
                &["วันเกิด", "วันเดือนปีเกิด", "วัน/เดือน/ปีเกิด"],
                &["Ngày sinh", "Sinh nhật"],
            ],
        ),
        Column::new(
            "sex",
            Kind::Text,
            [&["Sex", "Gender"], &["เพศ"], &["Giới tính"]],
        ),
        Column::new(
            "language",
            Kind::Text,
            [
                &["Language", "Preferred Language"],
                &["ภาษา", "ภาษาที่ใช้"],
                &["Ngôn ngữ"],
            ],
        ),
        Column::new(
            "segment_hint",
            Kind::Text,
            [
                &[
                    "Segment Hint",
                    "Segment",
                    "Customer Segment",
                    "Customer Type",
                    "Customer Group",
                    "Industry",
                ],
                &["กลุ่มลูกค้า", "ประเภทลูกค้า", "เซกเมนต์"],
                &[
                    "Nhóm khách hàng",
                    "Loại khách hàng",
                    "Phân khúc",
                    "Phân khúc khách hàng",
                    "Phân nhóm",
                ],
            ],
        )
        .weak(&["Tag Name", "ประเภท", "กลุ่มราคา", "Nhóm"]),
        Column::new(
            "tier",
            Kind::Text,
            [
                &["Tier", "Level", "Membership Level", "Loyalty Tier", "Rank"],
                &["ระดับลูกค้า", "ระดับสมาชิก", "ระดับ", "เกรด"],
                &["Hạng", "Hạng khách hàng", "Hạng thành viên", "Xếp hạng"],
            ],
        ),
        Column::new(
            "strategic",
            Kind::Flag,
            [
                &["Strategic", "Strategic Customer", "Key Account"],
                &["ลูกค้าเชิงกลยุทธ์", "ลูกค้าสำคัญ"],
                &["Khách hàng chiến lược", "Chiến lược"],
            ],
        ),
        Column::new(
            "sole_source",
            Kind::Flag,
            [
                &["Sole Source", "Sole Supplier", "Single Source"],
                &["ซื้อจากเราเจ้าเดียว", "ผู้ขายรายเดียว"],
                &["Nguồn cung duy nhất", "Nhà cung cấp duy nhất"],
            ],
        ),
        Column::new(
            "acquisition_source",
            Kind::Text,
            [
                &[
                    "Acquisition Source",
                    "Source",
                    "Lead Source",
                    "Customer Source",
                ],
                &["ที่มาของลูกค้า", "แหล่งที่มา", "ที่มา", "ช่องทางที่รู้จัก"],
                &[
                    "Nguồn khách hàng",
                    "Nguồn",
                    "Nguồn gốc khách hàng",
                    "Nguồn giới thiệu",
                ],
            ],
        ),
        Column::new(
            "acquired_on",
            Kind::Date,
            [
                &[
                    "Acquired on",
                    "Acquisition Date",
                    "Customer Since",
                    "Joined",
                    "Join Date",
                    "Registered on",
                    "Registration Date",
                ],
                &["วันที่เป็นลูกค้า", "วันที่สมัคร", "วันที่สมัครสมาชิก", "เป็นลูกค้าตั้งแต่"],
                &[
                    "Ngày thành khách hàng",
                    "Ngày đăng ký",
                    "Ngày gia nhập",
                    "Khách hàng từ",
                ],
            ],
        )
        .weak(&["Created At", "วันที่สร้าง", "Ngày tạo"]),
        Column::new(
            "referred_by",
            Kind::Id,
            [
                &["Referred by", "Referrer", "Referrer ID"],
                &["แนะนำโดย", "ผู้แนะนำ", "รหัสผู้แนะนำ"],
                &[
                    "Người giới thiệu",
                    "Được giới thiệu bởi",
                    "Mã người giới thiệu",
                ],
            ],
        ),
        Column::new(
            "branch",
            Kind::Text,
            [
                &["Branch", "Store", "Home Store", "Home Branch"],
                &["สาขา", "สาขาที่สมัคร"],
                &["Chi nhánh", "Cửa hàng"],
            ],
        ),
        Column::new(
            "channel",
            Kind::Text,
            [
                &["Channel", "Sales Channel"],
                &["ช่องทาง", "ช่องทางการขาย"],
                &["Kênh", "Kênh bán", "Kênh bán hàng"],
            ],
        ),
        Column::new(
            "preferred_channel",
            Kind::Text,
            [
                &["Preferred Channel", "Contact Channel", "Preferred Contact"],
                &["ช่องทางที่ต้องการ", "ช่องทางติดต่อที่สะดวก", "ช่องทางติดต่อ"],
                &["Kênh ưa thích", "Kênh liên hệ", "Kênh liên lạc"],
            ],
        ),
        Column::new(
            "consent",
            Kind::Flag,
            [
                &["Consent", "Marketing Consent", "Opt-in"],
                &["ยินยอม", "ความยินยอม", "ยินยอมรับข่าวสาร"],
                &["Đồng ý", "Đồng ý nhận tin"],
            ],
        ),
        Column::new(
            "household_id",
            Kind::Id,
            [
                &["Household ID", "Household", "Family ID"],
                &["รหัสครัวเรือน", "ครัวเรือน"],
                &["Mã hộ gia đình", "Hộ gia đình"],
            ],
        ),
        Column::new(
            "credit_days",
            Kind::Whole,
            [
                &[
                    "Credit Days",
                    "Credit Term",
                    "Payment Terms",
                    "Payment Terms Days",
                ],
                &["เครดิต", "วันเครดิต", "ระยะเวลาเครดิต", "จำนวนวันเครดิต"],
                &[
                    "Số ngày nợ",
                    "Hạn nợ",
                    "Số ngày được nợ",
                    "Thời hạn công nợ",
                ],
            ],
        ),
    ],
    one_of: &[],
    identity: Identity::Key(&["customer_id"]),
    dated: None,
};

const PERSON_OR_ORGANISATION: &[Choice] = &[
    Choice {
        value: "person",
        spoken: &[
            "individual",
            "consumer",
            "private",
            "b2c",
            "บุคคล",
            "บุคคลธรรมดา",
            "cá nhân",
            "khách lẻ",
        ],
    },
    Choice {
        value: "organisation",
        spoken: &[
            "organization",
            "company",
            "business",
            "corporate",
            "b2b",
            "นิติบุคคล",
            "บริษัท",
            "องค์กร",
            "tổ chức",
            "công ty",
            "doanh nghiệp",
        ],
    },
];

const PHONE: [&[&str]; 3] = [
    &[
        "Phone",
        "Phone Number",
        "Mobile",
        "Mobile Number",
        "Tel",
        "Telephone",
        "Contact Number",
    ],
    &[
        "เบอร์โทร",
        "เบอร์โทรศัพท์",
        "หมายเลขโทรศัพท์",
        "โทรศัพท์",
        "เบอร์โทรฯ",
        "เบอร์โทรลูกค้า",
        "มือถือ",
        "เบอร์มือถือ",
        "โทรศัพท์มือถือ",
    ],
    &[
        "Số điện thoại",
        "SĐT",
        "SĐT khách",
        "Điện thoại",
        "Di động",
        "Số ĐT",
    ],
];
const PHONE_WEAK: &[&str] = &["Alt Phone"];

const EMAIL: [&[&str]; 3] = [
    &[
        "Email",
        "E-mail",
        "Email Address",
        "Email ID",
        "Customer Email",
    ],
    &["อีเมล", "อีเมล์", "อีเมลล์", "อีเมลลูกค้า", "ที่อยู่อีเมล"],
    &[
        "Email",
        "Thư điện tử",
        "Địa chỉ email",
        "Email khách hàng",
        "Email liên hệ",
    ],
];
const EMAIL_WEAK: &[&str] = &["Personal Email", "Company Email", "อีเมล / ID Line"];

/// People at customers that are organisations.
pub(super) static CONTACTS: TableSpec = TableSpec {
    name: "contacts",
    columns: &[
        Column::new(
            "contact_id",
            Kind::Id,
            [
                &["Contact ID", "Contact No", "Contact Code"],
                &["รหัสผู้ติดต่อ", "เลขที่ผู้ติดต่อ"],
                &["Mã liên hệ", "Mã người liên hệ"],
            ],
        )
        .required(),
        Column::new(
            "customer_id",
            Kind::Id,
            [
                &[
                    "Customer ID",
                    "Customer No",
                    "Customer Code",
                    "Account ID",
                    "Account No",
                    "Company ID",
                ],
                &["รหัสลูกค้า", "เลขที่ลูกค้า", "รหัสบริษัท"],
                &["Mã khách hàng", "Mã KH", "Mã khách", "Mã công ty"],
            ],
        )
        .required(),
        Column::new(
            "name",
            Kind::Text,
            [
                &["Name", "Contact Name", "Full Name", "Contact"],
                &["ชื่อผู้ติดต่อ", "ผู้ติดต่อ", "ชื่อ-นามสกุล", "ชื่อ-สกุล"],
                &["Tên liên hệ", "Người liên hệ", "Họ và tên", "Họ tên"],
            ],
        )
        .weak(&["ชื่อ", "Tên"]),
        Column::new(
            "role",
            Kind::Text,
            [
                &["Role", "Position", "Job Title", "Title"],
                &["ตำแหน่ง", "บทบาท"],
                &["Chức vụ", "Vai trò", "Chức danh"],
            ],
        ),
        Column::new("phone", Kind::Id, PHONE).weak(PHONE_WEAK),
        Column::new("email", Kind::Text, EMAIL).weak(EMAIL_WEAK),
    ],
    one_of: &[],
    identity: Identity::Key(&["contact_id"]),
    dated: None,
};

/// Which ids are the same customer, household or account.
pub(super) static ID_MAP: TableSpec = TableSpec {
    name: "id_map",
    columns: &[
        Column::new(
            "from_id",
            Kind::Id,
            [
                &["From ID", "Old ID", "Duplicate ID"],
                &["รหัสเดิม", "จากรหัส", "รหัสซ้ำ"],
                &["Mã cũ", "Từ mã", "Mã trùng"],
            ],
        )
        .required(),
        Column::new(
            "to_id",
            Kind::Id,
            [
                &["To ID", "New ID", "Master ID"],
                &["รหัสใหม่", "เป็นรหัส", "รหัสหลัก"],
                &["Mã mới", "Sang mã", "Mã chính"],
            ],
        )
        .required(),
        Column::new(
            "kind",
            Kind::Choice(&[
                Choice {
                    value: "same",
                    spoken: &[
                        "same person",
                        "duplicate",
                        "คนเดียวกัน",
                        "ซ้ำ",
                        "cùng người",
                        "trùng",
                    ],
                },
                Choice {
                    value: "household",
                    spoken: &["family", "ครัวเรือน", "ครอบครัว", "hộ gia đình", "gia đình"],
                },
                Choice {
                    value: "account",
                    spoken: &["company", "บัญชี", "บริษัท", "tài khoản", "công ty"],
                },
            ]),
            [
                &["Kind", "Relation", "Relationship"],
                &["ชนิด", "ความสัมพันธ์"],
                &["Loại", "Quan hệ"],
            ],
        ),
        Column::new(
            "confirmed",
            Kind::Flag,
            [
                &["Confirmed", "Approved"],
                &["ยืนยัน", "ยืนยันแล้ว"],
                &["Xác nhận", "Đã xác nhận"],
            ],
        ),
    ],
    one_of: &[],
    // Whether two answers contradict each other is not for this table alone to say.
    identity: Identity::Key(&["from_id", "to_id", "kind", "confirmed"]),
    dated: None,
};

/// What customers spend in our categories, with us or in all.
pub(super) static WALLET: TableSpec = TableSpec {
    name: "wallet",
    columns: &[
        Column::new(
            "customer_id",
            Kind::Id,
            [
                &["Customer ID", "Customer No", "Customer Code", "Member ID"],
                &["รหัสลูกค้า", "รหัสสมาชิก", "เลขที่ลูกค้า"],
                &["Mã khách hàng", "Mã KH", "Mã khách"],
            ],
        )
        .required(),
        Column::new(
            "amount",
            Kind::Money,
            [
                &["Amount", "Wallet", "Wallet Size", "Total Spend", "Spend"],
                &["ยอดใช้จ่าย", "มูลค่ากระเป๋า", "ค่าใช้จ่ายทั้งหมด", "จำนวนเงิน"],
                &["Chi tiêu", "Tổng chi tiêu", "Số tiền", "Ví chi tiêu"],
            ],
        )
        .required(),
        Column::new(
            "category",
            Kind::Text,
            [
                &["Category", "Product Category"],
                &["หมวดหมู่", "หมวดสินค้า"],
                &["Danh mục", "Nhóm hàng", "Ngành hàng"],
            ],
        ),
        Column::new("period", Kind::Period, PERIOD),
        Column::new(
            "measures",
            Kind::Choice(&[
                Choice {
                    value: "total",
                    spoken: &["all", "ทั้งหมด", "รวม", "tổng", "tổng cộng"],
                },
                Choice {
                    value: "competitors",
                    spoken: &["others", "competitor", "คู่แข่ง", "đối thủ"],
                },
            ]),
            [
                &["Measures", "Spend Measures", "Scope"],
                &["ขอบเขต", "วัดอะไร"],
                &["Phạm vi", "Đo lường"],
            ],
        ),
        Column::new(
            "method",
            Kind::Text,
            [
                &["Method", "How Known", "Estimate Method"],
                &["วิธี", "วิธีประเมิน"],
                &["Phương pháp", "Cách ước tính"],
            ],
        ),
    ],
    one_of: &[],
    // One wallet may be known in several ways.
    identity: Identity::Key(&["customer_id", "category", "period", "measures", "method"]),
    dated: None,
};

/// Headers of a fiscal period, the same wherever a table has one.
pub(super) const PERIOD: [&[&str]; 3] = [
    &["Period", "Quarter", "Fiscal Period", "Reporting Period"],
    &["งวด", "ไตรมาส", "ช่วงเวลา", "รอบบัญชี"],
    &["Kỳ", "Quý", "Kỳ báo cáo", "Giai đoạn"],
];
