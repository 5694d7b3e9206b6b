//! The rows people look up: the same on every store, written with their entries or not at all.

use crate::sitting::{sitting, somebody, whole_day};
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

pub async fn a_whole_day_can_be_looked_up(place: Place) {
    write(&place, &[sitting(), whole_day()].concat()).await;
    let sights: [(&'static str, &[&str]); 15] = [
        ("SELECT seats || '|' || ticker FROM council", &["27|Phiên chiều bắt đầu lúc 14 giờ"]),
        ("SELECT CAST(seq AS TEXT) FROM rules WHERE rules LIKE '%\"seats\":27%' AND set_at > 1000", &["37"]),
        ("SELECT session || ' ' || kind FROM session ORDER BY session", &["s1 regular", "s2 thematic"]),
        (
            "SELECT sitting || '|' || coalesce(CAST(planned_at AS TEXT), '-') || '|' \
             || (CASE WHEN closed_doors THEN 'closed' ELSE 'public' END) FROM sitting ORDER BY sitting",
            &["t1|-|public", "t2|70000|closed"],
        ),
        (
            "SELECT act || '|' || coalesce(cause, '-') || '|' || coalesce(reason, '-') || '|' \
             || coalesce(CAST(until_at AS TEXT), '-') FROM suspension ORDER BY seq",
            &["suspended|recess|nghỉ trưa|90000", "resumed|-|-|-"],
        ),
        (
            "SELECT item || '|' || kind || '|' || title || '|' || coalesce(parent, '-') || '|' \
             || coalesce(CAST(planned_at AS TEXT), '-') || '|' || coalesce(presenter, '-') || '|' \
             || (CASE WHEN closed THEN 'closed' ELSE 'public' END) || '|' \
             || (CASE WHEN removed_at IS NULL THEN 'there' ELSE 'gone' END) FROM agenda_item WHERE item > 'i1' ORDER BY item",
            &[
                "i2|election|Bầu ủy viên|-|71000|Ban Pháp chế|closed|there",
                "i3|vote|Nghị quyết về ngân sách|-|-|-|public|gone",
            ],
        ),
        (
            "SELECT question || '|' || form || '|' || choices || '|' || (CASE WHEN bloc = '[]' THEN '-' ELSE 'bloc' END) \
             || '|' || delegate_groups || '|' || min_choices || '|' || (CASE WHEN live_names THEN 'live' ELSE '-' END) \
             FROM question ORDER BY question",
            &["q1|motion|1|-|[]|0|-", r#"q2|election|2|-|["Tổ 1"]|2|-"#, "q3|motion|1|bloc|[]|0|live"],
        ),
        (
            "SELECT ballot || '|' || form || '|' || state || '|' || coalesce(recorded_by, '-') || '|' \
             || coalesce(papers_issued || ' ' || papers_returned || ' ' || papers_valid || ' ' || papers_invalid, '-') \
             || '|' || took_part || '|' || chosen FROM ballot WHERE ballot > 'b1' ORDER BY ballot",
            &[
                "b2|electronic|annulled|-|-|2|[]",
                "b3|paper|closed|an|22 21 20 1|21|[]",
                r#"b4|electronic|confirmed|-|-|1|["c3","c1"]"#,
            ],
        ),
        ("SELECT answer || further_answers FROM vote WHERE ballot = 'b4'", &[r#"c1["c3"]"#]),
        ("SELECT act FROM speaking_list ORDER BY seq", &["opened", "closed"]),
        (
            "SELECT request || '|' || kind || '|' || coalesce(asks, '-') || '|' || coalesce(moved_reason, '-') || '|' || \
             (CASE WHEN called_at IS NOT NULL THEN 'called' WHEN withdrawn_at IS NOT NULL THEN 'withdrawn' END) \
             FROM speech_request ORDER BY request",
            &["r1|interpellate|giam-doc|-|called", "r2|point_of_order|-|theo đề nghị|withdrawn"],
        ),
        (
            "SELECT speech.speech || '|' || speech.seconds || '|' || spent_ms || '|' || speech_act.act || '|' || \
             coalesce(CAST(speech_act.seconds AS TEXT), '-') FROM speech JOIN speech_act \
             ON speech_act.council = speech.council AND speech_act.speech = speech.speech ORDER BY seq",
            &["f1|60|75000|paused|-", "f1|60|75000|resumed|-", "f1|60|75000|extended|30"],
        ),
        (
            "SELECT interpellation_round.item || ' ' || round || ' ' || official || ' ' || speaking_budget.seconds \
             FROM interpellation_round JOIN speaking_budget ON speaking_budget.item = interpellation_round.item",
            &["i2 1 giam-doc 900"],
        ),
        (
            "SELECT promise || '|' || official || '|' || asked_by || '|' || until_day || '|' || \
             coalesce(struck_reason, '-') || '|' || coalesce(kept_note, '-') || '|' || (CASE WHEN kept_at > logged_at THEN 1 ELSE 0 END) \
             FROM promise WHERE promise = 'm1' UNION ALL SELECT promise || '|' || struck_reason || '|' || \
             coalesce(CAST(kept_at AS TEXT), '-') FROM promise WHERE promise = 'm2'",
            &["m1|giam-doc|an|2027-03-31|-|thông tuyến|1", "m2|ghi nhầm|-"],
        ),
        (
            "SELECT wall || '|' || name || '|' || coalesce(mode, '-') || '|' || (CASE WHEN card IS NULL THEN '-' ELSE 'card' END) \
             || '|' || (CASE WHEN removed_at IS NULL THEN 'there' ELSE 'gone' END) FROM wall ORDER BY wall",
            &["w1||countdown|card|there", "w2|Hành lang|agenda|-|gone", "w3|Phòng báo chí|-|-|there"],
        ),
    ];
    for (sql, found) in sights {
        assert_eq!(place.look(sql).await, found, "{sql}");
    }
}

/// In one batch each, so that every statement runs by itself as well.
pub async fn every_kind_of_event_fits_its_tables(place: Place) {
    let store = place.open().await;
    let hall = council("hall");
    let epoch = store.acquire(&hall, "node").await.unwrap().epoch;
    for (seq, event) in (0..).zip([sitting(), whole_day()].concat()) {
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
                more: vec![],
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

/// What was written before the newest tables and columns were there is kept, and reads as it was meant.
pub async fn an_older_store_is_brought_up(place: Place) {
    place.prepare_at(3).await;
    let before = [
        "INSERT INTO council_head VALUES ('hall', 1, 0, 'node', 0)",
        "INSERT INTO session VALUES ('hall', 's1', 'Kỳ họp', '2026', 1)",
        "INSERT INTO sitting VALUES ('hall', 't1', 's1', 'Phiên sáng', 3, 30, 9, 90)",
        "INSERT INTO agenda_item VALUES ('hall', 'i1', 2, '1', 'vote', 'A', 'A', NULL, NULL, NULL, NULL)",
        "INSERT INTO ballot (council, ballot, question, round, document_sha256, state, opened_seq, opened_at, closed_seq) \
         VALUES ('hall', 'b1', 'q1', 1, '00', 'announced', 4, 40, 8)",
        "INSERT INTO ballot_count VALUES ('hall', 'b1', 'yes', 1, 12), ('hall', 'b1', 'no', 2, 3)",
        "INSERT INTO vote VALUES ('hall', 'b1', 'an', 'yes', 1, 5, 50)",
    ];
    for statement in before {
        place.meddle(statement).await.unwrap();
    }
    let store = place.open().await;
    assert!(store.acquire(&council("hall"), "node").await.is_ok());
    let sights = [
        ("SELECT kind FROM session", "regular"),
        (
            "SELECT title || ' ' || opened_seq || ' ' || closed_at FROM sitting WHERE NOT CAST(closed_doors AS BOOLEAN)",
            "Phiên sáng 3 90",
        ),
        ("SELECT title FROM agenda_item WHERE parent IS NULL AND NOT CAST(closed AS BOOLEAN)", "A"),
        ("SELECT form || ' ' || took_part || ' ' || chosen FROM ballot", "electronic 15 []"),
        ("SELECT answer || ' ' || further_answers FROM vote", "yes []"),
    ];
    for (sql, found) in sights {
        assert_eq!(place.look(sql).await, [found], "{sql}");
    }
}
