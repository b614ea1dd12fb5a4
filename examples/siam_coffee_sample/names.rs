//! What people, places and products are called. Nobody here exists.

pub(crate) const MEN: [&str; 24] = [
    "สมชาย",
    "ประเสริฐ",
    "ณัฐพงศ์",
    "ชัยวัฒน์",
    "ธนกร",
    "กิตติ",
    "วีระ",
    "อนุชา",
    "พีรพล",
    "สุรชัย",
    "ธีรภัทร",
    "ปกรณ์",
    "ศุภชัย",
    "วรวุฒิ",
    "อภิชาติ",
    "เกรียงไกร",
    "ภูมิ",
    "นที",
    "จักรพันธ์",
    "รัฐพล",
    "สมพงษ์",
    "มานะ",
    "ดนัย",
    "พงศกร",
];

pub(crate) const WOMEN: [&str; 24] = [
    "สมหญิง",
    "กนกวรรณ",
    "พิมพ์ชนก",
    "ลลิตา",
    "วิภา",
    "อรทัย",
    "สุนิสา",
    "ปิยะดา",
    "มณีรัตน์",
    "ชลธิชา",
    "ณัฐธิดา",
    "กมลชนก",
    "รัตนา",
    "วราภรณ์",
    "สิริพร",
    "อัญชลี",
    "เบญจมาศ",
    "นภัสสร",
    "พรทิพย์",
    "จิราภรณ์",
    "ธัญญา",
    "สุดารัตน์",
    "ขวัญใจ",
    "ดวงกมล",
];

pub(crate) const FAMILIES: [&str; 28] = [
    "ใจดี",
    "ศรีสุข",
    "แสงทอง",
    "วงศ์สว่าง",
    "บุญเรือง",
    "รัตนพันธ์",
    "เจริญผล",
    "แก้วมณี",
    "ทองดี",
    "สุขเกษม",
    "พงษ์พานิช",
    "ชูเกียรติ",
    "อินทร์แก้ว",
    "จันทร์เพ็ญ",
    "มีทรัพย์",
    "คงมั่น",
    "สายชล",
    "ธนารักษ์",
    "พูนผล",
    "ดีประเสริฐ",
    "วัฒนชัย",
    "ศิริมงคล",
    "เรืองรอง",
    "บุญมี",
    "นาคสุข",
    "ชัยมงคล",
    "ปานทอง",
    "เพชรรุ่ง",
];

pub(crate) const ACCOUNTS: [(&str, &str); 12] = [
    ("โรงแรม", "ริเวอร์วิว"),
    ("โรงแรม", "ดอยคำแลนด์"),
    ("โรงพยาบาล", "สุขใจรักษ์"),
    ("บริษัท", "อันดามันซอฟต์แวร์"),
    ("บริษัท", "พาณิชย์รุ่งเรือง"),
    ("มหาวิทยาลัย", "ล้านนาวิทย์"),
    ("ร้านอาหาร", "ครัวคุณยาย"),
    ("ร้านอาหาร", "บ้านสวนริมน้ำ"),
    ("สำนักงาน", "บัญชีธรรมดี"),
    ("โคเวิร์กกิง", "ฮับสามย่าน"),
    ("รีสอร์ต", "หาดทรายแก้ว"),
    ("โรงงาน", "อีสานอาหารสำเร็จ"),
];

/// A shop: its name, where it is, and its share of customers.
pub(crate) struct Branch {
    pub(crate) name: &'static str,
    pub(crate) province: &'static str,
    pub(crate) district: &'static str,
    pub(crate) weight: f64,
}

pub(crate) const BRANCHES: [Branch; 6] = [
    branch("สีลม", "กรุงเทพมหานคร", "บางรัก", 26.0),
    branch("อารีย์", "กรุงเทพมหานคร", "พญาไท", 22.0),
    branch("ทองหล่อ", "กรุงเทพมหานคร", "วัฒนา", 18.0),
    branch("เชียงใหม่", "เชียงใหม่", "เมืองเชียงใหม่", 18.0),
    branch("ขอนแก่น", "ขอนแก่น", "เมืองขอนแก่น", 8.0),
    branch("ภูเก็ต", "ภูเก็ต", "เมืองภูเก็ต", 8.0),
];

const fn branch(
    name: &'static str,
    province: &'static str,
    district: &'static str,
    weight: f64,
) -> Branch {
    Branch {
        name,
        province,
        district,
        weight,
    }
}

/// What is sold: id, name, category, price and cost in baht, launched in so many months after the
/// start (none: before it), and how often it is asked for.
#[derive(Debug)]
pub(crate) struct Product {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    pub(crate) category: &'static str,
    pub(crate) price: i64,
    pub(crate) cost: f64,
    pub(crate) launched: Option<usize>,
    pub(crate) weight: f64,
}

pub(crate) const COFFEE: &str = "กาแฟ";
pub(crate) const TEA: &str = "ชาและนม";
pub(crate) const BAKERY: &str = "เบเกอรี";
pub(crate) const BEANS: &str = "เมล็ดกาแฟ";
pub(crate) const GEAR: &str = "อุปกรณ์";

pub(crate) const PRODUCTS: [Product; 30] = [
    product("KF01", "เอสเพรสโซ", COFFEE, 65, 21.5, None, 5.0),
    product("KF02", "อเมริกาโนเย็น", COFFEE, 75, 24.0, None, 14.0),
    product("KF03", "ลาเต้เย็น", COFFEE, 85, 31.0, None, 15.0),
    product("KF04", "คาปูชิโนร้อน", COFFEE, 80, 29.5, None, 8.0),
    product("KF05", "มอคค่าเย็น", COFFEE, 90, 34.0, None, 7.0),
    product("KF06", "โอเลี้ยงสยาม", COFFEE, 60, 17.0, None, 6.0),
    product("KF07", "กาแฟส้มยูซุ", COFFEE, 110, 41.0, Some(19), 7.0),
    product("KF08", "ลาเต้มะพร้าวน้ำหอม", COFFEE, 115, 44.0, Some(28), 9.0),
    product("KF09", "โคลด์บรูว์ดอยช้าง", COFFEE, 120, 42.0, Some(31), 8.0),
    product("TE01", "ชาไทยเย็น", TEA, 70, 22.0, None, 9.0),
    product("TE02", "ชามะนาว", TEA, 65, 19.0, None, 5.0),
    product("TE03", "มัทฉะลาเต้", TEA, 105, 43.0, None, 6.0),
    product("TE04", "โกโก้เย็น", TEA, 85, 30.0, None, 6.0),
    product("TE05", "นมสดคาราเมล", TEA, 80, 29.0, None, 3.0),
    product("TE06", "ชาอู่หลงพีช", TEA, 95, 31.0, Some(30), 5.0),
    product("BK01", "ครัวซองต์เนยสด", BAKERY, 85, 38.0, None, 8.0),
    product("BK02", "เค้กมะพร้าวอ่อน", BAKERY, 120, 52.0, None, 5.0),
    product("BK03", "บราวนี่", BAKERY, 75, 30.0, None, 5.0),
    product("BK04", "แซนด์วิชไก่", BAKERY, 95, 47.0, None, 6.0),
    product("BK05", "ขนมปังสังขยา", BAKERY, 65, 24.0, None, 4.0),
    product("BK06", "ชีสเค้กหน้าไหม้", BAKERY, 145, 66.0, Some(27), 5.0),
    product(
        "BN01",
        "เมล็ดกาแฟดอยช้าง 250 ก.",
        BEANS,
        320,
        172.0,
        None,
        1.3,
    ),
    product(
        "BN02",
        "เมล็ดกาแฟเชียงราย 250 ก.",
        BEANS,
        290,
        160.0,
        None,
        1.0,
    ),
    product(
        "BN03",
        "เมล็ดเอสเพรสโซเบลนด์ 1 กก.",
        BEANS,
        890,
        560.0,
        None,
        0.5,
    ),
    product("BN04", "เมล็ดคั่วกลาง 1 กก.", BEANS, 790, 505.0, None, 0.4),
    product(
        "BN05",
        "กาแฟดริปซอง 10 ซอง",
        BEANS,
        250,
        118.0,
        Some(29),
        1.5,
    ),
    product("GR01", "แก้วเก็บความเย็น", GEAR, 450, 235.0, None, 0.6),
    product("GR02", "ชุดดริปเริ่มต้น", GEAR, 1290, 760.0, None, 0.25),
    product("GR03", "เครื่องบดมือหมุน", GEAR, 1590, 990.0, None, 0.15),
    product("GR04", "กระดาษกรอง 100 แผ่น", GEAR, 140, 62.0, None, 0.5),
];

const fn product(
    id: &'static str,
    name: &'static str,
    category: &'static str,
    price: i64,
    cost: f64,
    launched: Option<usize>,
    weight: f64,
) -> Product {
    Product {
        id,
        name,
        category,
        price,
        cost,
        launched,
        weight,
    }
}
