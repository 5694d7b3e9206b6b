//! What a simulated delegate means to say, and when to ask for it. Bounded by what is shown: one wish an item and one for
//! each speech of somebody else, and none once the list is closed.

use super::behaviour::{Character, Wish};
use crate::chamber::ids::PersonId;
use crate::wire::views::{ItemView, SpeakingView, SpeechKind};
use tokio::time::Instant;

#[derive(Debug, Default)]
pub struct Floor {
    /// The item whose list was last seen open.
    item: Option<String>,
    /// The item in which the delegate asked last: once in each, however often its list is opened.
    asked_in: Option<String>,
    /// The last speech that was listened to.
    heard: Option<String>,
    /// What is still to be asked for, and when.
    wishes: Vec<(Instant, Wish)>,
}

impl Floor {
    /// Looks at the debate: an item whose list is open, a speech that calls for another view.
    pub fn watch(
        &mut self,
        character: &Character,
        me: &PersonId,
        item: Option<&ItemView>,
        debate: &SpeakingView,
        now: Instant,
    ) {
        let Some(item) = item.filter(|_| debate.list_open) else {
            self.item = None;
            self.wishes.clear();
            return;
        };
        if self.item.as_ref() != Some(&item.id) {
            self.item = Some(item.id.clone());
            self.wishes.clear();
            let wish = character.wish(&item.id, item.kind).filter(|_| self.asked_in.as_ref() != Some(&item.id));
            self.wishes.extend(wish.map(|wish| (now + wish.after, wish)));
        }
        let speech = debate.speech.as_ref().filter(|speech| {
            let can_be_rebutted = matches!(speech.kind, SpeechKind::Speak | SpeechKind::Answer | SpeechKind::Explain);
            can_be_rebutted && speech.person.id != me.as_str() && self.heard.as_ref() != Some(&speech.id)
        });
        if let Some(speech) = speech {
            self.heard = Some(speech.id.clone());
            self.wishes.extend(character.rebuttal(&speech.id).map(|wish| (now + wish.after, wish)));
        }
        self.wishes.sort_by_key(|(at, _)| *at);
    }

    /// What is to be asked for by now.
    pub fn due(&self, now: Instant) -> Option<&Wish> {
        self.wishes.first().filter(|(at, _)| *at <= now).map(|(_, wish)| wish)
    }

    /// What was due has been asked for.
    pub fn done(&mut self) {
        if !self.wishes.is_empty() {
            self.wishes.remove(0);
            self.asked_in.clone_from(&self.item);
        }
    }

    /// When something is next due.
    pub fn next(&self) -> Option<Instant> {
        self.wishes.first().map(|(at, _)| *at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chamber::roll::Person;
    use crate::chamber::speaking::SpeechKind as Kind;
    use crate::sample::council;
    use crate::wire::views::{ItemKind, ItemState, PersonRef, SpeechView};
    use std::time::Duration;

    const HOUR: Duration = Duration::from_secs(3_600);

    fn item(id: &str) -> ItemView {
        ItemView {
            id: id.into(),
            number: "5".into(),
            kind: ItemKind::Discussion,
            title: "Thảo luận".into(),
            short_title: "Thảo luận".into(),
            minutes: None,
            parent: None,
            planned_at: None,
            presenter: None,
            closed: false,
            state: ItemState::Current,
            started_at: None,
            finished_at: None,
            rule: None,
            questions: Vec::new(),
        }
    }

    fn debate(list_open: bool, speech: Option<(&str, &str)>) -> SpeakingView {
        let speech = speech.map(|(id, person)| SpeechView {
            id: id.into(),
            person: PersonRef { id: person.into(), name: String::new() },
            group: String::new(),
            kind: SpeechKind::Speak,
            topic: None,
            started_at: 0,
            allotted_ms: 0,
            spent_ms: 0,
            running_since: None,
        });
        SpeakingView {
            list_open,
            queue: Vec::new(),
            speech,
            round: None,
            budgets: Vec::new(),
            people: Vec::new(),
            groups: Vec::new(),
            promises: Vec::new(),
        }
    }

    fn delegates() -> Vec<(Person, Character)> {
        let seated = council(29, 95).into_iter().filter(|person| person.seat.is_some());
        seated.map(|person| (person.clone(), Character::of(1, &person.id, false))).collect()
    }

    #[test]
    fn who_wants_to_speak_asks_once_in_an_item_and_only_while_the_list_is_open() {
        let now = Instant::now();
        let mut asking = delegates().into_iter().filter(|(_, c)| c.wish("i5", ItemKind::Discussion).is_some());
        let (me, character) = asking.next().expect("somebody speaks");
        let mut floor = Floor::default();
        let watch = |floor: &mut Floor, open| {
            floor.watch(&character, &me.id, Some(&item("i5")), &debate(open, None), now);
        };
        watch(&mut floor, false);
        assert_eq!(floor.next(), None);
        watch(&mut floor, true);
        watch(&mut floor, true);
        assert!(floor.due(now).is_none(), "not in the very moment");
        assert_eq!(floor.due(now + HOUR).map(|wish| wish.kind), Some(Kind::Speak));
        // Closed before it came to it, and opened again.
        watch(&mut floor, false);
        assert_eq!(floor.next(), None);
        watch(&mut floor, true);
        assert!(floor.due(now + HOUR).is_some());
        floor.done();
        assert_eq!(floor.next(), None);
        watch(&mut floor, false);
        watch(&mut floor, true);
        assert_eq!(floor.next(), None, "once in an item");
    }

    #[test]
    fn a_speech_calls_for_one_rebuttal_and_never_ones_own() {
        let now = Instant::now();
        let mut rebutting = delegates()
            .into_iter()
            .filter(|(_, c)| c.rebuttal("f7").is_some() && c.wish("i5", ItemKind::Discussion).is_none());
        let (me, character) = rebutting.next().expect("somebody disagrees");
        let mut floor = Floor::default();
        let hear = |floor: &mut Floor, speaker: &str| {
            floor.watch(&character, &me.id, Some(&item("i5")), &debate(true, Some(("f7", speaker))), now);
        };
        hear(&mut floor, me.id.as_str());
        assert_eq!(floor.next(), None);
        hear(&mut floor, "somebody-else");
        hear(&mut floor, "somebody-else");
        assert_eq!(floor.due(now + HOUR).map(|wish| wish.kind), Some(Kind::Rebut));
        floor.done();
        assert_eq!(floor.next(), None);
    }
}
