//! A second session, which has in it every kind of event that came after the first format was fixed. Its events are written down
//! here as they stand in the record, each under the order that brings it about.

use super::*;
use dienhong::chamber::agenda::{Item, SessionKind, SuspensionCause};
use dienhong::chamber::ballot::{AnswerCount, BallotForm, BlocPart, ClosedBy, Counted, Papers, QuestionForm};
use dienhong::chamber::ids::{PromiseId, RequestId, SessionId, SittingId, SpeechId, WallId};
use dienhong::chamber::question::document_sha256;
use dienhong::chamber::rules::SpeakingRules;
use dienhong::chamber::speaking::SpeechKind;
use dienhong::chamber::wall::Card;

id!(session SessionId, sitting SittingId, request RequestId, speech SpeechId, promise PromiseId, wall WallId);

/// One order and what it brought about.
pub fn did(hall: &mut Hall, by: &str, command: Command, events: Vec<Event>) {
    hall.wait(1_500);
    let (note, arguments) = hall.signed_order(by, &command);
    hall.write(Actor::Person(person(by)), Some(note), Some(arguments), events);
}

/// Everything of [`story::hall`], and then the later session.
pub fn hall() -> Hall {
    let mut hall = story::hall();
    let official = Person { offices: vec![Office::Official], ..somebody(8, "giam-doc", None, &[]) };
    let sha256 = Hash::of(b"officials.csv").hex();
    hall.order("quan-tri", Command::ImportRoster { sha256, people: vec![official] });
    prepare(&mut hall);
    put_questions(&mut hall);
    begin(&mut hall);
    interpellate(&mut hall);
    pause(&mut hall);
    walls(&mut hall);
    count(&mut hall);
    elect(&mut hall);
    lose_the_store(&mut hall);
    groups::end(&mut hall);
    hall
}

fn new(number: &str, kind: ItemKind, title: &str) -> NewItem {
    NewItem::new(number, kind, title)
}

fn agenda_item(id: &str, number: &str, kind: ItemKind, title: &str) -> Item {
    Item {
        id: item(id),
        number: number.into(),
        kind,
        title: title.into(),
        short_title: title.into(),
        minutes: None,
        rule: None,
        parent: None,
        planned_at: None,
        presenter: None,
        closed: false,
    }
}

fn of_those_voting() -> MajorityRule {
    rule(1, 2, Base::TookPart, true, TieRule::Fails)
}

fn prepare(hall: &mut Hall) {
    let mut majorities = rules().majorities;
    majorities.push(NamedRule { name: "of_those_voting".into(), rule: of_those_voting() });
    let rules = Box::new(RulesProfile {
        ballot_seconds: 45,
        majorities,
        speaking: SpeakingRules { rebut: 180, ..SpeakingRules::default() },
        ..rules()
    });
    did(hall, "quan-tri", Command::SetRules { rules: rules.clone() }, vec![Event::RulesSet { rules }]);
    let (title, term) = ("Kỳ họp chuyên đề", "2026–2031");
    did(
        hall,
        "thu-ky",
        Command::CreateSession { title: title.into(), term: term.into(), kind: Some(SessionKind::Thematic) },
        vec![Event::SessionCreated {
            session: session("s2"),
            title: title.into(),
            term: term.into(),
            session_kind: SessionKind::Thematic,
        }],
    );
    let (title, planned_at) = ("Phiên họp kín", Some(Millis(1_800_086_400_000)));
    did(
        hall,
        "thu-ky",
        Command::PrepareSitting { title: title.into(), planned_at, closed_doors: true },
        vec![Event::SittingPrepared {
            sitting: sitting("t2"),
            session: session("s2"),
            title: title.into(),
            planned_at,
            closed_doors: true,
        }],
    );
    let (first, second) = ("Chất vấn về thoát nước", "Thảo luận");
    let presenter = Some("Ban Đô thị".to_owned());
    let items = vec![
        NewItem { planned_at, presenter: presenter.clone(), ..new("1", ItemKind::Interpellation, first) },
        NewItem { level: 1, ..new("1.1", ItemKind::Discussion, second) },
    ];
    let added = [
        Item { planned_at, presenter, ..agenda_item("i3", "1", ItemKind::Interpellation, first) },
        Item { parent: Some(item("i3")), ..agenda_item("i4", "1.1", ItemKind::Discussion, second) },
    ];
    let added = added.map(|item| Event::ItemAdded { item, before: None }).to_vec();
    did(hall, "thu-ky", Command::add_items(items), added);
    let to = NewItem { closed: true, ..new("1.1", ItemKind::Discussion, "Thảo luận kín") };
    let changed = Item {
        parent: Some(item("i3")),
        closed: true,
        ..agenda_item("i4", "1.1", ItemKind::Discussion, "Thảo luận kín")
    };
    let change = Command::ChangeItem { item: item("i4"), to };
    did(hall, "thu-ky", change, vec![Event::ItemChanged { item: changed }]);
}

fn put_questions(hall: &mut Hall) {
    let title = "Nghị quyết về thoát nước";
    let items = vec![NewItem { rule: Some("over_half".into()), ..new("2", ItemKind::Vote, title) }];
    let vote = Item { rule: Some("over_half".into()), ..agenda_item("i5", "2", ItemKind::Vote, title) };
    let before = Some(item("i3"));
    let first = on_item_five(3, title, |_| ());
    did(
        hall,
        "thu-ky",
        Command::AddItems { items, parent: None, before: before.clone(), start: false },
        vec![Event::ItemAdded { item: vote, before }, Event::QuestionPrepared { question: first.clone() }],
    );
    let to_the_top = Command::MoveItem { item: item("i4"), parent: None, before: Some(item("i5")) };
    let moved = Event::ItemMoved { item: item("i4"), parent: None, before: Some(item("i5")) };
    did(hall, "thu-ky", to_the_top, vec![moved]);
    let under = Command::MoveItem { item: item("i4"), parent: Some(item("i3")), before: None };
    did(hall, "thu-ky", under, vec![Event::ItemMoved { item: item("i4"), parent: Some(item("i3")), before: None }]);
    did(hall, "thu-ky", Command::RemoveItem { item: item("i4") }, vec![Event::ItemRemoved { item: item("i4") }]);

    let candidates = [("c1", "Trần Mẫu Một"), ("c2", "Lê Mẫu Hai")].map(|(key, name)| meaning(key, name)).to_vec();
    let election = election();
    did(
        hall,
        "thu-ky",
        prepare_question(&election.title, "of_those_voting", Some(election.form), Some(candidates)),
        vec![Event::QuestionPrepared { question: election }],
    );
    let second = on_item_five(5, "Nghị quyết về cây xanh", |_| ());
    let prepared = vec![Event::QuestionPrepared { question: second.clone() }];
    did(hall, "thu-ky", prepare_question(&second.title, "over_half", None, None), prepared);
    let bloc = [&first, &second].map(|part| BlocPart {
        question: part.id.clone(),
        title: part.title.clone(),
        document_sha256: part.document_sha256.clone(),
    });
    let whole = on_item_five(6, "Thông qua hai nghị quyết", |question| question.bloc = bloc.to_vec());
    did(
        hall,
        "thu-ky",
        Command::PrepareBloc {
            item: item("i5"),
            title: whole.title.clone(),
            questions: vec![first.id, second.id],
            live_names: false,
        },
        vec![Event::QuestionPrepared { question: whole }],
    );
    let (group, seconds) = ("Tổ 1".to_owned(), 600);
    did(
        hall,
        "thu-ky",
        Command::SetBudget { item: item("i3"), group: group.clone(), seconds },
        vec![Event::BudgetSet { item: item("i3"), group, seconds }],
    );
}

fn prepare_question(
    title: &str,
    rule: &str,
    form: Option<QuestionForm>,
    answers: Option<Vec<AnswerMeaning>>,
) -> Command {
    Command::PrepareQuestion {
        item: item("i5"),
        title: title.into(),
        text: String::new(),
        rule: rule.into(),
        seconds: None,
        show_split: None,
        replaces: None,
        form,
        answers,
        change_allowed: None,
        groups: Vec::new(),
        min_choices: 0,
        live_names: false,
    }
}

fn meaning(key: &str, text: &str) -> AnswerMeaning {
    AnswerMeaning { key: answer(key), meaning: text.into() }
}

fn on_item_five(n: u32, title: &str, with: impl FnOnce(&mut Question)) -> Question {
    let mut made = sample_question(n, title, "", rules().majorities[0].rule.clone());
    made.item = item("i5");
    made.seconds = 45;
    with(&mut made);
    made.document_sha256 = document_sha256(&made);
    made
}

fn election() -> Question {
    on_item_five(4, "Bầu một ủy viên", |question| {
        question.form = QuestionForm::Election { places: 1 };
        question.rule = of_those_voting();
        question.answers = [("c1", "Trần Mẫu Một"), ("c2", "Lê Mẫu Hai"), ("abstain", "Không biểu quyết")]
            .map(|(key, name)| meaning(key, name))
            .to_vec();
    })
}

fn begin(hall: &mut Hall) {
    did(
        hall,
        "thu-ky",
        Command::OpenSitting { sitting: Some(sitting("t2")), title: None, closed_doors: true },
        vec![Event::SittingOpened {
            sitting: sitting("t2"),
            session: session("s2"),
            title: "Phiên họp kín".into(),
            closed_doors: true,
        }],
    );
    for id in ["chu-toa", "db4"] {
        let came = Event::CheckedIn { person: person(id), reason: None };
        did(hall, id, Command::CheckIn { person: person(id), reason: None }, vec![came]);
    }
    let started = vec![Event::ItemStarted { item: item("i3") }];
    did(hall, "chu-toa", Command::StartItem { item: item("i3") }, started);
}

fn interpellate(hall: &mut Hall) {
    did(hall, "chu-toa", Command::OpenList {}, vec![Event::ListOpened {}]);
    ask(hall, "db4", "r1", SpeechKind::Interpellate, Some("Ngập ở khu vực chợ"), Some(person("giam-doc")));
    ask(hall, "chu-toa", "r2", SpeechKind::PointOfOrder, None, None);
    let reason = "theo đề nghị của chủ tọa".to_owned();
    did(
        hall,
        "chu-toa",
        Command::MoveRequest { request: request("r1"), before: Some(request("r2")), reason: reason.clone() },
        vec![Event::RequestMoved { request: request("r1"), before: Some(request("r2")), reason }],
    );
    let withdrawn = vec![Event::RequestWithdrawn { request: request("r2"), reason: None }];
    did(hall, "chu-toa", Command::WithdrawRequest { request: request("r2"), reason: None }, withdrawn);
    did(hall, "chu-toa", Command::CloseList {}, vec![Event::ListClosed {}]);
    let official = person("giam-doc");
    did(
        hall,
        "chu-toa",
        Command::StartRound { official: official.clone() },
        vec![Event::RoundStarted { item: item("i3"), round: 1, official: official.clone() }],
    );
    did(
        hall,
        "chu-toa",
        Command::CallSpeaker { request: request("r1"), seconds: None },
        vec![Event::SpeechStarted {
            speech: speech("f1"),
            request: Some(request("r1")),
            person: person("db4"),
            speech_kind: SpeechKind::Interpellate,
            seconds: 60,
        }],
    );
    let first = || speech("f1");
    did(
        hall,
        "chu-toa",
        Command::PauseSpeech { speech: first() },
        vec![Event::SpeechPaused { speech: first(), spent_ms: None }],
    );
    did(hall, "chu-toa", Command::ResumeSpeech { speech: first() }, vec![Event::SpeechResumed { speech: first() }]);
    let extended = vec![Event::SpeechExtended { speech: first(), seconds: 30 }];
    did(hall, "chu-toa", Command::ExtendSpeech { speech: first(), seconds: 30 }, extended);
    // Two stretches of 1.5 s, the pause between them left out.
    let ended = vec![Event::SpeechEnded { speech: first(), spent_ms: 4_500 }];
    did(hall, "db4", Command::EndSpeech { speech: first() }, ended);
    did(
        hall,
        "chu-toa",
        Command::GiveFloor { person: official.clone(), kind: SpeechKind::Answer, seconds: None },
        vec![Event::SpeechStarted {
            speech: speech("f2"),
            request: None,
            person: official,
            speech_kind: SpeechKind::Answer,
            seconds: 180,
        }],
    );
    let ended = vec![Event::SpeechEnded { speech: speech("f2"), spent_ms: 1_500 }];
    did(hall, "chu-toa", Command::EndSpeech { speech: speech("f2") }, ended);
    log(hall, "m1", "Hoàn thành tuyến cống số 4", Some("2027-03-31"));
    log(hall, "m2", "Ghi nhầm", None);
    let reason = "ghi nhầm".to_owned();
    did(
        hall,
        "thu-ky",
        Command::StrikePromise { promise: promise("m2"), reason: reason.clone() },
        vec![Event::PromiseStruck { promise: promise("m2"), reason }],
    );
}

fn ask(hall: &mut Hall, by: &str, id: &str, kind: SpeechKind, topic: Option<&str>, to: Option<PersonId>) {
    let topic = topic.map(str::to_owned);
    did(
        hall,
        by,
        Command::AskToSpeak { person: person(by), kind, topic: topic.clone(), to: to.clone() },
        vec![Event::SpeechRequested { request: request(id), person: person(by), speech_kind: kind, topic, to }],
    );
}

fn log(hall: &mut Hall, id: &str, text: &str, until: Option<&str>) {
    let (official, text, until) = (person("giam-doc"), text.to_owned(), until.map(str::to_owned));
    let to = Some(person("db4"));
    did(
        hall,
        "thu-ky",
        Command::LogPromise { official: official.clone(), text: text.clone(), until: until.clone(), to: to.clone() },
        vec![Event::PromiseLogged { promise: promise(id), official, text, until, to }],
    );
}

fn pause(hall: &mut Hall) {
    let (cause, reason, until) =
        (SuspensionCause::Recess, Some("nghỉ giữa giờ".to_owned()), Some(Millis(1_800_001_800_000)));
    did(
        hall,
        "chu-toa",
        Command::SuspendSitting { cause, reason: reason.clone(), until },
        vec![Event::SittingSuspended { sitting: sitting("t2"), cause, reason, until }],
    );
    let resumed = vec![Event::SittingResumed { sitting: sitting("t2") }];
    did(hall, "chu-toa", Command::ResumeSitting {}, resumed);
}

fn walls(hall: &mut Hall) {
    let card = Card { title: "Chào cờ".into(), text: Some("Mời toàn thể đứng dậy".into()), until: None };
    show(hall, None, WallMode::Title, Some(card));
    let name = "Hành lang".to_owned();
    let added = vec![Event::WallAdded { wall: wall("w2"), name: name.clone() }];
    did(hall, "thu-ky", Command::AddWall { name }, added);
    show(hall, Some(wall("w2")), WallMode::Agenda, None);
    let second = || wall("w2");
    did(hall, "thu-ky", Command::FollowMain { wall: second() }, vec![Event::WallFollows { wall: second() }]);
    did(hall, "thu-ky", Command::RemoveWall { wall: second() }, vec![Event::WallRemoved { wall: second() }]);
    for text in [Some("Phiên chiều bắt đầu lúc 14 giờ".to_owned()), None] {
        did(hall, "thu-ky", Command::SetTicker { text: text.clone() }, vec![Event::TickerSet { text }]);
    }
}

fn show(hall: &mut Hall, wall: Option<WallId>, mode: WallMode, card: Option<Card>) {
    let command = Command::ShowOnWall { wall: wall.clone(), mode, card: card.clone() };
    did(hall, "thu-ky", command, vec![Event::WallShown { mode, wall, card }]);
}

fn count(hall: &mut Hall) {
    let now_at = vec![Event::ItemFinished { item: item("i3") }, Event::ItemStarted { item: item("i5") }];
    did(hall, "chu-toa", Command::StartItem { item: item("i5") }, now_at);
    let counts = counts(&[("yes", 1), ("no", 0), ("abstain", 0)]);
    let papers = Some(Papers { issued: 2, returned: 2, valid: 1, invalid: 1 });
    let form = BallotForm::Paper;
    let question_id = || question("q3");
    did(
        hall,
        "thu-ky",
        Command::RecordCount { question: question_id(), form, counts: counts.clone(), papers },
        vec![Event::CountRecorded {
            ballot: ballot("b4"),
            question: question_id(),
            round: 1,
            previous: None,
            document_sha256: on_item_five(3, "Nghị quyết về thoát nước", |_| ()).document_sha256,
            form,
            recorded_by: person("thu-ky"),
            counted: Counted { answers: counts, present: 2, in_office: 4, seats: 6, took_part: Some(2) },
            papers,
        }],
    );
    confirm(hall, "b4", Verdict::Rejected, Vec::new());
}

/// A vote for one candidate: an answer as any other.
fn elect(hall: &mut Hall) {
    let election = election();
    let document_sha256 = election.document_sha256.clone();
    did(
        hall,
        "chu-toa",
        Command::OpenBallot { question: question("q4"), seconds: Some(0) },
        vec![Event::BallotOpened {
            ballot: ballot("b5"),
            question: question("q4"),
            round: 1,
            previous: None,
            document_sha256,
            closes_at: None,
        }],
    );
    hall.wait(1_500);
    let note = hall.vote_statement("db4", "b5", &election, "c1", 1).sign(&signing_key("db4")).unwrap();
    let cast = Event::VoteCast {
        ballot: ballot("b5"),
        person: person("db4"),
        answer: answer("c1"),
        more: Vec::new(),
        turn: 1,
    };
    hall.write(Actor::Person(person("db4")), Some(note), None, vec![cast]);
    let answers = counts(&[("c1", 1), ("c2", 0), ("abstain", 0)]);
    let counted = Counted { answers, present: 2, in_office: 4, seats: 6, took_part: Some(1) };
    let closed = Event::BallotClosed { ballot: ballot("b5"), closed_by: ClosedBy::Chair, counted };
    did(hall, "chu-toa", Command::CloseBallot { ballot: ballot("b5") }, vec![closed]);
    confirm(hall, "b5", Verdict::Adopted, vec![answer("c1")]);
}

/// Somebody spoke when nothing could be written: the clock stands where it was then, and the speech goes on from there.
fn lose_the_store(hall: &mut Hall) {
    let (third, official) = (|| speech("f3"), person("giam-doc"));
    did(
        hall,
        "chu-toa",
        Command::GiveFloor { person: official.clone(), kind: SpeechKind::Explain, seconds: Some(120) },
        vec![Event::SpeechStarted {
            speech: third(),
            request: None,
            person: official,
            speech_kind: SpeechKind::Explain,
            seconds: 120,
        }],
    );
    hall.wait(60_000);
    hall.write(Actor::System, None, None, vec![Event::SpeechPaused { speech: third(), spent_ms: Some(2_250) }]);
    did(hall, "chu-toa", Command::ResumeSpeech { speech: third() }, vec![Event::SpeechResumed { speech: third() }]);
    let ended = vec![Event::SpeechEnded { speech: third(), spent_ms: 3_750 }];
    did(hall, "chu-toa", Command::EndSpeech { speech: third() }, ended);
}

pub fn confirm(hall: &mut Hall, id: &str, verdict: Verdict, chosen: Vec<AnswerKey>) {
    let confirmed = Event::BallotConfirmed { ballot: ballot(id), verdict, casting: None, chosen };
    did(hall, "chu-toa", Command::ConfirmBallot { ballot: ballot(id), casting: None }, vec![confirmed]);
}

pub fn counts(counts: &[(&str, u32)]) -> Vec<AnswerCount> {
    counts.iter().map(|(key, count)| AnswerCount { answer: answer(key), count: *count }).collect()
}
