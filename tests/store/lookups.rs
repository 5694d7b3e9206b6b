//! The rows people look up: the same on every store, written with their entries or not at all.

use crate::sitting::{sitting, somebody};
use crate::support::place::Place;
use crate::support::sample::{batch, council, entries, person};
use dienhong::chamber::event::Event;
use dienhong::chamber::ids::{AnswerKey, BallotId, Millis};
use dienhong::ports::{Append, AppendError};
use dienhong::projection::rows;

pub async fn a_sitting_can_be_looked_up(place: Place) {
    write(&place, &sitting()).await;

    assert_eq!(
        place.look("SELECT name || ', ' || seats || ', ' || names || ', ' || founded_at FROM council").await,
        ["Hội đồng nhân dân xã Diên Hồng, 25, restricted, 1000"]
    );
    assert_eq!(
        place
            .look(
                "SELECT person || '|' || coalesce(seat, '-') || '|' || delegate_group || '|' || offices || '|' \
                 || coalesce(left_reason, '-') FROM person ORDER BY person"
            )
            .await,
        [r#"an|s1|Tổ 1|["chair"]|-"#, "binh|s2|Tổ 2|[]|chuyển công tác"]
    );
    assert_eq!(
        place
            .look(
                "SELECT device || '|' || person || '|' || issued_by || '|' || coalesce(revoked_reason, '-') \
                 FROM device ORDER BY device"
            )
            .await,
        ["d1|an|operator|replaced", "d2|an|p:binh|-"]
    );
    assert_eq!(
        place.look("SELECT sitting || '|' || session || '|' || (closed_seq - opened_seq) FROM sitting").await,
        ["t1|s1|26"]
    );
    assert_eq!(
        place.look("SELECT item || '|' || kind || '|' || (finished_at - started_at) FROM agenda_item").await,
        ["i1|vote|18000"]
    );
    assert_eq!(
        place
            .look(
                "SELECT question || '|' || item || '|' || (CASE WHEN change_allowed THEN 'change' ELSE 'final' END) \
                 || '|' || (CASE WHEN show_split THEN 'shown' ELSE 'hidden' END) || '|' || seconds FROM question"
            )
            .await,
        ["q1|i1|change|hidden|30"]
    );
    assert_eq!(
        place
            .look(
                "SELECT ballot || '|' || round || '|' || state || '|' || coalesce(previous, '-') || '|' || \
                 coalesce(verdict, '-') || '|' || coalesce(casting, '-') || '|' || coalesce(closed_by, '-') || '|' || \
                 coalesce(ended_reason, '-') || '|' || coalesce(hold_reason, '-') FROM ballot ORDER BY ballot"
            )
            .await,
        ["b1|1|voided|-|-|-|-|mất điện|nghỉ", "b2|2|annulled|b1|adopted|adopted|chair|nhầm dự thảo|-"]
    );
    assert_eq!(
        place.look("SELECT present || '/' || in_office || '/' || seats FROM ballot WHERE ballot = 'b2'").await,
        ["2/24/25"]
    );
    assert_eq!(
        place.look("SELECT answer || ' ' || votes FROM ballot_count ORDER BY ballot, position").await,
        ["yes 1", "no 1", "abstain 0"]
    );
    assert_eq!(
        place.look("SELECT ballot || '|' || person || '|' || answer || '|' || turn FROM vote ORDER BY person").await,
        ["b2|an|yes|1", "b2|binh|no|2"]
    );
    assert_eq!(
        place.look("SELECT person || ' ' || act || ' ' || coalesce(reason, '-') FROM attendance ORDER BY seq").await,
        ["an arrived -", "binh excused ốm", "binh arrived đến muộn", "an left -"]
    );
    assert_eq!(
        place.look("SELECT person || ' after ' || coalesce(held_before, '-') FROM gavel ORDER BY seq").await,
        ["an after -", "binh after an", "an after binh"]
    );
}

/// In one batch each, so that every statement runs by itself as well.
pub async fn every_kind_of_event_fits_its_tables(place: Place) {
    let store = place.open().await;
    let hall = council("hall");
    let epoch = store.acquire(&hall, "node").await.unwrap().epoch;
    for (seq, event) in (0..).zip(sitting()) {
        let whole = Append { rows: rows(Millis(seq), seq, &event), ..batch(seq, entries("a", 1)) };
        assert_eq!(store.append(&hall, epoch, whole).await, Ok(()), "{event:?}");
    }
}

pub async fn a_refused_batch_leaves_no_rows(place: Place) {
    let store = place.open().await;
    let hall = council("hall");
    let epoch = store.acquire(&hall, "node").await.unwrap().epoch;
    let set = Event::PersonSet { person: somebody("an", "s1") };
    let first = Append { rows: rows(Millis(1), 0, &set), ..batch(0, entries("a", 1)) };
    store.append(&hall, epoch, first).await.unwrap();

    let left = Event::PersonLeft { person: person("an"), reason: "late".into() };
    let stale = Append { rows: rows(Millis(2), 0, &left), ..batch(0, entries("b", 1)) };
    assert_eq!(store.append(&hall, epoch, stale.clone()).await, Err(AppendError::Conflict));
    let outlawed = Append { first_seq: 1, ..stale };
    let outlawed = Append { rows: outlawed.rows, ..batch(1, outlawed.lines) };
    assert_eq!(store.append(&hall, epoch + 1, outlawed).await, Err(AppendError::Conflict));
    assert_eq!(place.look("SELECT person FROM person WHERE left_at IS NULL").await, ["an"]);
}

pub async fn many_votes_in_one_batch_leave_each_delegates_last(place: Place) {
    let mut events = vec![];
    for turn in 1..=2 {
        for n in 0..128 {
            events.push(Event::VoteCast {
                ballot: BallotId::parse("b1").unwrap(),
                person: person(&format!("p{n}")),
                answer: AnswerKey::parse(if turn == 1 { "no" } else { "yes" }).unwrap(),
                turn,
            });
        }
    }
    write(&place, &events).await;
    assert_eq!(place.look("SELECT person FROM vote WHERE answer = 'yes' AND turn = 2 AND seq >= 128").await.len(), 128);
    assert_eq!(place.look("SELECT person FROM vote").await.len(), 128);
}

pub async fn texts_with_quotes_and_nulls_stay_texts(place: Place) {
    let reason = "'; DROP TABLE vote; --\" \\ $1 ?1 {} \u{202e}";
    let mut nulls = somebody("an", "s1");
    nulls.name = "A\0n".to_owned();
    write(
        &place,
        &[Event::PersonSet { person: nulls }, Event::PersonLeft { person: person("an"), reason: reason.to_owned() }],
    )
    .await;
    assert_eq!(place.look("SELECT left_reason FROM person").await, [reason]);
    assert_eq!(place.look("SELECT name FROM person").await, ["A\u{fffd}n"]);
    assert_eq!(place.look("SELECT person FROM vote").await, [""; 0]);
}

/// Writes all events as one batch, a second apart.
async fn write(place: &Place, events: &[Event]) {
    let store = place.open().await;
    let hall = council("hall");
    let epoch = store.acquire(&hall, "node").await.unwrap().epoch;
    let all = (0..).zip(events).flat_map(|(seq, event)| rows(Millis(1_000 * (seq + 1)), seq, event)).collect();
    let whole = Append { rows: all, ..batch(0, entries("a", events.len())) };
    store.append(&hall, epoch, whole).await.unwrap();
}
