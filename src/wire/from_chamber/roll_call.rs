//! The roll-call report of one sitting.

use super::words;
use crate::chamber::Chamber;
use crate::chamber::agenda::Sitting;
use crate::chamber::attendance::{Coming, PresenceState};
use crate::chamber::ids::{Millis, PersonId, SittingId};
use crate::chamber::limits;
use crate::chamber::roll::Person;
use crate::wire::views::{ClosingRow, ComingView, PersonRef, RollCallReport, RollCallRow};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Comings and goings of one person that are listed, the last of them: more than a day has. All of them stand in the audit log.
const LISTED: usize = 8;
/// A name, a group, a title: what a list's line holds.
const LINE_CHARS: usize = limits::SHORT_TITLE_CHARS;
/// Why somebody came or went; the audit log has it whole.
pub(super) const REASON_CHARS: usize = 80;
/// What the report may weigh as JSON: a page reads 1 MiB in one frame, and the frame has its own words around it. The people and
/// closings alone are at most [`limits::PEOPLE`] × (80 + 190 + 2 × 60 × 4) + [`limits::ROUNDS`] × (150 + 60 × 4) = 844,000; where
/// the comings do not fit beside them, fewer of each person are listed.
const REPORT_BYTES: usize = 1_000 * 1_024;

/// `None` where there is no such sitting. `now` ends what has not ended.
pub fn roll_call(chamber: &Chamber, id: &SittingId, now: Millis) -> Option<RollCallReport> {
    let sitting = chamber.sittings().iter().find(|sitting| sitting.id == *id)?;
    let mut comings: BTreeMap<&PersonId, Vec<&Coming>> = BTreeMap::new();
    for coming in &sitting.comings {
        comings.entry(&coming.person).or_default().push(coming);
    }
    let end = sitting.closed_at.unwrap_or(now);
    let of = |person: &Person| comings.get(&person.id).map(Vec::as_slice).unwrap_or_default();
    let mut report = RollCallReport {
        sitting: sitting.id.to_string(),
        title: sitting.title.clone(),
        opened_at: sitting.opened_at.map(|at| at.0),
        closed_at: sitting.closed_at.map(|at| at.0),
        people: people(chamber, sitting).into_iter().map(|person| row(person, of(person), end)).collect(),
        closings: closings(chamber, sitting),
    };
    lighten(&mut report, REPORT_BYTES);
    Some(report)
}

/// The delegates in seat order, then those who came and are no delegates any more.
fn people<'a>(chamber: &'a Chamber, sitting: &'a Sitting) -> Vec<&'a Person> {
    let mut people: Vec<&Person> = chamber.people().into_iter().filter(|person| person.is_delegate()).collect();
    let listed: BTreeSet<&PersonId> = people.iter().map(|person| &person.id).collect();
    let came: BTreeSet<&PersonId> = sitting.comings.iter().map(|coming| &coming.person).collect();
    people.extend(came.difference(&listed).filter_map(|id| chamber.person_ever(id)));
    people.truncate(limits::PEOPLE);
    people
}

fn row(person: &Person, comings: &[&Coming], end: Millis) -> RollCallRow {
    let last = comings.last().map_or(PresenceState::Absent, |coming| coming.state);
    let (earlier, listed) = comings.split_at(comings.len().saturating_sub(LISTED));
    RollCallRow {
        person: PersonRef { id: person.id.to_string(), name: cut(&person.name, LINE_CHARS) },
        seat: person.seat.as_ref().map(ToString::to_string),
        group: cut(&person.group, LINE_CHARS),
        presence: words::presence(last),
        present_ms: present_ms(comings, end),
        comings: listed.iter().map(|coming| coming_view(coming)).collect(),
        earlier: u32::try_from(earlier.len()).unwrap_or(u32::MAX),
    }
}

fn coming_view(coming: &Coming) -> ComingView {
    ComingView {
        presence: words::presence(coming.state),
        at: coming.at.0,
        reason: coming.reason.as_deref().map(|reason| cut(reason, REASON_CHARS)),
    }
}

/// Takes the earliest comings of whoever has most out of the list, until it weighs no more than `bytes`.
fn lighten(report: &mut RollCallReport, bytes: usize) {
    let mut weight = weigh(report);
    for listed in (0..LISTED).rev() {
        if weight <= bytes {
            return;
        }
        for row in &mut report.people {
            if row.comings.len() > listed {
                weight = weight.saturating_sub(weigh(&row.comings.remove(0)));
                row.earlier = row.earlier.saturating_add(1);
            }
        }
    }
}

/// As JSON; a view has string keys only, so encoding it cannot fail.
fn weigh(view: &impl Serialize) -> usize {
    serde_json::to_string(view).map_or(0, |text| text.len())
}

/// At most so many characters, the last of them telling that there were more.
pub(super) fn cut(text: &str, chars: usize) -> String {
    if text.chars().count() <= chars {
        return text.to_owned();
    }
    text.chars().take(chars.saturating_sub(1)).chain(['…']).collect()
}

/// From each arrival to what followed it.
fn present_ms(comings: &[&Coming], end: Millis) -> u64 {
    let ends = comings.iter().skip(1).map(|next| next.at).chain([end]);
    let present = comings.iter().zip(ends).filter(|(coming, _)| coming.state == PresenceState::Present);
    present.map(|(coming, end)| end.since(coming.at)).sum()
}

/// A sitting has no more of them than its session has rounds, [`limits::ROUNDS`].
fn closings(chamber: &Chamber, sitting: &Sitting) -> Vec<ClosingRow> {
    let Some(opened_at) = sitting.opened_at else { return Vec::new() };
    let is_in = |at: Millis| at >= opened_at && sitting.closed_at.is_none_or(|closed_at| at <= closed_at);
    let closed = chamber.ballots().iter().filter_map(|ballot| {
        let outcome = ballot.outcome.as_ref().filter(|outcome| is_in(outcome.closed_at))?;
        let question = chamber.question(&ballot.question);
        Some(ClosingRow {
            ballot: ballot.id.to_string(),
            title: question.map(|question| cut(&question.title, LINE_CHARS)).unwrap_or_default(),
            closed_at: outcome.closed_at.0,
            entitled: outcome.counted.in_office,
            present: outcome.counted.present,
            took_part: outcome.counted.took_part(),
        })
    });
    closed.take(limits::ROUNDS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chamber::ids::SessionId;
    use crate::wire::views::Presence;

    fn came(person: &str, state: PresenceState, at: u64, reason: Option<&str>) -> Coming {
        let person = PersonId::parse(person).unwrap();
        Coming { person, state, at: Millis(at), reason: reason.map(str::to_string) }
    }

    fn delegate(id: &str) -> Person {
        let id = PersonId::parse(id).unwrap();
        Person { id, name: "An".into(), seat: None, group: "Tổ 1".into(), offices: Vec::new() }
    }

    fn row_in(person: &str, sitting: &Sitting, now: u64) -> RollCallRow {
        let person = delegate(person);
        let own: Vec<&Coming> = sitting.comings.iter().filter(|coming| coming.person == person.id).collect();
        row(&person, &own, sitting.closed_at.unwrap_or(Millis(now)))
    }

    fn sitting(comings: Vec<Coming>, closed_at: Option<u64>) -> Sitting {
        Sitting {
            id: SittingId::parse("t1").unwrap(),
            session: SessionId::parse("s1").unwrap(),
            title: "Phiên sáng".into(),
            closed_doors: false,
            planned_at: None,
            opened_at: Some(Millis(100)),
            closed_at: closed_at.map(Millis),
            suspension: None,
            comings,
        }
    }

    #[test]
    fn time_in_the_hall_is_the_sum_of_the_stays() {
        let comings = vec![
            came("an", PresenceState::Excused, 50, Some("đến muộn")),
            came("an", PresenceState::Present, 200, None),
            came("binh", PresenceState::Present, 210, None),
            came("an", PresenceState::Absent, 300, None),
            came("an", PresenceState::Present, 400, None),
        ];
        let open = sitting(comings.clone(), None);
        let here = row_in("an", &open, 450);
        assert_eq!((here.presence, here.present_ms), (Presence::Present, 150));
        let told: Vec<(Presence, u64)> = here.comings.iter().map(|coming| (coming.presence, coming.at)).collect();
        let expected =
            [(Presence::Excused, 50), (Presence::Present, 200), (Presence::Absent, 300), (Presence::Present, 400)];
        assert_eq!(told, expected);
        assert_eq!(here.comings[0].reason.as_deref(), Some("đến muộn"));
        // The closing ends the last stay, however late somebody asks.
        assert_eq!(row_in("an", &sitting(comings, Some(500)), 9_000).present_ms, 200);
        let away = row_in("chau", &open, 450);
        assert_eq!((away.presence, away.present_ms, away.comings.len()), (Presence::Absent, 0, 0));
    }

    #[test]
    fn the_last_comings_are_listed_and_all_of_them_counted() {
        let each = |n: u64| {
            [
                came("an", PresenceState::Present, 100 + 20 * n, None),
                came("an", PresenceState::Absent, 110 + 20 * n, None),
            ]
        };
        let shown = row_in("an", &sitting((0..10).flat_map(each).collect(), None), 9_000);
        assert_eq!((shown.comings.len(), shown.earlier, shown.present_ms), (LISTED, 12, 100));
        assert_eq!(shown.comings.last().map(|coming| coming.at), Some(290));
    }

    /// The longest of everything, in letters of four bytes.
    fn heaviest(reasons: bool) -> RollCallReport {
        let long = |chars: usize| "𠀀".repeat(chars);
        let why = long(limits::REASON_CHARS);
        let people = (0..limits::PEOPLE).map(|n| {
            let id = PersonId::parse(format!("{n:0>40}")).unwrap();
            let person = Person {
                seat: Some(crate::chamber::ids::SeatId::parse(format!("{n:0>40}")).unwrap()),
                name: long(limits::NAME_CHARS),
                group: long(limits::NAME_CHARS),
                ..delegate(id.as_str())
            };
            let came = |at| came(id.as_str(), PresenceState::Excused, at, reasons.then_some(&why));
            let comings: Vec<Coming> = (0..20).map(|n| came(limits::LATEST_MS - 20 + n)).collect();
            row(&person, &comings.iter().collect::<Vec<_>>(), Millis(limits::LATEST_MS))
        });
        let closing = ClosingRow {
            ballot: "b4294967295".into(),
            title: cut(&long(limits::TITLE_CHARS), LINE_CHARS),
            closed_at: limits::LATEST_MS,
            entitled: 1_000,
            present: 1_000,
            took_part: 1_000,
        };
        RollCallReport {
            sitting: "t4294967295".into(),
            title: long(limits::HEADING_CHARS),
            opened_at: Some(limits::LATEST_MS),
            closed_at: Some(limits::LATEST_MS),
            people: people.collect(),
            closings: vec![closing; limits::ROUNDS],
        }
    }

    #[test]
    fn the_largest_report_fits_one_frame_with_everybody_in_it() {
        for reasons in [true, false] {
            let mut report = heaviest(reasons);
            let whole = weigh(&report);
            assert!(whole > REPORT_BYTES, "{whole}");
            lighten(&mut report, REPORT_BYTES);
            assert!(weigh(&report) <= REPORT_BYTES, "{}", weigh(&report));
            assert_eq!((report.people.len(), report.closings.len()), (limits::PEOPLE, limits::ROUNDS));
            let told = |row: &RollCallRow| row.comings.len() + row.earlier as usize == 20;
            assert!(report.people.iter().all(told));
            assert!(
                report.people.iter().all(|row| row.comings.iter().all(|coming| coming.at > limits::LATEST_MS - 20))
            );
        }
    }

    #[test]
    fn what_is_long_is_cut_where_it_is_seen() {
        assert_eq!(cut("đến muộn", 8), "đến muộn");
        assert_eq!(cut("đến muộn vì mưa", 8), "đến muộ…");
    }
}
