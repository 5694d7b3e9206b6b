//! Made-up Vietnamese names: family name, middle name, given name. Family names are drawn about as often as they occur in
//! Vietnam. The pools leave out the parts that would put together the name of a head of the state, government or party.

use super::rng::Rng;
use std::collections::BTreeSet;

/// Names that were not given out before.
#[derive(Debug, Default)]
pub struct Names {
    taken: BTreeSet<String>,
}

impl Names {
    /// A full name nobody has yet, NFC. There are some 100,000; past them names get a number, so that it always ends.
    pub fn next(&mut self, rng: &mut Rng) -> String {
        for _ in 0..MOST_TRIES {
            let name = draw(rng);
            if self.taken.insert(name.clone()) {
                return name;
            }
        }
        let name = format!("{} {}", draw(rng), self.taken.len() + 1);
        self.taken.insert(name.clone());
        name
    }
}

/// Draws before giving up on a name without a number: at 10,000 people about one draw in five is taken already, so this many
/// failures in a row mean that the pools are empty.
const MOST_TRIES: u32 = 200;

/// Women among a council's members, in 1,000 (2021–2026: about 29 % in province councils).
const WOMEN_PERMILLE: u32 = 290;

fn draw(rng: &mut Rng) -> String {
    let (middles, pairs, givens) = if rng.chance(WOMEN_PERMILLE) {
        (WOMENS_MIDDLES, WOMENS_PAIRS, WOMENS_GIVENS)
    } else {
        (MENS_MIDDLES, MENS_PAIRS, MENS_GIVENS)
    };
    // A name that says one syllable twice (Mai Thị Mai) exists but reads like a slip.
    let mut words: Vec<&str> = Vec::new();
    for _ in 0..MOST_TRIES {
        words.clear();
        words.extend(rng.weighted(FAMILIES));
        if rng.chance(250) {
            words.extend(rng.pick(pairs).into_iter().flatten());
        } else {
            words.extend(rng.weighted(middles));
        }
        words.extend(rng.pick(givens));
        let distinct: BTreeSet<_> = words.iter().collect();
        if distinct.len() == words.len() {
            break;
        }
    }
    words.join(" ")
}

/// Weight: bearers in 1,000 people, rounded.
const FAMILIES: &[(&str, u32)] = &[
    ("Nguyễn", 315),
    ("Trần", 109),
    ("Lê", 89),
    ("Phạm", 59),
    ("Hoàng", 34),
    ("Huỳnh", 17),
    ("Phan", 28),
    ("Vũ", 25),
    ("Võ", 14),
    ("Trương", 22),
    ("Bùi", 21),
    ("Đặng", 19),
    ("Đỗ", 19),
    ("Ngô", 17),
    ("Hồ", 15),
    ("Dương", 14),
    ("Đinh", 10),
    ("Đào", 8),
    ("Đoàn", 7),
    ("Trịnh", 7),
    ("Lương", 7),
    ("Cao", 6),
    ("Hà", 6),
    ("Lý", 5),
    ("Mai", 5),
    ("Lưu", 5),
    ("Phùng", 5),
    ("Tạ", 4),
    ("Chu", 3),
    ("Thái", 3),
    ("Tô", 3),
    ("Quách", 2),
    ("Kiều", 2),
    ("Tống", 2),
];

const MENS_MIDDLES: &[(&str, u32)] = &[
    ("Văn", 10),
    ("Đức", 5),
    ("Quang", 4),
    ("Hữu", 4),
    ("Đình", 4),
    ("Minh", 4),
    ("Công", 3),
    ("Quốc", 3),
    ("Thanh", 3),
    ("Ngọc", 3),
    ("Xuân", 3),
    ("Mạnh", 3),
    ("Duy", 3),
    ("Anh", 2),
    ("Hoàng", 2),
    ("Tuấn", 2),
    ("Trọng", 2),
    ("Bá", 2),
    ("Gia", 2),
    ("Thế", 2),
    ("Viết", 1),
    ("Tiến", 1),
    ("Thành", 1),
    ("Việt", 1),
];

const MENS_PAIRS: &[[&str; 2]] = &[
    ["Hoàng", "Minh"],
    ["Hoàng", "Anh"],
    ["Ngọc", "Minh"],
    ["Quang", "Minh"],
    ["Thanh", "Minh"],
    ["Đức", "Anh"],
    ["Minh", "Quang"],
    ["Hải", "Đăng"],
    ["Trần", "Quốc"],
    ["Vũ", "Hoàng"],
    ["Lê", "Minh"],
    ["Phạm", "Gia"],
];

const MENS_GIVENS: &[&str] = &[
    "An",
    "Bảo",
    "Bình",
    "Cường",
    "Dũng",
    "Đạt",
    "Đông",
    "Hải",
    "Hào",
    "Hậu",
    "Hiếu",
    "Hòa",
    "Hoàn",
    "Huân",
    "Hùng",
    "Huy",
    "Hưng",
    "Khang",
    "Khánh",
    "Khoa",
    "Khôi",
    "Kiên",
    "Lộc",
    "Long",
    "Luân",
    "Nam",
    "Nghĩa",
    "Nguyên",
    "Nhân",
    "Phong",
    "Phương",
    "Quân",
    "Quý",
    "Quyết",
    "Sang",
    "Sơn",
    "Tài",
    "Tâm",
    "Thái",
    "Thắng",
    "Thành",
    "Thiện",
    "Thịnh",
    "Thuận",
    "Tiến",
    "Tín",
    "Toàn",
    "Trung",
    "Trường",
    "Tuấn",
    "Tùng",
    "Việt",
    "Vinh",
    "Vũ",
];

const WOMENS_MIDDLES: &[(&str, u32)] = &[
    ("Thị", 12),
    ("Thu", 5),
    ("Thanh", 5),
    ("Ngọc", 5),
    ("Minh", 4),
    ("Hồng", 4),
    ("Phương", 4),
    ("Bích", 3),
    ("Thúy", 3),
    ("Khánh", 2),
    ("Quỳnh", 2),
    ("Hoài", 2),
    ("Tuyết", 2),
    ("Mai", 2),
    ("Diệu", 2),
    ("Mỹ", 1),
    ("Kiều", 1),
    ("Lan", 1),
];

const WOMENS_PAIRS: &[[&str; 2]] = &[
    ["Thị", "Thu"],
    ["Thị", "Thanh"],
    ["Thị", "Ngọc"],
    ["Thị", "Minh"],
    ["Thị", "Hồng"],
    ["Thị", "Bích"],
    ["Thị", "Phương"],
    ["Thị", "Mai"],
    ["Thị", "Thúy"],
    ["Thị", "Hải"],
    ["Thị", "Lan"],
    ["Thị", "Mỹ"],
    ["Thị", "Kim"],
    ["Thị", "Quỳnh"],
];

const WOMENS_GIVENS: &[&str] = &[
    "Anh",
    "Châu",
    "Chi",
    "Diệp",
    "Dung",
    "Duyên",
    "Giang",
    "Hà",
    "Hạnh",
    "Hằng",
    "Hiền",
    "Hoa",
    "Huệ",
    "Huyền",
    "Hương",
    "Lan",
    "Liên",
    "Linh",
    "Loan",
    "Ly",
    "Nga",
    "Nguyệt",
    "Nhàn",
    "Nhi",
    "Nhung",
    "Oanh",
    "Phương",
    "Phượng",
    "Quyên",
    "Quỳnh",
    "Tâm",
    "Thảo",
    "Thoa",
    "Thơm",
    "Thu",
    "Thúy",
    "Thủy",
    "Trang",
    "Trâm",
    "Trinh",
    "Tú",
    "Tuyết",
    "Uyên",
    "Vân",
    "Vy",
    "Yến",
];

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_normalization::is_nfc;

    #[test]
    fn names_are_composed_distinct_and_have_three_or_four_words() {
        let mut names = Names::default();
        let mut rng = Rng::new(1);
        let mut seen = BTreeSet::new();
        for _ in 0..10_000 {
            let name = names.next(&mut rng);
            assert!(is_nfc(&name), "{name}");
            assert!((3..=4).contains(&name.split(' ').count()), "{name}");
            assert!(!name.contains(|c: char| c.is_ascii_digit()), "{name}");
            assert!(seen.insert(name.clone()), "{name} twice");
        }
    }

    #[test]
    fn about_three_in_ten_are_named_nguyen() {
        let mut names = Names::default();
        let mut rng = Rng::new(2);
        let all: Vec<_> = (0..1000).map(|_| names.next(&mut rng)).collect();
        let nguyen = all.iter().filter(|name| name.starts_with("Nguyễn ")).count();
        assert!((250..380).contains(&nguyen), "{nguyen}");
    }
}
