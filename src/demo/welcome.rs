//! What the demonstration prints: who people may be, and where.

use crate::chamber::roll::{Office, Person};
use crate::client::Endpoint;
use crate::sample::words;
use std::fmt::Write as _;

/// The whole text. `codes` are the people's places with their one-time codes, in the order to be shown.
pub fn table(
    endpoint: &Endpoint,
    people: &[Person],
    codes: &[(&Person, String)],
    simulated: usize,
    absent: usize,
) -> String {
    let seats = people.iter().filter(|person| person.seat.is_some()).count();
    let mut text = format!(
        "\n  Diên Hồng · {} · {}\n\n  \
         {seats} ghế: {simulated} đại biểu mô phỏng ({absent} vắng), còn lại để trống cho người thật\n  \
         {seats} seats: {simulated} simulated delegates ({absent} absent), the others left free for people\n\n",
        words::NAME,
        words::SESSION,
    );
    let mut row = |vi: &str, en: &str, who: &str, url: &str| {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "  {:<34}{who}\n      {url}\n", format!("{vi} · {en}"));
    };
    for (person, code) in codes {
        let (vi, en, page) = part(person);
        let seat = person.seat.as_ref().map_or(String::new(), |seat| format!(", ghế/seat {seat}"));
        row(vi, en, &format!("{}{seat}", person.name), &format!("{}#enrol={code}", endpoint.page(page)));
    }
    row("Màn hình lớn", "Wall", "", &endpoint.page("wall"));
    row("Kết quả", "Public results", "", &endpoint.page("results"));
    text.push_str(HINTS);
    text
}

fn part(person: &Person) -> (&'static str, &'static str, &'static str) {
    match person.offices.first() {
        Some(Office::Chair) => ("Chủ tọa", "Chair", "chair"),
        Some(Office::Deputy) => ("Phó chủ tọa", "Deputy chair", "chair"),
        Some(Office::Secretary) => ("Thư ký", "Secretary", "chair"),
        Some(Office::Scrutineer) => ("Ban kiểm phiếu", "Scrutineer", "chair"),
        Some(Office::Auditor) => ("Kiểm tra", "Auditor", "chair"),
        Some(Office::Administrator) => ("Quản trị", "Administrator", "admin"),
        Some(Office::Official) => ("Người trả lời chất vấn", "Official", "delegate"),
        Some(Office::Guest) => ("Khách mời", "Guest", "delegate"),
        Some(Office::Press) => ("Báo chí", "Press", "delegate"),
        Some(Office::Screen) => ("Màn hình", "Screen", "wall"),
        None => ("Đại biểu", "Delegate", "delegate"),
    }
}

const HINTS: &str = "  \
  Mỗi mã dùng một lần, trong 12 giờ. Mở mỗi đường dẫn trong một thẻ riêng; một trình duyệt giữ được nhiều khóa.
  Each code works once, within 12 hours. Open each link in a tab of its own; one browser may hold many keys.

  Chủ tọa: nhận quyền điều hành, bắt đầu nội dung 2, mở biểu quyết. Dừng: Ctrl-C.
  Chair: take the gavel, start item 2, open the vote. Stop: Ctrl-C.

";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::council;

    #[test]
    fn every_page_and_code_is_shown() {
        let people = council(29, 30);
        let endpoint = Endpoint::new("http://127.0.0.1:8080", "mau").unwrap();
        let codes: Vec<_> = [0, 30, 31, 2].iter().map(|n| (&people[*n], format!("CODE-{n:04}"))).collect();
        let text = table(&endpoint, &people, &codes, 27, 2);
        for wanted in [
            "http://127.0.0.1:8080/c/mau/chair#enrol=CODE-0000\n",
            "http://127.0.0.1:8080/c/mau/chair#enrol=CODE-0030\n",
            "http://127.0.0.1:8080/c/mau/admin#enrol=CODE-0031\n",
            "http://127.0.0.1:8080/c/mau/delegate#enrol=CODE-0002\n",
            "http://127.0.0.1:8080/c/mau/wall\n",
            "http://127.0.0.1:8080/c/mau/results\n",
            "30 seats: 27 simulated delegates (2 absent)",
            &people[2].name,
        ] {
            assert!(text.contains(wanted), "{wanted:?} is missing in {text}");
        }
        assert!(text.lines().all(|line| line.chars().count() <= 120), "{text}");
    }
}
