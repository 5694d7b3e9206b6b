//! Who may do what: docs/roles.md for the people of the hall, and a table here for those who act without a signature.

mod chamber_hall;
#[path = "chamber_hall/roles.rs"]
mod roles;

use chamber_hall::*;
use dienhong::chamber::ballot::Verdict;
use dienhong::chamber::command::{Actor, Command};
use dienhong::chamber::ids::{Millis, SpeechId};
use dienhong::chamber::refusal::Refusal;
use dienhong::chamber::roll::Office;
use dienhong::chamber::wall::WallMode;

/// Columns: gavel holder, chair without it, secretary, administrator, auditor, the delegate meant, another delegate,
/// operator, system. `+` may, `g` lacks the gavel, `-` may not.
const COLUMNS: [&str; 9] = ["p1", "p2", "clerk", "admin", "auditor", "p3", "p4", "operator", "system"];

fn table() -> Vec<(Command, &'static str)> {
    let ballot = || bid("b1");
    let reason = || "lý do".to_owned();
    let p3 = || pid("p3");
    vec![
        (found(generic(9)), "-------+-"),
        (import(vec![somebody("p3", Some("3"), vec![])]), "---+---+-"),
        (Command::SetPerson { person: somebody("p3", Some("3"), vec![]) }, "-------+-"),
        (Command::EndMandate { person: p3(), reason: reason() }, "---+---+-"),
        (Command::RevokeDevice { person: p3(), reason: reason() }, "--++---+-"),
        (bind("p3", &key(7)), "-----+---"),
        (Command::create_session("Kỳ họp", String::new()), "+++------"),
        (Command::add_items(vec![]), "+++------"),
        (prepare("i2", "Nghị quyết", "majority_of_all", None), "+++------"),
        (Command::open_sitting("Sáng"), "+++------"),
        (Command::CloseSitting {}, "+++------"),
        (Command::StartItem { item: iid("i3") }, "+g-------"),
        (Command::CheckIn { person: p3(), reason: Some(reason()) }, "--+--+---"),
        (Command::CheckOut { person: p3(), reason: Some(reason()) }, "--+--+---"),
        (Command::Excuse { person: p3(), reason: reason() }, "--+------"),
        (Command::OpenBallot { question: qid("q1"), seconds: None }, "+g-------"),
        (Command::HoldBallot { ballot: ballot(), reason: None }, "+g-------"),
        (Command::HoldForStore { ballot: ballot(), since: Millis(0) }, "--------+"),
        (Command::PauseForStore { speech: SpeechId::parse("f1").expect("an id"), since: Millis(0) }, "--------+"),
        (Command::ResumeBallot { ballot: ballot() }, "+g-------"),
        (Command::ExtendBallot { ballot: ballot(), seconds: 30 }, "+g-------"),
        (Command::CloseBallot { ballot: ballot() }, "+g------+"),
        (Command::ConfirmBallot { ballot: ballot(), casting: None }, "+g-------"),
        (Command::ConfirmBallot { ballot: ballot(), casting: Some(Verdict::Adopted) }, "+g-------"),
        (Command::AnnounceBallot { ballot: ballot() }, "+g-------"),
        (Command::VoidBallot { ballot: ballot(), reason: reason() }, "+g-------"),
        (Command::AnnulBallot { ballot: ballot(), reason: reason() }, "+g-------"),
        (Command::TakeGavel { reason: Some(reason()) }, "++-------"),
        (Command::HandGavel { to: pid("p2") }, "+g-------"),
        (Command::show_on_wall(WallMode::Agenda), "+g+------"),
    ]
}

#[test]
fn the_table_holds() {
    let mut hall = Hall::at_question(generic(9), 6, 6);
    hall.must(&OPERATOR, import(vec![somebody("auditor", None, vec![Office::Auditor])]));
    hall.open("q1");
    let mut table = table();
    let vote = Command::CastVote(hall.ballot_paper("b1", "p3", "yes"));
    table.push((vote, "-----+---"));
    for (command, row) in table {
        for (column, expected) in COLUMNS.iter().zip(row.chars()) {
            let found = match hall.chamber.permits(&actor(column), &command) {
                Ok(()) => '+',
                Err(Refusal::GavelNeeded) => 'g',
                Err(Refusal::NotAllowed) => '-',
                Err(other) => panic!("{command:?} by {column}: {}", other.code()),
            };
            assert_eq!(found, expected, "{command:?} by {column}");
        }
        assert_eq!(hall.chamber.permits(&by("stranger"), &command), Err(Refusal::UnknownPerson));
    }
}

/// Every cell of docs/roles.md, against the table the chamber asks.
#[test]
fn the_roles_page_says_what_the_chamber_does() {
    let page = roles::Page::read();
    let hall = roles::hall();
    let mut wrong = Vec::new();
    for row in page.rows("Orders") {
        for (role, told) in roles::ROLES.iter().zip(&row.cells) {
            let found = roles::may(&hall, role, &row.name);
            if found != told {
                wrong.push(format!("{} by {role}: the page says {told}, the chamber {found}", row.name));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn the_roles_page_has_every_order() {
    let page = roles::Page::read();
    let rows: Vec<&str> = page.rows("Orders").iter().map(|row| row.name.as_str()).collect();
    for order in dienhong::ledger::order::ORDERS {
        assert!(rows.contains(order), "docs/roles.md has no row for {order}");
    }
    let unique: std::collections::BTreeSet<&str> = rows.iter().copied().collect();
    assert_eq!(unique.len(), rows.len(), "a row stands twice");
}

/// What people see: the public and guests never what happens behind closed doors, and only officers what officers see.
#[test]
fn the_roles_page_says_what_people_are_shown() {
    let page = roles::Page::read();
    let hall = roles::hall();
    let rows = page.rows("Views");
    for row in rows {
        for (role, told) in roles::ROLES.iter().zip(&row.cells) {
            let person = hall.chamber.person(&pid(role));
            let found = match row.name.as_str() {
                "council" | "roll" | "live" | "seats" | "speaking" => "✓",
                "me" => person.map_or("–", |_| "own"),
                "console" | "audit" | "roll_call" if person.is_some_and(|person| person.is_officer()) => "✓",
                "behind closed doors" if person.is_some_and(|person| person.is_of_the_hall()) => "✓",
                "console" | "audit" | "roll_call" | "behind closed doors" => "–",
                other => panic!("docs/roles.md names an unknown view: {other}"),
            };
            assert_eq!(told, found, "{} shown to {role}", row.name);
        }
    }
    assert_eq!(rows.len(), 10, "every topic and query, and what is behind closed doors");
}

#[test]
fn the_system_closes_only_what_is_due() {
    let mut hall = Hall::at_question(generic(9), 6, 6);
    hall.open("q1");
    hall.wait(29);
    let close = Command::CloseBallot { ballot: bid("b1") };
    assert_eq!(hall.refused(&SYSTEM, close.clone()), Refusal::NotAllowed);
    hall.wait(1);
    hall.must(&SYSTEM, close);
}

#[test]
fn a_code_is_worth_what_its_issuer_may() {
    use dienhong::chamber::command::Issuer;
    let mut hall = Hall::founded(generic(9), 6);
    let bind_by =
        |issuer: &str| Command::BindDevice { person: pid("p3"), key: key(7), issued_by: Issuer::Person(pid(issuer)) };
    assert_eq!(hall.refused(&by("p3"), bind_by("p1")), Refusal::NotAllowed);
    assert_eq!(hall.refused(&by("p3"), bind_by("stranger")), Refusal::NotAllowed);
    hall.must(&by("p3"), bind_by("clerk"));
}

fn actor(column: &str) -> Actor {
    match column {
        "operator" => OPERATOR,
        "system" => SYSTEM,
        person => by(person),
    }
}
