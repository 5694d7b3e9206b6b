//! Golden vectors: what Rust writes and the pages (and anybody else's verifier) must read the same. They change only when the
//! format does: `UPDATE_VECTORS=1 cargo test --test ledger_vectors` writes them anew.

mod ledger_support;

use dienhong::chamber::ballot::{BlocPart, Question, QuestionForm};
use dienhong::chamber::rules::{AnswerMeaning, Base, MajorityRule, TieRule};
use dienhong::ledger::checkpoint::Checkpoint;
use dienhong::ledger::entry::{Entry, line_hash};
use dienhong::ledger::merkle::{Hash, Tree, leaf_hash};
use dienhong::ledger::note::{NoteSigner, VerifierKey};
use dienhong::ledger::receipt::{Receipt, check, short_code};
use dienhong::ledger::statement::{Enrol, Login, Order, SignedStatement, Statement, Vote, person_key_name};
use dienhong::verify::question::{document, document_hash};
use dienhong::verify::{Problem, verify};
use ledger_support::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::Cursor;
use std::path::PathBuf;

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/vectors").join(name)
}

/// Compares with the committed file, or writes it when asked to.
fn golden(name: &str, made: &[u8]) {
    if std::env::var_os("UPDATE_VECTORS").is_some() {
        std::fs::create_dir_all(path("")).unwrap();
        std::fs::write(path(name), made).unwrap();
    }
    let committed = std::fs::read(path(name)).unwrap_or_default();
    assert!(committed == made, "tests/vectors/{name} differs: the format changed, or UPDATE_VECTORS=1 is due");
}

fn golden_json(name: &str, made: &Value) {
    let text = serde_json::to_string_pretty(made).unwrap() + "\n";
    golden(name, text.as_bytes());
}

#[test]
fn statements() {
    let mut hall = Hall::new();
    let question = story::first_question();
    let arguments = r#"{"seconds":30}"#;
    let signed: Vec<(Statement, &str)> = vec![
        (hall.vote_statement("db1", "b1", &question, "yes", 1), "db1"),
        (hall.vote_statement("db1", "b1", &question, "no", 12), "db1"),
        (
            Statement::Order(Order {
                log: ORIGIN.into(),
                person: person("chu-toa"),
                order: "extend_ballot".into(),
                target: Some("b1".into()),
                arguments: Hash::of(arguments.as_bytes()),
                nonce: hall.nonce(),
            }),
            "chu-toa",
        ),
        (
            Statement::Order(Order {
                log: ORIGIN.into(),
                person: person("thu-ky"),
                order: "close_sitting".into(),
                target: None,
                arguments: Hash::of(b"{}"),
                nonce: hall.nonce(),
            }),
            "thu-ky",
        ),
        (
            Statement::Enrol(Enrol {
                log: ORIGIN.into(),
                person: person("db1"),
                key: signing_key("db1").verifying_key().to_bytes(),
                nonce: hall.nonce(),
            }),
            "db1",
        ),
        (Statement::Login(Login { log: ORIGIN.into(), person: person("db1"), challenge: bytes("challenge") }), "db1"),
        (vote_for(&mut hall, &["c1"]), "db1"),
        (vote_for(&mut hall, &["c1", "c3", "c12"]), "db1"),
    ];
    let vectors: Vec<Value> = signed
        .iter()
        .map(|(statement, signer)| {
            let key = signing_key(signer);
            let note = statement.sign(&key).unwrap();
            let read = SignedStatement::parse(&note).unwrap();
            assert_eq!(&read.statement, statement);
            read.verify(&key.verifying_key().to_bytes()).unwrap();
            let (kind, fields) = fields(statement);
            json!({
                "kind": kind,
                "fields": fields,
                "text": statement.encode(),
                "note": note,
                "key_name": person_key_name(statement.log(), statement.person()),
                "public_key": public_base64(&key),
            })
        })
        .collect();
    golden_json("statements.json", &json!(vectors));
}

/// In an election.
fn vote_for(hall: &mut Hall, candidates: &[&str]) -> Statement {
    let (first, more) = candidates.split_first().unwrap();
    match hall.vote_statement("db1", "b4", &election(), first, 1) {
        Statement::Vote(vote) => Statement::Vote(Vote { more: more.iter().map(|key| answer(key)).collect(), ..vote }),
        other => other,
    }
}

fn election() -> Question {
    let mut question =
        sample_question(7, "Bầu thành viên Ban Pháp chế", "", rule(1, 2, Base::InOffice, true, TieRule::Fails));
    let candidates = ["Nguyễn Mẫu An (1980)", "Trần Mẫu Bình", "Lê Mẫu Châu"];
    let abstain = question.answers.pop();
    question.answers = (1..).zip(candidates).map(|(n, name)| meaning(&format!("c{n}"), name)).chain(abstain).collect();
    question.form = QuestionForm::Election { places: 2 };
    question
}

fn choice() -> Question {
    let mut question =
        sample_question(8, "Chọn phương án", "Ba phương án.", rule(0, 1, Base::TookPart, true, TieRule::Fails));
    let abstain = question.answers.pop();
    question.answers =
        [meaning("a1", "Phương án 1"), meaning("a2", "Phương án 2")].into_iter().chain(abstain).collect();
    question.form = QuestionForm::Choice;
    question
}

fn bloc() -> Question {
    let mut question =
        sample_question(9, "Thông qua các nghị quyết", "", rule(1, 2, Base::AllSeats, true, TieRule::Fails));
    let part = |part: Question| BlocPart {
        question: part.id.clone(),
        title: part.title.clone(),
        document_sha256: document_hash(&part).hex(),
    };
    question.bloc = vec![part(story::first_question()), part(story::second_question())];
    question
}

fn for_two_groups() -> Question {
    let mut question = sample_question(10, "Việc của hai tổ", "", rule(1, 2, Base::InOffice, true, TieRule::Fails));
    question.groups = vec!["Tổ 1".into(), "Tổ đại biểu số 2".into()];
    question.live_names = true;
    question
}

fn naming_two() -> Question {
    let mut question = Question { min_choices: 2, ..election() };
    question.groups = vec!["Tổ 1".into()];
    question
}

fn meaning(key: &str, meaning: &str) -> AnswerMeaning {
    AnswerMeaning { key: answer(key), meaning: meaning.into() }
}

fn fields(statement: &Statement) -> (&'static str, Value) {
    let base64 = |bytes: &[u8]| {
        use base64::Engine;
        base64::engine::general_purpose::STANDARD.encode(bytes)
    };
    match statement {
        Statement::Vote(vote) => {
            let mut fields = json!({
                "log": vote.log, "ballot": vote.ballot, "document_sha256": vote.document.hex(), "person": vote.person,
                "choice": vote.choice, "turn": vote.turn, "nonce": base64(&vote.nonce),
            });
            if !vote.more.is_empty() {
                fields["more"] = json!(vote.more);
            }
            ("vote", fields)
        }
        Statement::Order(order) => (
            "order",
            json!({
                "log": order.log, "person": order.person, "order": order.order, "target": order.target,
                "arguments_sha256": order.arguments.hex(), "nonce": base64(&order.nonce),
            }),
        ),
        Statement::Enrol(enrol) => (
            "enrol",
            json!({
                "log": enrol.log, "person": enrol.person, "key": base64(&enrol.key), "nonce": base64(&enrol.nonce),
            }),
        ),
        Statement::Login(login) => {
            ("login", json!({ "log": login.log, "person": login.person, "challenge": base64(&login.challenge) }))
        }
    }
}

#[test]
fn questions() {
    let odd_rule = MajorityRule {
        numerator: 2,
        denominator: 3,
        base: Base::TookPart,
        constant: -1,
        strict: false,
        tie: TieRule::ChairDecides,
    };
    let mut final_vote = sample_question(3, "Bãi nhiệm", "Một dòng", odd_rule);
    final_vote.change_allowed = false;
    final_vote.answers.truncate(2);
    let questions: Vec<Question> = vec![
        story::first_question(),
        story::second_question(),
        final_vote,
        sample_question(4, "Empty lines", "\n\nthird\n", rule(1, 2, Base::Present, true, TieRule::Fails)),
        sample_question(5, "Một phần hai số phiếu", "", rule(1, 2, Base::InOffice, true, TieRule::Fails)),
        sample_question(6, "yes “and” no \u{1F5F3}", "", rule(1, 1, Base::YesAndNo, false, TieRule::Fails)),
        election(),
        choice(),
        bloc(),
        for_two_groups(),
        naming_two(),
    ];
    let vectors: Vec<Value> = questions
        .iter()
        .map(|question| {
            assert_eq!(document(question), dienhong::chamber::question::document(question));
            let mut vector = json!({
                "title": question.title,
                "text": question.text,
                "answers": question.answers,
                "rule": question.rule,
                // As the pages have them.
                "form": form_word(question.form),
                "choices": question.form.choices(),
                "bloc": question.bloc,
                "change_allowed": question.change_allowed,
                "document": document(question),
                "sha256": document_hash(question).hex(),
            });
            // Left out where they say nothing.
            let limits = [
                ("groups", (!question.groups.is_empty()).then(|| json!(question.groups))),
                ("min_choices", (question.min_choices > 0).then(|| json!(question.min_choices))),
                ("live_names", question.live_names.then_some(json!(true))),
            ];
            for (field, value) in limits {
                value.into_iter().for_each(|value| vector[field] = value);
            }
            vector
        })
        .collect();
    golden_json("questions.json", &json!(vectors));
}

fn form_word(form: QuestionForm) -> &'static str {
    match form {
        QuestionForm::Motion => "motion",
        QuestionForm::Choice => "choice",
        QuestionForm::Election { .. } => "election",
    }
}

#[test]
fn entries_of_every_kind() {
    let hall = later::hall();
    let vectors: Vec<Value> = hall
        .lines
        .iter()
        .map(|line| {
            let hash = line_hash(line);
            json!({ "line": line, "leaf_sha256": hash.hex(), "short": short_code(&hash) })
        })
        .collect();
    for (entry, line) in hall.entries.iter().zip(&hall.lines) {
        assert_eq!(&Entry::decode(line).unwrap(), entry);
    }
    let report = verify(Cursor::new(hall.bundle()), Some(&vkey()), |_| {}).unwrap();
    // Only two of six are there, so a count and a ballot lack the quorum; all else is as the rules have it.
    let found: Vec<_> = report.findings.iter().map(|finding| (finding.seq, finding.problem.to_string())).collect();
    let lacks = |seq: u64| (Some(seq), Problem::NotAllowed { code: "not_quorate" }.to_string());
    assert_eq!(found, [lacks(119), lacks(121)]);
    let kinds: BTreeSet<String> = hall.lines.iter().map(|line| kind(line)).collect();
    assert_eq!(kinds.iter().map(String::as_str).collect::<Vec<_>>(), EVERY_KIND);
    golden_json("entries.json", &json!(vectors));
}

fn kind(line: &str) -> String {
    let value: Value = serde_json::from_str(line).unwrap();
    value["kind"].as_str().unwrap().to_owned()
}

/// Every kind of event there is, sorted.
const EVERY_KIND: [&str; 56] = [
    "ballot_announced",
    "ballot_annulled",
    "ballot_closed",
    "ballot_confirmed",
    "ballot_extended",
    "ballot_held",
    "ballot_opened",
    "ballot_resumed",
    "ballot_voided",
    "budget_set",
    "checked_in",
    "checked_out",
    "council_founded",
    "count_recorded",
    "device_bound",
    "device_revoked",
    "excused",
    "gavel_handed",
    "gavel_taken",
    "item_added",
    "item_changed",
    "item_finished",
    "item_moved",
    "item_removed",
    "item_started",
    "list_closed",
    "list_opened",
    "person_left",
    "person_set",
    "promise_kept",
    "promise_logged",
    "promise_struck",
    "question_prepared",
    "request_moved",
    "request_withdrawn",
    "roster_imported",
    "round_started",
    "rules_set",
    "session_created",
    "sitting_closed",
    "sitting_opened",
    "sitting_prepared",
    "sitting_resumed",
    "sitting_suspended",
    "speech_ended",
    "speech_extended",
    "speech_paused",
    "speech_requested",
    "speech_resumed",
    "speech_started",
    "ticker_set",
    "vote_cast",
    "wall_added",
    "wall_follows",
    "wall_removed",
    "wall_shown",
];

#[test]
fn receipts() {
    let hall = story::hall();
    let good = vkey();
    let votes: Vec<u64> =
        (0..hall.entries.len() as u64).filter(|seq| hall.lines[*seq as usize].contains("\"vote_cast\"")).collect();
    let seq = votes[1];
    let size = seq + 1;
    let whole = hall.receipt(seq, size);
    let last = hall.receipt(seq, hall.tree.size());
    let first = hall.receipt(0, 1);

    let stranger = NoteSigner::new(ORIGIN, signing_key("a stranger")).unwrap();
    let resigned = |signer: &NoteSigner, origin: &str| {
        let checkpoint = Checkpoint { origin: origin.into(), size, root: hall.tree.root_at(size).unwrap() };
        Receipt { checkpoint: checkpoint.sign(signer), ..whole.clone() }
    };
    let mut flipped = whole.clone();
    flipped.proof[0].0[31] ^= 1;
    let mut shorter = whole.clone();
    shorter.proof.pop();
    let mut longer = whole.clone();
    longer.proof.push(Hash::of(b"one too many"));
    let other_root = Checkpoint { origin: ORIGIN.into(), size, root: hall.tree.root() }.encode();
    let signature = whole.checkpoint.rsplit("\n\n").next().unwrap();

    let vectors: Vec<Value> = [
        ("an entry under the checkpoint of its batch", whole.clone()),
        ("the same entry under the newest checkpoint", last),
        ("the first entry alone: an empty proof", first),
        (
            "the answer in the entry was changed",
            Receipt { entry: whole.entry.replace("\"answer\":\"no\"", "\"answer\":\"yes\""), ..whole.clone() },
        ),
        ("another number", Receipt { seq: seq - 1, ..whole.clone() }),
        ("a number beyond the tree", Receipt { seq: size, ..whole.clone() }),
        ("one bit of the proof flipped", flipped),
        ("a hash missing from the proof", shorter),
        ("a hash too many in the proof", longer),
        ("an inner node passed off as an entry", inner_node(&hall, &whole)),
        ("the checkpoint is signed by another key under the same name", resigned(&stranger, ORIGIN)),
        ("the checkpoint's key signed for another record", resigned(&council_signer(), "dienhong.example/khac")),
        (
            "another root under the old signature",
            Receipt { checkpoint: format!("{other_root}\n{signature}"), ..whole.clone() },
        ),
        (
            "another size under the old signature",
            Receipt {
                checkpoint: whole.checkpoint.replacen(&format!("\n{size}\n"), &format!("\n{}\n", size + 1), 1),
                ..whole.clone()
            },
        ),
        ("the checkpoint is not signed", Receipt { checkpoint: other_root.clone(), ..whole.clone() }),
    ]
    .into_iter()
    .map(|(why, receipt)| vector(why, &receipt, &good))
    .collect();
    assert_eq!(vectors.iter().filter(|vector| vector["valid"] == true).count(), 3);
    golden_json("receipts.json", &json!(vectors));
}

fn inner_node(hall: &Hall, whole: &Receipt) -> Receipt {
    let mut receipt = whole.clone();
    receipt.entry = format!("{:?}{:?}", hall.tree.leaf(0), hall.tree.leaf(1));
    receipt
}

fn vector(why: &str, receipt: &Receipt, key: &VerifierKey) -> Value {
    let proof: Vec<String> = receipt.proof.iter().map(Hash::base64).collect();
    json!({
        "why": why,
        "seq": receipt.seq,
        "entry": receipt.entry,
        "proof": proof,
        "checkpoint": receipt.checkpoint,
        "vkey": key.to_string(),
        "origin": ORIGIN,
        "valid": check(receipt, key).is_ok(),
    })
}

#[test]
fn tree() {
    const LEAVES: u64 = 20;
    let mut tree = Tree::new();
    let entries: Vec<String> = (0..LEAVES).map(|n| format!("entry {n}")).collect();
    tree.extend(entries.iter().map(|entry| leaf_hash(entry.as_bytes())));
    let hashes = |proof: Vec<Hash>| proof.iter().map(Hash::base64).collect::<Vec<_>>();
    let sizes: Vec<Value> = (1..=LEAVES)
        .map(|size| {
            let inclusion: Vec<_> = (0..size).map(|index| hashes(tree.inclusion(index, size).unwrap())).collect();
            let consistency: Vec<_> = (1..=size).map(|from| hashes(tree.consistency(from, size).unwrap())).collect();
            json!({
                "size": size,
                "root": tree.root_at(size).unwrap().base64(),
                "inclusion_by_index": inclusion,
                "consistency_from_1": consistency,
            })
        })
        .collect();
    golden_json(
        "tree.json",
        &json!({ "entries": entries, "empty_root": tree.root_at(0).unwrap().base64(), "sizes": sizes }),
    );
}

/// A whole record as one file, for other verifiers.
#[test]
fn bundle() {
    golden("bundle.tar", &story::hall().bundle());
}
