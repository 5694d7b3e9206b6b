//! docs/roles.md as a test reads it, and the hall its cells are tried in.

use crate::chamber_hall::*;
use dienhong::chamber::agenda::ItemKind;
use dienhong::chamber::command::{CastVote, Command};
use dienhong::chamber::ids::{AnswerKey, RequestId, SpeechId};
use dienhong::chamber::refusal::Refusal;
use dienhong::chamber::roll::Office;
use dienhong::chamber::speaking::SpeechKind;
use serde_json::{Value, json};

/// The page's columns, as the people of [`hall`].
pub const ROLES: [&str; 12] = [
    "presiding",
    "deputy",
    "clerk",
    "scrutineer",
    "admin",
    "auditor",
    "p3",
    "official",
    "guest",
    "press",
    "screen",
    "stranger",
];

pub struct Page(Vec<(String, Vec<Row>)>);

pub struct Row {
    pub name: String,
    pub cells: Vec<String>,
}

impl Page {
    pub fn read() -> Self {
        let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/roles.md")).expect("the page");
        let mut sections: Vec<(String, Vec<Row>)> = Vec::new();
        for line in text.lines() {
            if let Some(title) = line.strip_prefix("## ") {
                sections.push((title.to_owned(), Vec::new()));
            }
            // The rows begin with a name in code.
            let Some((_, rows)) = sections.last_mut().filter(|_| line.starts_with("| `")) else {
                continue;
            };
            let mut cells = line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned());
            let name = cells.next().expect("a name").trim_matches('`').to_owned();
            let cells: Vec<String> = cells.collect();
            assert_eq!(cells.len(), ROLES.len(), "{line}");
            rows.push(Row { name, cells });
        }
        Self(sections)
    }

    pub fn rows(&self, section: &str) -> &[Row] {
        let found = self.0.iter().find(|(title, _)| title == section);
        let rows = &found.unwrap_or_else(|| panic!("no section {section}")).1;
        assert!(!rows.is_empty(), "{section} has no rows");
        rows
    }
}

/// A discussion in which everybody has one office or a seat, and nothing else. `chair` is a chair without the gavel.
pub fn hall() -> Hall {
    let mut hall = Hall::sitting(generic(9), 4, 4);
    let offices = [
        ("presiding", Office::Chair),
        ("chair", Office::Chair),
        ("deputy", Office::Deputy),
        ("scrutineer", Office::Scrutineer),
        ("auditor", Office::Auditor),
        ("official", Office::Official),
        ("guest", Office::Guest),
        ("press", Office::Press),
        ("screen", Office::Screen),
    ];
    hall.must(&OPERATOR, import(offices.map(|(id, office)| somebody(id, None, vec![office])).to_vec()));
    hall.must(&by("presiding"), Command::TakeGavel { reason: Some("thay phiên".into()) });
    hall.must(&by("clerk"), Command::add_items(vec![new_item("5", ItemKind::Discussion, "Thảo luận", None)]));
    hall.must(&by("presiding"), Command::StartItem { item: iid("i5") });
    hall
}

/// `✓`: whomever it concerns; `own`: only what concerns oneself; `–`: not at all.
pub fn may(hall: &Hall, role: &str, order: &str) -> &'static str {
    let is_permitted = |subject: &str| {
        let hall = concerning(hall, subject);
        let command = command(&hall, order, subject);
        match hall.chamber.permits(&by(role), &command) {
            Ok(()) => true,
            Err(Refusal::NotAllowed | Refusal::GavelNeeded | Refusal::NotADelegate | Refusal::UnknownPerson) => false,
            Err(other) => panic!("{command:?} by {role}: {}", other.code()),
        }
    };
    // A chair without the gavel and a deputy share a column.
    if role == "deputy" {
        assert_eq!(is_permitted("p4"), hall_permits_chair(hall, order), "{order}: chair and deputy");
    }
    if is_permitted("p4") {
        "✓"
    } else if is_permitted(role) {
        "own"
    } else {
        "–"
    }
}

fn hall_permits_chair(hall: &Hall, order: &str) -> bool {
    let hall = concerning(hall, "p4");
    hall.chamber.permits(&by("chair"), &command(&hall, order, "p4")).is_ok()
}

/// The hall with this person waiting and speaking, where they may.
fn concerning(hall: &Hall, subject: &str) -> Hall {
    let mut hall = hall.clone();
    for kind in [SpeechKind::Speak, SpeechKind::Explain] {
        let ask = Command::AskToSpeak { person: pid(subject), kind, topic: None, to: None };
        if hall.act(&by("clerk"), ask).is_ok() {
            break;
        }
    }
    // Of another kind than the request, which would be taken with it.
    let floor = Command::GiveFloor { person: pid(subject), kind: SpeechKind::Rebut, seconds: None };
    // Whoever cannot be given the floor has no speech to end.
    let _ = hall.act(&by("presiding"), floor);
    hall
}

/// The order as it would be read from a statement, about this person.
fn command(hall: &Hall, order: &str, subject: &str) -> Command {
    let none = || "none".to_owned();
    let request = hall.chamber.queue().first().map_or_else(none, |request| RequestId::to_string(&request.id));
    let speech = hall.chamber.speech().map_or_else(none, |speech| SpeechId::to_string(&speech.id));
    let item = json!({"number": "9", "kind": "report", "title": "Báo cáo"});
    let (target, arguments): (Option<&str>, Value) = match order {
        // Not orders, but statements of their own.
        "cast_vote" => {
            return Command::CastVote(CastVote {
                ballot: bid("b1"),
                document_sha256: SHA256.into(),
                person: pid(subject),
                answer: AnswerKey::parse("yes").expect("a key"),
                more: Vec::new(),
                turn: 1,
            });
        }
        "bind_device" => return bind(subject, &key(7)),
        "import_roster" => (None, json!({"sha256": SHA256})),
        "end_mandate" | "revoke_device" | "excuse" => (Some(subject), json!({"reason": "lý do"})),
        "set_rules" => (None, json!({"rules": generic(9)})),
        "create_session" => (None, json!({"title": "Kỳ họp", "term": ""})),
        "prepare_sitting" | "open_sitting" => (None, json!({"title": "Sáng"})),
        "suspend_sitting" => (None, json!({"cause": "recess"})),
        "resume_sitting" | "close_sitting" | "open_list" | "close_list" | "take_gavel" | "set_ticker" => {
            (None, json!({}))
        }
        "add_items" => (None, json!({"items": [item]})),
        "add_items with start" => {
            return Command::AddItems {
                items: vec![new_item("9", ItemKind::Report, "Báo cáo", None)],
                parent: None,
                before: None,
                start: true,
            };
        }
        "change_item" => (Some("i2"), json!({"to": item})),
        "move_item" | "remove_item" | "start_item" | "finish_item" => (Some("i2"), json!({})),
        "prepare_question" => (Some("i2"), json!({"title": "Nghị quyết", "rule": "majority_of_all"})),
        "prepare_bloc" => (Some("i2"), json!({"title": "Các nghị quyết", "questions": ["q1", "q2"]})),
        "check_in" | "check_out" => (Some(subject), json!({})),
        "ask_to_speak" | "give_floor" => (Some(subject), json!({"kind": "speak"})),
        "withdraw_request" => (Some(&request), json!({})),
        "move_request" => (Some(&request), json!({"reason": "lý do"})),
        "call_speaker" => (Some(&request), json!({})),
        "pause_speech" | "resume_speech" | "end_speech" => (Some(&speech), json!({})),
        "extend_speech" => (Some(&speech), json!({"seconds": 60})),
        "start_round" => (Some("official"), json!({})),
        "set_budget" => (Some("i2"), json!({"group": "Tổ 1", "seconds": 600})),
        "log_promise" => (Some("official"), json!({"text": "Trả lời bằng văn bản"})),
        "keep_promise" => (Some("m1"), json!({"note": "Đã báo cáo tại kỳ họp"})),
        "strike_promise" => (Some("m1"), json!({"reason": "ghi nhầm"})),
        "open_ballot" => (Some("q1"), json!({})),
        "hold_ballot" | "resume_ballot" | "close_ballot" | "confirm_ballot" | "announce_ballot" => {
            (Some("b1"), json!({}))
        }
        "extend_ballot" => (Some("b1"), json!({"seconds": 30})),
        "record_count" => (Some("q1"), json!({"form": "show_of_hands", "counts": []})),
        "void_ballot" | "annul_ballot" => (Some("b1"), json!({"reason": "lý do"})),
        "hand_gavel" => (Some("chair"), json!({})),
        "show_on_wall" => (None, json!({"mode": "agenda"})),
        "add_wall" => (None, json!({"name": "Sảnh"})),
        "remove_wall" | "follow_main" => (Some("w2"), json!({})),
        other => panic!("docs/roles.md names an unknown order: {other}"),
    };
    let mut order = json!({"order": order, "target": target});
    let fields = order.as_object_mut().expect("an object");
    if target.is_none() {
        fields.remove("target");
    }
    fields.extend(arguments.as_object().expect("an object").clone());
    serde_json::from_value(order.clone()).unwrap_or_else(|error| panic!("{order}: {error}"))
}
