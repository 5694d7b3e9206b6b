//! Behind closed doors: what the hall sees there, nobody outside is shown, on any page and at any address.

use crate::floor::{Floor, LONG, ballot, ballot_id, question, recorded, vote};
use crate::hall::{Hall, LIMIT, join, watch_as};
use crate::plain_http::{get, get_at};
use crate::support::place::Place;
use crate::tablet::Tablet;
use dienhong::chamber::agenda::ItemKind;
use dienhong::chamber::command::{Command, NewItem};
use dienhong::chamber::ids::{ItemId, PersonId, QuestionId};
use dienhong::chamber::roll::{Office, Person};
use dienhong::client::{Endpoint, Identity, when};
use dienhong::wire::frames::{Page, ServerFrame, View};
use dienhong::wire::views::BallotState;

const SITTING: &str = "Phiên họp kín về nhân sự";
const ITEM: &str = "Nghị quyết về công tác cán bộ";
const OPEN_SITTING: &str = "Phiên họp công khai";
/// What nobody outside may read.
const SECRETS: [&str; 3] = [SITTING, ITEM, "\"ballot\":{"];

pub fn somebody(id: &str, office: Office) -> Person {
    Person {
        id: PersonId::parse(id).expect("an id"),
        name: format!("Người {id}"),
        seat: None,
        group: String::new(),
        offices: vec![office],
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_behind_closed_doors_is_seen_outside() {
    // Names are public here, so that the record's entries would be, too.
    let hall = Hall::open(Place::sqlite(), "generic", 4).await;
    hall.add(&[
        somebody("screen", Office::Screen),
        somebody("guest", Office::Guest),
        somebody("press", Office::Press),
        somebody("director", Office::Official),
    ])
    .await;
    let endpoint = hall.endpoint();
    let floor = Floor::ready(&hall, 0, 3).await;
    recorded(&floor.chair, Command::CloseSitting {}).await;
    assert_eq!(get(&endpoint, "record/tile/entries/000.p/1").await.status, 200, "nothing is closed yet");

    let screen = hall.enrol("screen").await;
    let (guest, press) = (hall.enrol("guest").await, hall.enrol("press").await);
    let outside = outside(&endpoint, &guest, &press).await;
    let wall = join(&endpoint, Page::Wall, &screen).await;
    let official = hall.page("director", Page::Delegate).await;

    close_the_doors(&floor).await;
    for insider in [&wall, &official] {
        let live = when(&insider.views().live, LIMIT, |live| live.ballot.is_some()).await.expect("the hall sees it");
        assert!(live.closed_doors && live.sitting.as_ref().is_some_and(|sitting| sitting.title == SITTING));
        let agenda = when(&insider.views().council, LIMIT, |council| !council.agenda.is_empty()).await;
        assert_eq!(agenda.expect("the agenda").agenda[0].title, ITEM);
    }
    nothing_is_told(&endpoint, &SECRETS).await;
    let on = ballot_id(&ballot(&floor.chair, |_| true).await.id);
    vote(&floor.delegate(1).await, "yes").await;
    floor.chairs(Command::CloseBallot { ballot: on.clone() }, BallotState::Closed).await;
    nothing_is_told(&endpoint, &SECRETS).await;
    floor.chairs(Command::ConfirmBallot { ballot: on.clone(), casting: None }, BallotState::Confirmed).await;
    floor.chairs(Command::AnnounceBallot { ballot: on }, BallotState::Announced).await;
    nothing_is_told(&endpoint, &SECRETS).await;
    recorded(&floor.chair, Command::CloseSitting {}).await;
    recorded(&floor.chair, Command::open_sitting(OPEN_SITTING)).await;
    let now = when(&wall.views().live, LIMIT, |live| !live.closed_doors).await;
    now.expect("the doors are open");
    nothing_is_told(&endpoint, &SECRETS).await;

    for (who, mut page) in outside {
        let mut heard = 0;
        page.until(|frame| {
            let text = serde_json::to_string(&frame).expect("a frame");
            assert!(SECRETS.iter().all(|secret| !text.contains(secret)), "{who} was told: {text}");
            heard += 1;
            match frame {
                ServerFrame::View { view: View::Live(live), .. } => {
                    live.sitting.filter(|sitting| sitting.title == OPEN_SITTING).map(drop)
                }
                _ => None,
            }
        })
        .await;
        assert!(heard > 4, "{who} heard every topic");
    }
    hall.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_walls_of_one_screen_stand_side_by_side() {
    let hall = Hall::open(Place::sqlite(), "province", 3).await;
    hall.add(&[somebody("screen", Office::Screen)]).await;
    let endpoint = hall.endpoint();
    let floor = Floor::ready(&hall, 0, 1).await;
    let screen = hall.enrol("screen").await;
    let watching = async |walls: u32| {
        let seen = when(&floor.secretary.views().console, LIMIT, |console| console.watching.walls == walls).await;
        seen.unwrap_or_else(|_| panic!("{walls} walls"));
    };
    let first = join(&endpoint, Page::Wall, &screen).await;
    let second = join(&endpoint, Page::Wall, &screen).await;
    let unsigned = watch_as(&endpoint, Page::Wall).await;
    watching(3).await;
    recorded(&floor.chair, Command::CloseSitting {}).await;
    for wall in [&first, &second, &unsigned] {
        when(&wall.views().live, LIMIT, |live| live.sitting.is_none()).await.expect("all of them live");
    }
    drop(second);
    watching(2).await;
    drop(first);
    watching(1).await;

    // A wall shows; it does not act for the person who signed it in.
    let mut wall = Tablet::join(&endpoint, Page::Wall, &floor.delegates[0]).await;
    let answer = wall.order(&floor.delegates[0], &Command::open_sitting("Từ màn hình")).await;
    assert_eq!(answer, Err(("wrong_person".to_owned(), false)));
    hall.close().await;
}

/// A closed sitting with a closed item, and a ballot open on it.
async fn close_the_doors(floor: &Floor) {
    let item =
        NewItem { rule: Some("majority_of_all".to_owned()), closed: true, ..NewItem::new("1", ItemKind::Vote, ITEM) };
    recorded(&floor.secretary, Command::add_items(vec![item])).await;
    let title = Some(SITTING.to_owned());
    recorded(&floor.secretary, Command::OpenSitting { sitting: None, title, closed_doors: true }).await;
    for delegate in &floor.delegates {
        let person = delegate.person().clone();
        recorded(&floor.secretary, Command::CheckIn { person, reason: Some("có mặt".to_owned()) }).await;
    }
    recorded(&floor.chair, Command::StartItem { item: ItemId::parse("i1").expect("an id") }).await;
    let asked = question(&floor.chair).await;
    let on = QuestionId::parse(asked.id).expect("an id");
    recorded(&floor.chair, Command::OpenBallot { question: on, seconds: LONG }).await;
}

/// Everybody who sees what the public sees.
pub async fn outside(endpoint: &Endpoint, guest: &Identity, press: &Identity) -> [(&'static str, Tablet); 5] {
    [
        ("a wall nobody signed in", listen(endpoint, Page::Wall, None).await),
        ("the public", listen(endpoint, Page::Public, None).await),
        ("a guest", listen(endpoint, Page::Delegate, Some(guest)).await),
        ("the press", listen(endpoint, Page::Delegate, Some(press)).await),
        ("a guest's wall", listen(endpoint, Page::Wall, Some(guest)).await),
    ]
}

async fn listen(endpoint: &Endpoint, page: Page, identity: Option<&Identity>) -> Tablet {
    let mut tablet = Tablet::open(endpoint).await;
    tablet.ask_in(page, identity).await;
    tablet
}

/// Asks every public address.
pub async fn nothing_is_told(endpoint: &Endpoint, secrets: &[&str]) {
    let topics = ["council", "live", "seats", "roll", "speaking"].map(|topic| format!("api/view/{topic}"));
    for path in topics.iter().map(String::as_str).chain(["api/results", "api/results.csv"]) {
        let told = get(endpoint, path).await.text();
        assert!(secrets.iter().all(|secret| !told.contains(secret)), "{path}: {told}");
    }
    let councils = get_at(endpoint, "/api/councils", "").await.text();
    assert!(secrets.iter().all(|secret| !councils.contains(secret)), "{councils}");
    for tile in ["record/tile/entries/000", "record/tile/entries/000.p/1"] {
        assert_eq!(get(endpoint, tile).await.problem(), "withheld");
    }
    assert_eq!(get(endpoint, "record/checkpoint").await.status, 200, "the heads are public all the same");
}
