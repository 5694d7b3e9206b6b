use super::super::{MAX_BYTES, MAX_ROWS};
use super::*;

fn problems(file: impl AsRef<[u8]>) -> Vec<(u32, String, &'static str, String)> {
    let found = read(file.as_ref()).expect_err("a bad file");
    found.into_iter().map(|p| (p.line, p.column.unwrap_or_default(), p.code.code(), p.value)).collect()
}

fn problem(file: impl AsRef<[u8]>) -> (u32, String, &'static str, String) {
    let mut all = problems(file);
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

#[test]
fn english_headers_in_any_order() {
    let file = "name,offices,id,group,seat\nNguyen A,chair|secretary,p1,North,214\nTran B,,p2,,\n";
    let people = read(file.as_bytes()).expect("a good file");
    let [first, second] = people.as_slice() else { panic!("two people") };
    assert_eq!(first.id.as_str(), "p1");
    assert_eq!(first.seat.as_ref().map(SeatId::as_str), Some("214"));
    assert_eq!(first.group, "North");
    assert_eq!(first.offices, [Office::Chair, Office::Secretary]);
    assert_eq!((second.seat.as_ref(), second.group.as_str(), second.offices.len()), (None, "", 0));
}

#[test]
fn vietnamese_headers_semicolons_bom_and_crlf() {
    let file = "\u{feff}Mã;Họ và tên;Ghế;Tổ;Chức vụ\r\np1;Trần Thị B;7;Tổ 3;Chủ toạ | ban kiểm phiếu\r\n";
    let people = read(file.as_bytes()).expect("a good file");
    let person = people.first().expect("one person");
    assert_eq!((person.name.as_str(), person.group.as_str()), ("Trần Thị B", "Tổ 3"));
    assert_eq!(person.offices, [Office::Chair, Office::Scrutineer]);
}

#[test]
fn every_office_has_a_word_in_both_languages() {
    let file = "id,name,offices\n\
        en,A,chair|secretary|scrutineer|administrator|auditor|deputy|official|guest|press|screen\n\
        vi,B,Chủ tọa|Thư ký|Ban kiểm phiếu|Quản trị|Kiểm tra|Phó chủ tọa|Người bị chất vấn|Khách mời|Báo chí|Màn hình\n\
        spelt,C,phó chủ toạ\n";
    let people = read(file.as_bytes()).expect("a good file");
    let offices: Vec<&[Office]> = people.iter().map(|person| person.offices.as_slice()).collect();
    assert_eq!(offices, [Office::ALL, Office::ALL, &[Office::Deputy]]);
}

#[test]
fn a_header_typed_on_a_mac_is_known() {
    // Decomposed letters, as some systems store them.
    let file = "ma\u{303},ho\u{323} te\u{302}n\np1,A\n";
    assert_eq!(read(file.as_bytes()).map(|people| people.len()), Ok(1));
}

#[test]
fn english_offices_may_stand_between_spaces_and_count_once() {
    let file = "id,name,offices\np1,A,auditor chair  Chair\n";
    let people = read(file.as_bytes()).expect("a good file");
    assert_eq!(people.first().map(|p| p.offices.clone()), Some(vec![Office::Chair, Office::Auditor]));
}

#[test]
fn without_an_id_column_ids_are_made_of_seats() {
    let people = read(b"name,seat\nA,12\n").expect("a good file");
    assert_eq!(people.first().map(|p| p.id.as_str()), Some("p12"));
    assert_eq!(problem("name,seat\nA,\n"), (2, "seat".into(), "empty", String::new()));
    assert_eq!(problem("name,seat\nA,1\nB,1\n"), (3, "seat".into(), "duplicate_seat", "1".into()));
    assert_eq!(problem("name,seat\nA,1 b\n"), (2, "seat".into(), "bad_seat", "1 b".into()));
    let longest = "s".repeat(40);
    assert_eq!(problem(format!("name,seat\nA,{longest}\n")), (2, "seat".into(), "bad_id", longest));
}

#[test]
fn headers_are_checked_before_rows() {
    assert_eq!(problem("id,seat\np1,1\n"), (1, "name".into(), "missing_column", String::new()));
    assert_eq!(problem("name,group\nA,B\n"), (1, "id".into(), "missing_column", String::new()));
    assert_eq!(problem("id,name,phone\n?,,1\n"), (1, "phone".into(), "unknown_column", "phone".into()));
    assert_eq!(problem("id,name,mã\n?,,1\n"), (1, "mã".into(), "duplicate_column", "mã".into()));
    assert_eq!(problem(""), (1, "name".into(), "missing_column", String::new()));
    assert_eq!(problem("id,name\n"), (1, String::new(), "empty", String::new()));
    assert_eq!(problem(",".repeat(1_000)), (1, String::new(), "wrong_length", "1001".into()));
}

#[test]
fn every_problem_is_told_with_its_line() {
    let file = "id,name,seat,offices\n\
        P 1,A\u{202e}B,s1,king\n\
        \n\
        p2,,s1,chair|queen\n\
        p2,B,!,\n\
        p3,C\n\
        ,,,\n\
        p4,\"D\nE\",s4,\n\
        p5,F,s5,nobody\n";
    let expected = [
        (2, "id", "bad_id", "P 1"),
        (2, "name", "bad_character", "A\\u{202e}B"),
        (2, "offices", "unknown_office", "king"),
        (4, "seat", "duplicate_seat", "s1"),
        (4, "name", "empty", ""),
        (4, "offices", "unknown_office", "queen"),
        (5, "seat", "bad_seat", "!"),
        (5, "id", "duplicate_id", "p2"),
        (6, "", "wrong_length", "2"),
        (8, "name", "bad_character", "D\\u{a}E"),
        (10, "offices", "unknown_office", "nobody"),
    ];
    let mut expected: Vec<_> =
        expected.iter().map(|(l, c, code, v)| (*l, (*c).to_owned(), *code, (*v).to_owned())).collect();
    let mut found = problems(file);
    expected.sort();
    found.sort();
    assert_eq!(found, expected);
}

#[test]
fn names_and_groups_have_a_longest_length() {
    let long = "ă".repeat(MAX_NAME + 1);
    let (line, column, code, value) = problem(format!("id,name\np1,{long}\n"));
    assert_eq!((line, column.as_str(), code, value.chars().count()), (2, "name", "too_long", 60));
}

#[test]
fn a_name_has_a_letter() {
    assert_eq!(problem("id,name\np1,12-7\n"), (2, "name".into(), "bad_character", "12-7".into()));
}

#[test]
fn limits_on_rows_and_bytes() {
    let row = |i: usize| format!("p{i},Name {i}\n");
    let full: String = (0..MAX_ROWS).map(row).collect();
    assert_eq!(read(format!("id,name\n{full}").as_bytes()).map(|p| p.len()), Ok(MAX_ROWS));
    let over = format!("id,name\n{full}{}{}", row(MAX_ROWS), row(MAX_ROWS + 1));
    assert_eq!(problem(over), (1_002, String::new(), "too_many_rows", String::new()));
    let large = vec![b'a'; MAX_BYTES + 1];
    assert_eq!(problem(large).2, "too_large");
    // Rows of a wrong length count towards the limit too.
    let short = format!("id,name\n{}", "x\n".repeat(MAX_ROWS * 3));
    assert_eq!(problems(short).len(), MAX_ROWS + 1);
}

#[test]
fn other_encodings_are_named() {
    assert_eq!(problem(b"id,name\np1,A\np2,Tr\xe7n\n"), (3, String::new(), "not_utf8", String::new()));
    assert_eq!(problem(b"\xff\xfei\0d\0").2, "not_utf8");
}

#[test]
fn an_unclosed_quote_does_not_pass() {
    assert_eq!(problem("id,name\np1,\"A\np2,B\n").2, "bad_character");
}

#[test]
fn any_bytes_are_read_or_refused() {
    use proptest::prelude::*;
    proptest!(|(bytes in proptest::collection::vec(any::<u8>(), 0..400), tail in "[a-z,;\"\\r\\n|ạ\u{202e}]{0,200}")| {
        let _ = read(&bytes);
        let file = format!("id,name,seat,offices\n{tail}");
        if let Ok(people) = read(file.as_bytes()) {
            prop_assert!(people.iter().all(|p| !p.name.is_empty()));
        }
    });
}
