//! A recorded sitting comes out as it was recorded.

use dienhong::app::local::{ANY_PORT, LocalHall};
use dienhong::chamber::ids::CouncilId;
use dienhong::node::NewCouncil;
use dienhong::replay::{Recording, play};
use std::path::Path;

async fn hall(preset: &str, seats: u32) -> LocalHall {
    let council = NewCouncil {
        id: CouncilId::parse("replay").expect("an id"),
        origin: "replay.example/replay".to_owned(),
        name: "Replay".to_owned(),
        short_name: "Replay".to_owned(),
        preset: preset.to_owned(),
        seats,
        people: Vec::new(),
    };
    LocalHall::start(None, None, ANY_PORT, council).await.expect("a hall")
}

fn senate() -> Recording {
    Recording::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/senate-114")).expect("the recording reads")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_roll_calls_of_the_senate_come_out_as_recorded() {
    let hall = hall("generic", 100).await;
    let mut recording = senate();
    recording.roll_calls.truncate(3);
    let mut out = Vec::new();
    let equal = play(&hall, &recording, &mut out).await.expect("it is played to its end");
    let out = String::from_utf8(out).unwrap();
    assert!(equal, "{out}");
    assert_eq!(out.lines().last(), Some("3 roll calls, 3 equal, 0 different"), "{out}");
    assert_eq!(out.matches('✓').count(), 3, "{out}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tally_that_differs_is_told() {
    let hall = hall("province", 4).await;
    let members = "id,name,group,constituency\n1,An,A,\n2,Bình,B,\n3,Chi,B,\n4,Dũng,B,\n";
    let votes = "rollcall,member,choice\n1,1,yes\n1,2,no\n1,3,abstain\n1,4,absent\n2,1,yes\n";
    let expected = "rollcall,yes,no,abstain,absent\n1,1,1,1,1\n2,2,0,0,2\n";
    let recording = Recording::parse(members, votes, expected).expect("the recording reads");
    let mut out = Vec::new();
    let equal = play(&hall, &recording, &mut out).await.expect("it is played to its end");
    let out = String::from_utf8(out).unwrap();
    assert!(!equal, "{out}");
    assert_eq!(out.lines().last(), Some("2 roll calls, 1 equal, 1 different"), "{out}");
    assert_eq!((out.matches('✓').count(), out.matches('✕').count()), (1, 1), "{out}");
}
