//! One short session that has every kind of event in it.

use super::*;

fn new_item(n: u32, kind: ItemKind, title: &str) -> NewItem {
    NewItem {
        number: n.to_string(),
        kind,
        title: title.into(),
        short_title: None,
        minutes: Some(15),
        rule: None,
        level: 0,
        planned_at: None,
        presenter: None,
        closed: false,
    }
}

/// The question of the first item.
pub fn first_question() -> Question {
    sample_question(1, "Nghị quyết về phát triển giao thông", "", rules().majorities[0].rule.clone())
}

/// The question of the second item, decided by the chair when votes are level.
pub fn second_question() -> Question {
    let text = "Điều 1. Thông qua đề án.\nĐiều 2. Hiệu lực từ ngày ký.";
    sample_question(2, "Nghị quyết về “đề án số”", text, rules().majorities[1].rule.clone())
}

pub fn hall() -> Hall {
    let mut hall = Hall::new();
    enrol_everybody(&mut hall);
    open_the_sitting(&mut hall);
    first_item(&mut hall);
    second_item(&mut hall);
    end_the_day(&mut hall);
    hall
}

pub fn enrol_everybody(hall: &mut Hall) {
    let administrator = somebody(7, "quan-tri", None, &[Office::Administrator]);
    hall.operator(Command::FoundCouncil(Box::new(founding())));
    let sha256 = Hash::of(b"the first administrator").hex();
    hall.operator(Command::ImportRoster { sha256, people: vec![administrator] });
    hall.enrol("quan-tri", Issuer::Operator, &signing_key("quan-tri"));

    let sha256 = Hash::of(b"roster.csv").hex();
    hall.order("quan-tri", Command::ImportRoster { sha256, people: people() });
    for somebody in people() {
        let id = somebody.id.as_str();
        hall.enrol(id, Issuer::Person(person("quan-tri")), &signing_key(id));
    }
}

pub fn open_the_sitting(hall: &mut Hall) {
    hall.order("thu-ky", Command::create_session("Kỳ họp thứ nhất", "2026–2031"));
    let items = vec![
        new_item(1, ItemKind::Vote, "Nghị quyết về phát triển giao thông"),
        new_item(2, ItemKind::Report, "Báo cáo thẩm tra đề án số"),
    ];
    hall.order("thu-ky", Command::add_items(items));
    let second = second_question();
    hall.order(
        "thu-ky",
        Command::PrepareQuestion {
            item: item("i2"),
            title: second.title,
            text: second.text,
            rule: "chair_decides".into(),
            seconds: None,
            show_split: None,
            replaces: None,
            form: None,
            answers: None,
            change_allowed: None,
            groups: Vec::new(),
            min_choices: 0,
            live_names: false,
        },
    );
    hall.order("thu-ky", Command::open_sitting("Buổi sáng"));
    for id in ["chu-toa", "db1", "db2"] {
        hall.order(id, Command::CheckIn { person: person(id), reason: None });
    }
    hall.order("thu-ky", Command::CheckIn { person: person("db3"), reason: Some("điểm danh tại bàn".into()) });
    hall.order("thu-ky", Command::Excuse { person: person("db4"), reason: "công tác".into() });
    hall.order("pho-chu-toa", Command::TakeGavel { reason: None });
    hall.order("pho-chu-toa", Command::HandGavel { to: person("chu-toa") });
}

pub fn first_item(hall: &mut Hall) {
    let question = first_question();
    hall.order("chu-toa", Command::StartItem { item: item("i1") });
    hall.order("chu-toa", Command::OpenBallot { question: super::question("q1"), seconds: None });
    hall.vote("db1", "b1", &question, "yes", 1);
    hall.vote("db2", "b1", &question, "no", 1);
    hall.order("chu-toa", Command::HoldBallot { ballot: ballot("b1"), reason: Some("micrô hỏng".into()) });
    hall.order("chu-toa", Command::ResumeBallot { ballot: ballot("b1") });
    hall.order("chu-toa", Command::ExtendBallot { ballot: ballot("b1"), seconds: 30 });
    hall.vote("chu-toa", "b1", &question, "yes", 1);
    hall.vote("db2", "b1", &question, "yes", 2);
    hall.vote("db3", "b1", &question, "yes", 1);
    // A delegate who leaves while the ballot is open was present in it.
    hall.order("db3", Command::CheckOut { person: person("db3"), reason: None });
    hall.order("chu-toa", Command::CloseBallot { ballot: ballot("b1") });
    hall.order("chu-toa", Command::ConfirmBallot { ballot: ballot("b1"), casting: None });
    hall.order("chu-toa", Command::AnnounceBallot { ballot: ballot("b1") });
}

pub fn second_item(hall: &mut Hall) {
    let question = second_question();
    hall.order("db3", Command::CheckIn { person: person("db3"), reason: None });
    hall.order("chu-toa", Command::StartItem { item: item("i2") });
    // The first round's time runs out, and it is voided.
    hall.order("chu-toa", Command::OpenBallot { question: super::question("q2"), seconds: Some(10) });
    hall.vote("db1", "b2", &question, "abstain", 1);
    hall.wait(10_000);
    hall.system(Command::CloseBallot { ballot: ballot("b2") });
    let reason = "nhiều đại biểu chưa kịp biểu quyết".into();
    hall.order("chu-toa", Command::VoidBallot { ballot: ballot("b2"), reason });
    // The second round ends level; the chair decides.
    hall.order("chu-toa", Command::OpenBallot { question: super::question("q2"), seconds: Some(60) });
    hall.vote("db1", "b3", &question, "yes", 1);
    hall.vote("db2", "b3", &question, "no", 1);
    hall.system(Command::HoldForStore { ballot: ballot("b3"), since: Millis(u64::MAX) });
    hall.order("chu-toa", Command::ResumeBallot { ballot: ballot("b3") });
    hall.order("chu-toa", Command::CloseBallot { ballot: ballot("b3") });
    let casting = Some(Verdict::Rejected);
    hall.order("chu-toa", Command::ConfirmBallot { ballot: ballot("b3"), casting });
    hall.order("chu-toa", Command::AnnounceBallot { ballot: ballot("b3") });
    hall.order("chu-toa", Command::AnnulBallot { ballot: ballot("b3"), reason: "đọc nhầm tên dự thảo".into() });
}

pub fn end_the_day(hall: &mut Hall) {
    hall.order("thu-ky", Command::show_on_wall(WallMode::Agenda));
    hall.enrol("db1", Issuer::Person(person("thu-ky")), &signing_key("db1, second tablet"));
    hall.order("quan-tri", Command::RevokeDevice { person: person("db2"), reason: "mất máy".into() });
    hall.order("chu-toa", Command::CloseSitting {});
    hall.order("quan-tri", Command::EndMandate { person: person("db3"), reason: "chuyển công tác".into() });
}
