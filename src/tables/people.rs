//! Those who serve customers: employees, skills, goals and the use of what the firm knows.

use super::{Column, Identity, Kind, TableSpec};

const EMPLOYEE: [&[&str]; 3] = [
    &["Employee ID", "Employee No", "Staff ID", "Employee Code"],
    &["รหัสพนักงาน", "เลขที่พนักงาน"],
    &["Mã nhân viên", "Mã NV", "Mã số nhân viên"],
];
const EMPLOYEE_WEAK: &[&str] = &["Employee", "Staff", "พนักงาน", "Nhân viên"];

const JOB: [&[&str]; 3] = [
    &["Job", "Job Title", "Position"],
    &["ตำแหน่ง", "ตำแหน่งงาน", "งาน"],
    &["Chức vụ", "Vị trí", "Công việc"],
];

/// Employees, a row each.
pub(super) static EMPLOYEES: TableSpec = TableSpec {
    name: "employees",
    columns: &[
        Column::new("employee_id", Kind::Id, EMPLOYEE)
            .required()
            .weak(EMPLOYEE_WEAK),
        Column::new(
            "key_staff",
            Kind::Flag,
            [
                &["Key Staff", "Key Employee", "Key Person"],
                &["พนักงานหลัก", "บุคลากรสำคัญ"],
                &["Nhân sự chủ chốt", "Nhân viên chủ chốt"],
            ],
        ),
        Column::new(
            "started_on",
            Kind::Date,
            [
                &[
                    "Started on",
                    "Start Date",
                    "Hire Date",
                    "Hired on",
                    "Joined on",
                ],
                &["วันที่เริ่มงาน", "วันเริ่มงาน", "วันที่เข้าทำงาน"],
                &["Ngày vào làm", "Ngày bắt đầu", "Ngày nhận việc"],
            ],
        ),
        Column::new(
            "left_on",
            Kind::Date,
            [
                &["Left on", "End Date", "Leaving Date", "Termination Date"],
                &["วันที่ลาออก", "วันที่พ้นสภาพ"],
                &["Ngày nghỉ việc", "Ngày thôi việc"],
            ],
        ),
        Column::new("job", Kind::Text, JOB),
    ],
    one_of: &[],
    identity: Identity::Key(&["employee_id"]),
    dated: None,
};

/// Skills that a job needs or an employee has.
pub(super) static SKILLS: TableSpec = TableSpec {
    name: "skills",
    columns: &[
        Column::new("employee_id", Kind::Id, EMPLOYEE).weak(EMPLOYEE_WEAK),
        Column::new("job", Kind::Text, JOB),
        Column::new(
            "skill",
            Kind::Text,
            [
                &["Skill", "Competency", "Competence"],
                &["ทักษะ", "สมรรถนะ"],
                &["Kỹ năng", "Năng lực"],
            ],
        )
        .required(),
        Column::new(
            "required_level",
            Kind::Number,
            [
                &["Required Level", "Level Required", "Needed"],
                &["ระดับที่ต้องการ", "ระดับที่คาดหวัง"],
                &["Mức yêu cầu", "Cấp độ yêu cầu"],
            ],
        ),
        Column::new(
            "held_level",
            Kind::Number,
            [
                &["Held Level", "Actual Level", "Current Level", "Level"],
                &["ระดับที่มี", "ระดับปัจจุบัน"],
                &["Mức hiện có", "Cấp độ hiện tại"],
            ],
        ),
    ],
    one_of: &[&[&["employee_id"], &["job"]]],
    identity: Identity::None,
    dated: None,
};

/// Goals of employees and the KPI each serves.
pub(super) static GOALS: TableSpec = TableSpec {
    name: "goals",
    columns: &[
        Column::new("employee_id", Kind::Id, EMPLOYEE)
            .required()
            .weak(EMPLOYEE_WEAK),
        Column::new(
            "goal",
            Kind::Text,
            [
                &["Goal", "Personal Goal", "Objective"],
                &["เป้าหมาย", "เป้าหมายส่วนบุคคล"],
                &["Mục tiêu", "Mục tiêu cá nhân"],
            ],
        )
        .required(),
        Column::new(
            "linked_kpi",
            Kind::Id,
            [
                &["Linked KPI", "KPI", "KPI ID"],
                &["ตัวชี้วัดที่เชื่อมโยง", "ตัวชี้วัด"],
                &["KPI liên kết", "Chỉ số liên kết"],
            ],
        ),
    ],
    one_of: &[],
    identity: Identity::None,
    dated: None,
};

/// Visits to the knowledge base.
pub(super) static KM_VISITS: TableSpec = TableSpec {
    name: "km_visits",
    columns: &[
        Column::new(
            "date",
            Kind::Date,
            [
                &["Date", "Visit Date"],
                &["วันที่", "วันที่เข้าใช้"],
                &["Ngày", "Ngày truy cập"],
            ],
        )
        .required(),
        Column::new(
            "customer_id",
            Kind::Id,
            [
                &["Customer ID", "Customer No", "Customer Code", "Member ID"],
                &["รหัสลูกค้า", "รหัสสมาชิก"],
                &["Mã khách hàng", "Mã KH", "Mã khách"],
            ],
        ),
        Column::new(
            "visits",
            Kind::Whole,
            [
                &["Visits", "Knowledge Base Visits", "Page Views"],
                &["จำนวนการเข้าใช้", "จำนวนครั้งที่เข้าชม"],
                &["Lượt truy cập", "Số lượt truy cập"],
            ],
        ),
    ],
    one_of: &[],
    identity: Identity::None,
    dated: Some("date"),
};
