//! An open sitting comes to an item behind closed doors: what is asked, said, promised, shown and decided there, and what is moved
//! there, is for those inside.

use crate::doors::{nothing_is_told, outside, somebody};
use crate::floor::{Floor, LONG, ballot, ballot_id, person, recorded, vote};
use crate::hall::{Hall, LIMIT, join, watch_as};
use crate::support::place::Place;
use crate::tablet::Tablet;
use dienhong::chamber::agenda::ItemKind;
use dienhong::chamber::command::{Command, NewItem};
use dienhong::chamber::ids::{ItemId, QuestionId, WallId};
use dienhong::chamber::roll::Office;
use dienhong::chamber::speaking::SpeechKind;
use dienhong::chamber::wall::{Card, WallMode};
use dienhong::client::{Client, when};
use dienhong::wire::frames::{Page, ServerFrame, View};
use dienhong::wire::views::{BallotState, CouncilView, Query};

/// In every word that is for the hall alone.
const MARK: &str = "tuyệt mật";
const STREETS: &str = "Nghị quyết về hè phố";
/// Public, then moved in, then moved out again.
const TREES: &str = "Nghị quyết về cây xanh";

fn iid(id: &str) -> ItemId {
    ItemId::parse(id).expect("an id")
}

fn titles(council: &CouncilView) -> Vec<&str> {
    council.agenda.iter().map(|item| item.title.as_str()).collect()
}

fn promise(text: &str) -> Command {
    Command::LogPromise { official: person("director"), text: text.into(), until: None, to: Some(person("p2")) }
}

/// Before the doors close: `i1` streets; `i2` closed, with the votes `i3` and `i4` under it and their bloc `q5`; `i5` trees.
async fn prepare(floor: &Floor) {
    let vote = |level, title: &str| {
        let rule = Some("majority_of_all".to_owned());
        NewItem { level, rule, ..NewItem::new("1", ItemKind::Vote, title) }
    };
    let items = vec![
        vote(0, STREETS),
        NewItem { closed: true, ..NewItem::new("2", ItemKind::Discussion, "Nhân sự tuyệt mật") },
        vote(1, "Nghị quyết tuyệt mật thứ nhất"),
        vote(1, "Nghị quyết tuyệt mật thứ hai"),
        vote(0, TREES),
    ];
    recorded(&floor.secretary, Command::add_items(items)).await;
    let questions = ["q2", "q3"].map(|id| QuestionId::parse(id).expect("an id")).to_vec();
    let title = "Thông qua cả hai nghị quyết tuyệt mật".to_owned();
    recorded(&floor.secretary, Command::PrepareBloc { item: iid("i2"), title, questions, live_names: false }).await;
}

/// Everything that can be said and shown at `i2`, and that those inside see it.
async fn talk(floor: &Floor, insiders: &[&Client]) {
    recorded(&floor.chair, Command::StartItem { item: iid("i2") }).await;
    recorded(&floor.secretary, Command::AddWall { name: "Sảnh".into() }).await;
    let card = |title: &str| Some(Card { title: title.into(), text: Some("Lời tuyệt mật".into()), until: None });
    for (wall, words) in [(None, "Thẻ tuyệt mật"), (Some(WallId::parse("w2").expect("an id")), "Thẻ sảnh tuyệt mật")]
    {
        recorded(&floor.secretary, Command::ShowOnWall { wall, mode: WallMode::Title, card: card(words) }).await;
    }
    recorded(&floor.secretary, Command::SetTicker { text: Some("Dòng tuyệt mật".into()) }).await;
    for (who, topic) in [("p2", "Một điều tuyệt mật"), ("p3", "Điều khác tuyệt mật")] {
        let (person, kind) = (person(who), SpeechKind::Speak);
        recorded(&floor.secretary, Command::AskToSpeak { person, kind, topic: Some(topic.into()), to: None }).await;
    }
    let (speaker, kind) = (person("p2"), SpeechKind::Speak);
    recorded(&floor.chair, Command::GiveFloor { person: speaker, kind, seconds: None }).await;
    recorded(&floor.secretary, promise("Lời hứa tuyệt mật")).await;
    for insider in insiders {
        let told = when(&insider.views().speaking, LIMIT, |view| !view.promises.is_empty()).await.expect("the debate");
        assert!(told.promises[0].text.contains(MARK) && told.queue[0].topic.as_ref().is_some_and(|t| t.contains(MARK)));
        let live = when(&insider.views().live, LIMIT, |live| live.ticker.is_some()).await.expect("the hall");
        assert!(live.closed_doors && live.walls[0].own.as_ref().is_some_and(|own| own.card.is_some()));
        let council = when(&insider.views().council, LIMIT, |council| council.agenda.len() == 5).await;
        assert!(council.expect("the agenda").agenda[1].questions[0].title.contains(MARK));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_said_shown_and_decided_inside_is_not_told() {
    // Names are public here, so that the record's entries would be, too.
    let hall = Hall::open(Place::sqlite(), "generic", 4).await;
    let offices = [("screen", Office::Screen), ("guest", Office::Guest), ("press", Office::Press)];
    let people = offices.into_iter().chain([("director", Office::Official)]);
    hall.add(&people.map(|(id, office)| somebody(id, office)).collect::<Vec<_>>()).await;
    let endpoint = hall.endpoint();
    let floor = Floor::ready(&hall, 0, 3).await;
    let (guest, press) = (hall.enrol("guest").await, hall.enrol("press").await);
    let public = watch_as(&endpoint, Page::Public).await;
    prepare(&floor).await;
    let seen = when(&public.views().council, LIMIT, |council| council.agenda.len() == 2).await.expect("the agenda");
    assert_eq!(titles(&seen), [STREETS, TREES]);
    recorded(&floor.secretary, Command::MoveItem { item: iid("i5"), parent: Some(iid("i2")), before: None }).await;
    let seen = when(&public.views().council, LIMIT, |council| council.agenda.len() == 1).await.expect("the agenda");
    assert_eq!(titles(&seen), [STREETS]);

    let outside = outside(&endpoint, &guest, &press).await;
    let wall = join(&endpoint, Page::Wall, &hall.enrol("screen").await).await;
    let official = hall.page("director", Page::Delegate).await;
    talk(&floor, &[&wall, &official]).await;
    let secrets = [MARK, TREES, "\"ballot\":{"];
    nothing_is_told(&endpoint, &secrets).await;

    // Both questions by one vote, and what came of it.
    let bloc = QuestionId::parse("q5").expect("an id");
    recorded(&floor.chair, Command::OpenBallot { question: bloc, seconds: LONG }).await;
    let on = ballot_id(&ballot(&floor.chair, |ballot| ballot.state == BallotState::Open).await.id);
    vote(&floor.delegate(1).await, "yes").await;
    floor.chairs(Command::CloseBallot { ballot: on.clone() }, BallotState::Closed).await;
    floor.chairs(Command::ConfirmBallot { ballot: on.clone(), casting: None }, BallotState::Confirmed).await;
    floor.chairs(Command::AnnounceBallot { ballot: on }, BallotState::Announced).await;
    nothing_is_told(&endpoint, &secrets).await;

    // The doors open; what is promised before the next item is still about this one.
    recorded(&floor.chair, Command::StartItem { item: iid("i3") }).await;
    recorded(&floor.chair, Command::FinishItem { item: iid("i3") }).await;
    recorded(&floor.secretary, promise("Lời hứa tuyệt mật sau cùng")).await;
    when(&public.views().live, LIMIT, |live| !live.closed_doors).await.expect("the doors are open");
    nothing_is_told(&endpoint, &secrets).await;
    recorded(&floor.chair, Command::StartItem { item: iid("i1") }).await;
    recorded(&floor.secretary, promise("Lời hứa rộng rãi")).await;
    let told = when(&public.views().speaking, LIMIT, |view| !view.promises.is_empty()).await.expect("the debate");
    assert_eq!(told.promises.iter().map(|promise| promise.text.as_str()).collect::<Vec<_>>(), ["Lời hứa rộng rãi"]);
    // Moved out: what was dealt with inside stays there, what was only kept there is public again.
    for item in ["i3", "i5"] {
        recorded(&floor.secretary, Command::MoveItem { item: iid(item), parent: None, before: None }).await;
    }
    nothing_is_heard(outside).await;
    nothing_is_told(&endpoint, &[MARK, "\"ballot\":{"]).await;
    for person in [&guest, &press] {
        let mut page = Tablet::join(&endpoint, Page::Delegate, person).await;
        for query in
            [Query::RollCall { sitting: "t1".into() }, Query::Audit { before: None, subject: None, person: None }]
        {
            assert_eq!(page.look_up(query).await, Err(("not_allowed".to_owned(), false)));
        }
    }
    hall.close().await;
}

/// Of all that each of them was sent, up to the agenda that has the trees again.
async fn nothing_is_heard(outside: [(&str, Tablet); 5]) {
    for (who, mut page) in outside {
        let mut heard = 0;
        page.until(|frame| {
            let text = serde_json::to_string(&frame).expect("a frame");
            assert!(!text.contains(MARK), "{who} was told: {text}");
            heard += 1;
            if !text.contains(TREES) {
                return None;
            }
            let ServerFrame::View { view: View::Council(council), .. } = frame else {
                panic!("{who} was told: {text}")
            };
            assert_eq!(titles(&council), [STREETS, TREES], "{who}");
            Some(())
        })
        .await;
        assert!(heard > 5, "{who} heard every topic");
    }
}
