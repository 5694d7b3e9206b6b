//! Plays the roll calls one after the other, as the hall would.

use super::cast::Cast;
use super::recording::{Recording, RollCall, Tally};
use super::report::{self, Row};
use super::{ReplayError, progress};
use crate::chamber::agenda::ItemKind;
use crate::chamber::ballot::Verdict;
use crate::chamber::command::{Command, NewItem};
use crate::chamber::event::Event;
use crate::chamber::ids::{BallotId, ItemId, PersonId, QuestionId};
use crate::client::{CheckedReceipt, Client, ClientError, Host, when};
use crate::ledger::entry::Entry;
use crate::wire::views::{BallotState, CouncilView, QuestionView};
use std::io::Write;
use std::time::Duration;
use tokio::task::JoinSet;

/// How long a screen may take to show what was recorded.
const SCREEN_LIMIT: Duration = Duration::from_secs(30);
/// The rules to decide by, the best first: a council has those of its profile.
const RULES: [&str; 2] = ["majority_of_votes", "majority_of_all"];

/// Plays `recording` at `host` over real sockets and prints each tally beside the recorded one. True when all are equal.
///
/// # Errors
/// What kept the sitting from being played. A vote that failed is no error: it is printed, and the tally differs.
pub async fn play(host: &impl Host, recording: &Recording, out: &mut (impl Write + Send)) -> Result<bool, ReplayError> {
    let people = recording.members.len() as u64;
    let enrolling = progress::bar("enrolling", people + 2);
    let cast = Cast::assemble(host, recording, || enrolling.inc(1)).await?;
    enrolling.finish_and_clear();
    open_sitting(&cast).await?;
    let arriving = progress::bar("checking in", people);
    cast.check_in(|| arriving.inc(1)).await?;
    arriving.finish_and_clear();

    let here = cast.members.len() as u32;
    let present = |live: &crate::wire::views::LiveView| live.attendance.present >= here;
    let live = when(&cast.chair.views().live, SCREEN_LIMIT, present).await.map_err(at("waiting for everybody"))?;
    if !live.attendance.quorate {
        writeln!(out, "warning: {} present of {} seats is no quorum", live.attendance.present, live.attendance.seats)?;
    }

    let playing = progress::bar("roll calls", recording.roll_calls.len() as u64);
    write!(out, "{}", report::HEADING)?;
    let mut rows = Vec::new();
    for call in &recording.roll_calls {
        let Played { counted, failed } = play_one(&cast, call).await?;
        let row = Row { roll_call: call.number.clone(), counted, expected: call.expected };
        // The bar stands on stderr of the same terminal: it makes way while a line is written.
        playing.suspend(|| {
            write!(out, "{}", report::line(&row))?;
            failed.iter().try_for_each(|(member, error)| writeln!(out, "            {member}: {error}"))
        })?;
        playing.inc(1);
        rows.push(row);
    }
    playing.finish_and_clear();
    writeln!(out, "{}", report::counts(&rows))?;
    Ok(rows.iter().all(Row::equal))
}

fn at(step: &'static str) -> impl Fn(ClientError) -> ReplayError {
    move |error| ReplayError::Step { step, error }
}

/// Session, sitting and gavel. A running server may have the first two already.
async fn open_sitting(cast: &Cast) -> Result<(), ReplayError> {
    let session = Command::create_session("Recorded sitting", "Replay");
    give(&cast.secretary, &session, &["session_exists", "sitting_open"]).await.map_err(at("creating the session"))?;
    let sitting = Command::open_sitting("Replay of a recorded sitting");
    give(&cast.secretary, &sitting, &["sitting_open"]).await.map_err(at("opening the sitting"))?;
    let gavel = Command::TakeGavel { reason: Some("Replay of a recorded sitting".to_owned()) };
    give(&cast.chair, &gavel, &["gavel_held"]).await.map_err(at("taking the gavel"))
}

/// An order whose named refusals mean that it is done already.
async fn give(client: &Client, command: &Command, done_already: &[&str]) -> Result<(), ClientError> {
    match client.order(command).await {
        Err(error) if !done_already.iter().any(|code| error.is_refusal(code)) => Err(error),
        _ => Ok(()),
    }
}

struct Played {
    counted: Tally,
    failed: Vec<(PersonId, ClientError)>,
}

async fn play_one(cast: &Cast, call: &RollCall) -> Result<Played, ReplayError> {
    let (item, question) = prepare(cast, call).await?;
    let chair = &cast.chair;
    chair.order(&Command::StartItem { item }).await.map_err(at("starting the item"))?;
    let opened = Command::OpenBallot { question: question_id(&question)?, seconds: Some(0) };
    let opened = chair.order(&opened).await.map_err(at("opening the ballot"))?;
    let Event::BallotOpened { ballot, .. } = event_of(&opened)? else { return Err(unexpected(&opened)) };

    let mut voting = JoinSet::new();
    for (member, choice) in &call.votes {
        let Some(client) = cast.members.get(member).cloned() else { continue };
        let (member, ballot, choice) = (member.clone(), ballot.clone(), *choice);
        voting.spawn(async move { (member, vote(&client, &ballot, choice.key()).await) });
    }
    let mut failed = Vec::new();
    while let Some(voted) = voting.join_next().await {
        match voted {
            Ok((_, Ok(_))) => {}
            Ok((member, Err(error))) => failed.push((member, error)),
            Err(_) => return Err(ReplayError::Broken("a member's task")),
        }
    }
    failed.sort_by(|a, b| a.0.cmp(&b.0));
    finish(chair, &ballot).await.map_err(at("closing the ballot"))?;
    let counted = result(chair, &ballot).await.map_err(at("reading the result"))?;
    Ok(Played { counted, failed })
}

/// Puts the roll call on the agenda. The record says which item it became; the screen then shows its question.
async fn prepare(cast: &Cast, call: &RollCall) -> Result<(ItemId, QuestionView), ReplayError> {
    let mut added = Err(ClientError::Gone);
    for rule in RULES {
        let item = NewItem {
            number: call.number.clone(),
            kind: ItemKind::Vote,
            title: format!("Roll call {}", call.number),
            short_title: None,
            minutes: None,
            rule: Some(rule.to_owned()),
            level: 0,
            planned_at: None,
            presenter: None,
            closed: false,
        };
        added = cast.secretary.order(&Command::add_items(vec![item])).await;
        if !matches!(&added, Err(error) if error.is_refusal("bad_rule")) {
            break;
        }
    }
    let added = added.map_err(at("adding the item"))?;
    let Event::ItemAdded { item, .. } = event_of(&added)? else { return Err(unexpected(&added)) };
    let mut question = None;
    let shown = |council: &CouncilView| {
        let shown = council.agenda.iter().find(|shown| shown.id == item.id.as_str());
        question = shown.and_then(|shown| shown.questions.first()).cloned();
        question.is_some()
    };
    when(&cast.secretary.views().council, SCREEN_LIMIT, shown).await.map_err(at("waiting for the question"))?;
    Ok((item.id, question.ok_or(ReplayError::Broken("the agenda"))?))
}

/// What a delegate does: waits for the ballot on the tablet, reads its question, votes, has the receipt.
async fn vote(client: &Client, ballot: &BallotId, answer: &str) -> Result<CheckedReceipt, ClientError> {
    let shows = |live: &crate::wire::views::LiveView| {
        live.ballot.as_ref().is_some_and(|shown| shown.id == ballot.as_str() && shown.state == BallotState::Open)
    };
    let live = when(&client.views().live, SCREEN_LIMIT, shows).await?;
    let open = live.ballot.as_ref().ok_or(ClientError::Gone)?;
    let mut question = None;
    let council = |council: &CouncilView| {
        question = council.agenda.iter().flat_map(|item| &item.questions).find(|q| q.id == open.question).cloned();
        question.is_some()
    };
    when(&client.views().council, SCREEN_LIMIT, council).await?;
    let question = question.ok_or(ClientError::Gone)?;
    client.vote(open, &question, answer).await
}

async fn finish(chair: &Client, ballot: &BallotId) -> Result<(), ClientError> {
    chair.order(&Command::CloseBallot { ballot: ballot.clone() }).await?;
    let confirm = |casting| Command::ConfirmBallot { ballot: ballot.clone(), casting };
    match chair.order(&confirm(None)).await {
        // The recording does not say how the chair broke the tie, and the tally is the same either way.
        Err(error) if error.is_refusal("casting_vote_needed") => chair.order(&confirm(Some(Verdict::Rejected))).await?,
        confirmed => confirmed?,
    };
    chair.order(&Command::AnnounceBallot { ballot: ballot.clone() }).await.map(|_| ())
}

/// The announced tally, as the screens show it.
async fn result(chair: &Client, ballot: &BallotId) -> Result<Tally, ClientError> {
    let mut tally = None;
    let announced = |live: &crate::wire::views::LiveView| {
        let shown = live.ballot.as_ref().filter(|b| b.id == ballot.as_str() && b.state == BallotState::Announced);
        tally = shown.and_then(|b| b.result.as_ref()).map(|result| {
            let count = |key| result.counts.iter().find(|c| c.answer == key).map_or(0, |c| c.count);
            Tally {
                yes: count("yes"),
                no: count("no"),
                abstain: count("abstain"),
                absent: result.in_office.saturating_sub(result.took_part),
            }
        });
        tally.is_some()
    };
    when(&chair.views().live, SCREEN_LIMIT, announced).await?;
    tally.ok_or(ClientError::Gone)
}

fn event_of(receipt: &CheckedReceipt) -> Result<Event, ReplayError> {
    Entry::decode(&receipt.receipt.entry).map(|entry| entry.event).map_err(|_| unexpected(receipt))
}

fn unexpected(receipt: &CheckedReceipt) -> ReplayError {
    ReplayError::Unexpected(receipt.seq)
}

fn question_id(question: &QuestionView) -> Result<QuestionId, ReplayError> {
    QuestionId::parse(question.id.as_str()).map_err(|_| ReplayError::Broken("the question's id"))
}
