//! The signing client: what it sends, what it believes, and what it does when the server is away, busy or lying.

mod server;

use dienhong::chamber::ballot::Question;
use dienhong::chamber::command::Command;
use dienhong::chamber::ids::{ItemId, PersonId, QuestionId};
use dienhong::chamber::presets;
use dienhong::chamber::question::document_sha256;
use dienhong::client::{Client, ClientError, DeviceKey, Identity, Options, when};
use dienhong::ledger::statement::{SignedStatement, Statement};
use dienhong::wire::frames::{Page, View};
use dienhong::wire::views::{AnswerView, BallotState, BallotView, BaseView, QuestionView, RollView, RuleView, TieView};
use server::{Conduct, FakeServer, PERSON};
use std::time::Duration;

/// Only ends a test that hangs.
const LIMIT: Duration = Duration::from_secs(60);

async fn enrolled(server: &FakeServer) -> Identity {
    server.endpoint.enrol("ABCD-EFGH", DeviceKey::from_seed([9; 32])).await.expect("an identity")
}

async fn joined(server: &FakeServer) -> Client {
    let identity = enrolled(server).await;
    Client::connect(&server.endpoint, Page::Delegate, Some(&identity), Options::default()).await.expect("a joined page")
}

/// A question as a page shows it, and an open ballot that names it.
fn put_to_the_vote() -> (BallotView, QuestionView) {
    let profile = presets::generic(1);
    let rule = profile.majorities.first().expect("a rule").rule.clone();
    let mut question = Question {
        form: Default::default(),
        bloc: Vec::new(),
        id: QuestionId::parse("q1").expect("an id"),
        item: ItemId::parse("i1").expect("an id"),
        title: "Nghị quyết".to_owned(),
        text: "Điều 1.\n\nĐiều 2.".to_owned(),
        answers: profile.answers,
        rule,
        seconds: 0,
        change_allowed: true,
        show_split: false,
        document_sha256: String::new(),
        groups: Vec::new(),
        min_choices: 0,
        live_names: false,
    };
    question.document_sha256 = document_sha256(&question);
    let shown = QuestionView {
        form: dienhong::wire::views::QuestionForm::Motion,
        choices: 1,
        min_choices: 0,
        groups: Vec::new(),
        live_names: false,
        bloc: Vec::new(),
        in_bloc: None,
        id: "q1".to_owned(),
        item: "i1".to_owned(),
        title: question.title.clone(),
        text: question.text.clone(),
        answers: question
            .answers
            .iter()
            .map(|answer| AnswerView { key: answer.key.to_string(), meaning: answer.meaning.clone() })
            .collect(),
        rule: RuleView {
            numerator: 1,
            denominator: 2,
            base: BaseView::YesAndNo,
            constant: 0,
            strict: true,
            tie: TieView::ChairDecides,
        },
        document_sha256: question.document_sha256.clone(),
        seconds: 0,
        change_allowed: true,
        show_split: false,
        ballots: Vec::new(),
    };
    let ballot = BallotView {
        form: dienhong::wire::views::BallotForm::Electronic,
        id: "b1".to_owned(),
        question: "q1".to_owned(),
        item: "i1".to_owned(),
        round: 1,
        state: BallotState::Open,
        document_sha256: question.document_sha256,
        opened_at: 0,
        closes_at: None,
        remaining_ms: None,
        length_ms: None,
        hold_cause: None,
        received: 0,
        present: 1,
        entitled: 3,
        split: None,
        result: None,
        reason: None,
    };
    (ballot, shown)
}

/// The same as an election of two of three.
fn an_election() -> (BallotView, QuestionView) {
    let (mut ballot, mut shown) = put_to_the_vote();
    shown.form = dienhong::wire::views::QuestionForm::Election;
    shown.choices = 2;
    shown.answers =
        ["c1", "c2", "c3", "abstain"].map(|key| AnswerView { key: key.into(), meaning: key.into() }).to_vec();
    let document = "chamber-question/v1\ntitle Nghị quyết\ntext Điều 1.\ntext \ntext Điều 2.\nanswer c1 c1\nanswer c2 c2\n\
                    answer c3 c3\nanswer abstain abstain\nrule 1/2 yes_and_no over 0 chair_decides\nform election 2\n\
                    change allowed\n";
    ballot.document_sha256 = dienhong::ledger::merkle::Hash::of(document.as_bytes()).hex();
    shown.document_sha256.clone_from(&ballot.document_sha256);
    (ballot, shown)
}

fn turns(acts: &[String]) -> Vec<(u32, String)> {
    let vote = |act: &String| match SignedStatement::parse(act).expect("a statement").statement {
        Statement::Vote(vote) => (vote.turn, vote.choice.to_string()),
        other => panic!("not a vote: {other:?}"),
    };
    acts.iter().map(vote).collect()
}

#[tokio::test]
async fn a_vote_has_a_receipt_that_was_checked_and_a_change_takes_the_next_turn() {
    let server = FakeServer::start().await;
    let client = joined(&server).await;
    let (ballot, question) = put_to_the_vote();
    let receipt = client.vote(&ballot, &question, "yes").await.expect("a receipt");
    assert_eq!(receipt.seq, 1, "after the enrolment");
    assert_eq!(receipt.short.len(), 4);
    client.vote(&ballot, &question, "no").await.expect("a receipt");
    assert_eq!(turns(&server.book().acts), [(1, "yes".to_owned()), (2, "no".to_owned())]);
}

#[tokio::test]
async fn a_vote_for_several_candidates_names_them_in_the_questions_order() {
    let server = FakeServer::start().await;
    let client = joined(&server).await;
    let (ballot, question) = an_election();
    client.vote_for(&ballot, &question, &["c3", "c1", "c3"]).await.expect("a receipt");
    let acts = server.book().acts.clone();
    let Statement::Vote(vote) = SignedStatement::parse(&acts[0]).expect("a statement").statement else {
        panic!("not a vote: {}", acts[0])
    };
    assert_eq!((vote.choice.as_str(), vote.more.len(), vote.more[0].as_str()), ("c1", 1, "c3"));
    for unknown in [&["c1", "c4"][..], &[]] {
        let told = client.vote_for(&ballot, &question, unknown).await.expect_err("no such answer");
        assert_eq!(told.code(), "answer_unknown", "{unknown:?}");
    }
}

#[tokio::test]
async fn the_same_statement_is_sent_again_when_the_answer_was_lost() {
    let server = FakeServer::start().await;
    let client = joined(&server).await;
    let (ballot, question) = put_to_the_vote();
    server.will([Conduct::HangUp, Conduct::HangUp]);
    let receipt = client.vote(&ballot, &question, "yes").await.expect("a receipt");
    let book = server.book();
    assert_eq!((receipt.seq, book.entries(), book.joins), (1, 2, 3));
    assert_eq!(book.acts.len(), 3);
    assert!(book.acts.iter().all(|act| *act == book.acts[0]), "byte for byte");
}

#[tokio::test]
async fn a_busy_server_is_asked_again() {
    let server = FakeServer::start().await;
    let client = joined(&server).await;
    let (ballot, question) = put_to_the_vote();
    server.will([Conduct::Busy, Conduct::Busy]);
    client.vote(&ballot, &question, "abstain").await.expect("a receipt");
    let book = server.book();
    assert_eq!((book.acts.len(), book.joins), (3, 1));
}

#[tokio::test]
async fn a_refusal_is_an_answer_and_spends_no_turn() {
    let server = FakeServer::start().await;
    let client = joined(&server).await;
    let (ballot, question) = put_to_the_vote();
    server.will([Conduct::Refuse("ballot_not_open")]);
    let refused = client.vote(&ballot, &question, "yes").await.expect_err("a refusal");
    assert!(refused.is_refusal("ballot_not_open"), "{refused:?}");
    client.vote(&ballot, &question, "yes").await.expect("a receipt");
    assert_eq!(turns(&server.book().acts), [(1, "yes".to_owned()), (1, "yes".to_owned())]);
}

#[tokio::test]
async fn a_receipt_that_proves_nothing_is_not_believed() {
    let server = FakeServer::start().await;
    let client = joined(&server).await;
    let (ballot, question) = put_to_the_vote();
    for lie in [Conduct::ForgeCheckpoint, Conduct::ProveAnother] {
        server.will([lie]);
        let told = client.vote(&ballot, &question, "yes").await.expect_err("a lie");
        assert_eq!(told.code(), "bad_receipt", "{lie:?}");
    }
    server.will([Conduct::ForgeCheckpoint]);
    let order = Command::CheckIn { person: PersonId::parse(PERSON).unwrap(), reason: None };
    assert_eq!(client.order(&order).await.expect_err("a lie").code(), "bad_receipt");
}

#[tokio::test]
async fn an_enrolment_that_is_not_proved_gives_no_identity() {
    let server = FakeServer::start().await;
    server.will([Conduct::ForgeCheckpoint]);
    let told = server.endpoint.enrol("ABCD-EFGH", DeviceKey::from_seed([9; 32])).await.expect_err("a lie");
    assert_eq!(told.code(), "bad_receipt");
}

#[tokio::test]
async fn nothing_is_signed_for_a_question_other_than_the_ballot_names() {
    let server = FakeServer::start().await;
    let client = joined(&server).await;
    let (ballot, question) = put_to_the_vote();
    let mut reworded = question.clone();
    reworded.text.push('!');
    let mut other_rule = question.clone();
    other_rule.rule.strict = false;
    for shown in [reworded, other_rule] {
        let told = client.vote(&ballot, &shown, "yes").await.expect_err("another document");
        assert_eq!(told, ClientError::WrongDocument);
    }
    let told = client.vote(&ballot, &question, "maybe").await.expect_err("no such answer");
    assert_eq!(told.code(), "answer_unknown");
    assert!(server.book().acts.is_empty());
}

#[tokio::test]
async fn a_revoked_device_does_not_come_back() {
    let server = FakeServer::start().await;
    let client = joined(&server).await;
    let (ballot, question) = put_to_the_vote();
    server.will([Conduct::Close(4002)]);
    for _ in 0..2 {
        let told = client.vote(&ballot, &question, "yes").await.expect_err("closed");
        assert!(matches!(told, ClientError::Closed { code: 4002, .. }), "{told:?}");
    }
    assert!(!client.is_joined());
    let book = server.book();
    assert_eq!((book.acts.len(), book.joins), (1, 1));
}

#[tokio::test]
async fn another_record_at_the_same_address_is_not_joined() {
    let server = FakeServer::start().await;
    let identity = enrolled(&server).await;
    server.book().origin = "example.org/other".to_owned();
    let told = Client::connect(&server.endpoint, Page::Delegate, Some(&identity), Options::default()).await;
    assert_eq!(told.expect_err("another council"), ClientError::WrongCouncil);
    assert_eq!(server.book().joins, 0, "no login was signed for it");
}

#[tokio::test]
async fn views_never_go_backwards() {
    let server = FakeServer::start().await;
    let roll = |seats| View::Roll(RollView { seats, people: Vec::new() });
    server.book().views = vec![(7, roll(70)), (5, roll(50)), (9, roll(90)), (8, roll(80))];
    let client = joined(&server).await;
    when(&client.views().roll, LIMIT, |roll| roll.seats == 90).await.expect("the newest");
    // The answer to an order comes after everything that was sent before it.
    let order = Command::CheckIn { person: PersonId::parse(PERSON).expect("an id"), reason: None };
    client.order(&order).await.expect("a receipt");
    assert_eq!(client.views().roll.borrow().as_ref().map(|roll| roll.seats), Some(90));
}

#[tokio::test]
async fn a_page_that_only_watches_cannot_act() {
    let server = FakeServer::start().await;
    let client = Client::connect(&server.endpoint, Page::Wall, None, Options::default()).await.expect("a wall");
    let (ballot, question) = put_to_the_vote();
    assert_eq!(client.vote(&ballot, &question, "yes").await.expect_err("nobody"), ClientError::NoIdentity);
}
