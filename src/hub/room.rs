//! One council's room: the newest frame of every topic for each audience, and who is connected.
//!
//! Frames are encoded once and shared. A socket that is slow finds only the newest frame of each topic when it looks again.

use super::close::Close;
use super::directory::Directory;
use super::mailbox::{End, Mailbox};
use super::pulse::Pulse;
use crate::chamber::ids::{Millis, PersonId};
use crate::wire::frames::Page;
use crate::wire::from_chamber::Line;
use crate::wire::http::ResultsResponse;
use axum::extract::ws::Utf8Bytes;
use bytes::Bytes;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// Topics that are the same for everybody in an audience.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    Council,
    Roll,
    Live,
    Seats,
    Speaking,
    Console,
}

pub const TOPICS: usize = 6;

/// Walls one person's device may have open: more than a hall has. With one more the oldest is replaced.
const WALLS_OF_ONE: usize = 16;

/// A page that has stood for so long is older than one that joined another node within the last second, whatever their clocks say.
/// A younger one may be that same page, come back: it stays.
const SETTLED: Duration = Duration::from_secs(2);

/// Who sees the same frames at the same pace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// The public's pages: at most 20 changes a second.
    Spectators,
    /// Walls that nobody of the hall has signed in: what the public sees, but every change.
    Onlookers,
    /// Delegates, officials and whoever else of the hall: figures that turn at a reader's pace.
    Hall,
    /// The hall's own screens: what the hall sees, every change.
    Walls,
    /// The chair's and the administration's pages.
    Officers,
}

/// One encoded frame; `stamp` grows with each change of its topic.
#[derive(Debug, Clone)]
pub struct Frame {
    pub stamp: u64,
    pub text: Utf8Bytes,
}

/// The newest frame of each topic.
pub type Frames = [Option<Frame>; TOPICS];

/// The results as they are published: for the public's pages over HTTP.
#[derive(Debug)]
pub struct Published {
    pub results: ResultsResponse,
    /// The same, encoded once.
    pub json: Bytes,
}

pub struct Room {
    spectators: watch::Sender<Frames>,
    onlookers: watch::Sender<Frames>,
    hall: watch::Sender<Frames>,
    walls: watch::Sender<Frames>,
    officers: watch::Sender<Frames>,
    directory: watch::Sender<Arc<Directory>>,
    published: watch::Sender<Option<Arc<Published>>>,
    present: Mutex<Present>,
    /// Something of the record lies behind closed doors, so its entries are not given out.
    closed_doors: AtomicBool,
    /// Counts changes of who is connected and how; the node watches it to renew the console.
    changed: watch::Sender<u64>,
}

#[derive(Default)]
struct Present {
    next: u64,
    /// By the number of the connection as well: a person may have several walls.
    people: BTreeMap<(PersonId, Page, u64), Seated>,
    /// Walls and public pages that act for nobody.
    walls: u32,
    public: u32,
    /// When those were last heard of who are gone, since the server started.
    last_heard: BTreeMap<PersonId, Millis>,
}

struct Seated {
    pulse: Arc<Pulse>,
    mailbox: Arc<Mailbox>,
}

/// Keeps one connection counted until it is dropped, in the room and in the metrics.
pub struct Guest {
    room: Arc<Room>,
    page: Page,
    person: Option<(PersonId, u64)>,
}

impl Room {
    pub fn new() -> Self {
        Self {
            spectators: watch::Sender::new(Frames::default()),
            onlookers: watch::Sender::new(Frames::default()),
            hall: watch::Sender::new(Frames::default()),
            walls: watch::Sender::new(Frames::default()),
            officers: watch::Sender::new(Frames::default()),
            directory: watch::Sender::new(Arc::default()),
            published: watch::Sender::new(None),
            present: Mutex::default(),
            closed_doors: AtomicBool::new(false),
            changed: watch::Sender::new(0),
        }
    }

    pub fn frames(&self, audience: Audience) -> watch::Receiver<Frames> {
        self.sender(audience).subscribe()
    }

    /// Puts a topic's newest frame before an audience.
    pub fn show(&self, audience: Audience, topic: Topic, frame: Frame) {
        self.show_all(audience, [(topic, frame)]);
    }

    /// Several topics as one change: whoever waits is woken once.
    pub fn show_all(&self, audience: Audience, newest: impl IntoIterator<Item = (Topic, Frame)>) {
        self.sender(audience).send_modify(|frames| {
            for (topic, frame) in newest {
                frames[topic as usize] = Some(frame);
            }
        });
    }

    /// The newest frame the public may see; for the HTTP snapshot.
    pub fn public_frame(&self, topic: Topic) -> Option<Utf8Bytes> {
        self.spectators.borrow()[topic as usize].as_ref().map(|f| f.text.clone())
    }

    /// `None` until the record was read.
    pub fn published(&self) -> Option<Arc<Published>> {
        self.published.borrow().clone()
    }

    pub fn publish(&self, published: Published) {
        self.published.send_replace(Some(Arc::new(published)));
    }

    pub fn directory(&self) -> Arc<Directory> {
        self.directory.borrow().clone()
    }

    /// People or devices changed. Connections of devices that are no longer bound are closed, and those of people whose offices
    /// came or went, so that they come back and see what they now may.
    pub fn set_directory(&self, directory: Directory) {
        let before = self.directory.send_replace(Arc::new(directory));
        let now = self.directory();
        let mut present = self.lock();
        present.last_heard.retain(|person, _| now.people.contains_key(person));
        for ((person, ..), seated) in &present.people {
            let reason = if before.device_of(person) != now.device_of(person) {
                Close::Revoked
            } else if before.is_officer(person) != now.is_officer(person)
                || before.is_of_the_hall(person) != now.is_of_the_hall(person)
            {
                Close::Reseated
            } else {
                continue;
            };
            seated.mailbox.end(End::Close(reason));
        }
    }

    /// Renews what a person's own pages show of that person.
    pub fn show_me(&self, person: &PersonId, me: &Utf8Bytes) {
        self.at_mailboxes(person, |mailbox| {
            mailbox.stage_me(me);
            mailbox.call_me();
        });
    }

    /// The same, to leave with the next answer to each page, or when [`Self::call_me`] is called.
    pub fn stage_me(&self, person: &PersonId, me: &Utf8Bytes) {
        self.at_mailboxes(person, |mailbox| mailbox.stage_me(me));
    }

    pub fn call_me(&self, person: &PersonId) {
        self.at_mailboxes(person, Mailbox::call_me);
    }

    fn at_mailboxes(&self, person: &PersonId, act: impl Fn(&Mailbox)) {
        let pages = (person.clone(), Page::Delegate, 0)..=(person.clone(), Page::Public, u64::MAX);
        for (_, seated) in self.lock().people.range(pages) {
            act(&seated.mailbox);
        }
    }

    /// Everybody who has a page open.
    pub fn connected(&self) -> Vec<PersonId> {
        self.with_page(|_| true)
    }

    /// Everybody who has a page open on which they can act: any but a wall.
    pub fn acting(&self) -> Vec<PersonId> {
        self.with_page(|page| page != Page::Wall)
    }

    fn with_page(&self, counts: impl Fn(Page) -> bool) -> Vec<PersonId> {
        let present = self.lock();
        let people = present.people.keys().filter(|(_, page, _)| counts(*page)).map(|(person, ..)| person.clone());
        let mut people: Vec<PersonId> = people.collect();
        people.dedup();
        people
    }

    /// How everybody's tablet is connected, also of those who were here before. With several pages open the quickest tells the
    /// delay: they share one network.
    pub fn lines(&self) -> BTreeMap<PersonId, Line> {
        let present = self.lock();
        let gone = |(person, at): (&PersonId, &Millis)| {
            (person.clone(), Line { connected: false, delay_ms: None, last_seen: Some(*at) })
        };
        let mut lines: BTreeMap<PersonId, Line> = present.last_heard.iter().map(gone).collect();
        for ((person, ..), seated) in &present.people {
            let line = lines.entry(person.clone()).or_default();
            line.connected = true;
            line.delay_ms = [line.delay_ms, seated.pulse.delay_ms()].into_iter().flatten().min();
            line.last_seen = line.last_seen.max(Some(seated.pulse.last_heard()));
        }
        lines
    }

    /// Open walls, signed in or not, and public pages.
    pub fn watching(&self) -> (u32, u32) {
        let present = self.lock();
        let signed_in = present.people.keys().filter(|(_, page, _)| *page == Page::Wall).count();
        (present.walls.saturating_add(u32::try_from(signed_in).unwrap_or(u32::MAX)), present.public)
    }

    /// Somebody's connection has become notably quicker or slower.
    pub fn line_changed(&self) {
        self.changed.send_modify(|n| *n += 1);
    }

    /// From now on the record's entries are not given out.
    pub fn close_doors(&self) {
        self.closed_doors.store(true, Ordering::SeqCst);
    }

    /// See [`Self::close_doors`].
    pub fn had_closed_doors(&self) -> bool {
        self.closed_doors.load(Ordering::SeqCst)
    }

    /// Changes whenever somebody comes or goes, or is connected otherwise than before.
    pub fn comings_and_goings(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// Counts a page that only watches.
    pub fn enter(self: &Arc<Self>, page: Page) -> Guest {
        {
            let mut present = self.lock();
            match page {
                Page::Wall => present.walls += 1,
                _ => present.public += 1,
            }
        }
        self.guest(page, None)
    }

    /// Seats a person's page; an older connection of the same page is told it was replaced. Walls stand side by side.
    pub fn enter_person(self: &Arc<Self>, person: &PersonId, page: Page, pulse: Arc<Pulse>) -> (Guest, Arc<Mailbox>) {
        let mailbox = Arc::new(Mailbox::default());
        let number = {
            let mut present = self.lock();
            present.next += 1;
            let number = present.next;
            let same_page = (person.clone(), page, 0)..=(person.clone(), page, u64::MAX);
            let older: Vec<u64> = present.people.range(same_page).map(|((.., number), _)| *number).collect();
            let beside = if page == Page::Wall { WALLS_OF_ONE - 1 } else { 0 };
            for number in &older[..older.len().saturating_sub(beside)] {
                if let Some(replaced) = present.people.remove(&(person.clone(), page, *number)) {
                    replaced.mailbox.end(End::Close(Close::Replaced));
                }
            }
            present.people.insert((person.clone(), page, number), Seated { pulse, mailbox: mailbox.clone() });
            number
        };
        (self.guest(page, Some((person.clone(), number))), mailbox)
    }

    /// The person's page has joined another node: older ones here are told they were replaced. Walls stand side by side.
    pub fn replaced_elsewhere(&self, person: &PersonId, page: Page) {
        if page == Page::Wall {
            return;
        }
        let same_page = (person.clone(), page, 0)..=(person.clone(), page, u64::MAX);
        for (_, seated) in self.lock().people.range(same_page) {
            if seated.pulse.age() < SETTLED {
                continue;
            }
            seated.mailbox.end(End::Close(Close::Replaced));
        }
    }

    fn guest(self: &Arc<Self>, page: Page, person: Option<(PersonId, u64)>) -> Guest {
        self.changed.send_modify(|n| *n += 1);
        metrics::gauge!("dienhong_connections", "page" => label(page)).increment(1.0);
        Guest { room: self.clone(), page, person }
    }

    fn sender(&self, audience: Audience) -> &watch::Sender<Frames> {
        match audience {
            Audience::Spectators => &self.spectators,
            Audience::Onlookers => &self.onlookers,
            Audience::Hall => &self.hall,
            Audience::Walls => &self.walls,
            Audience::Officers => &self.officers,
        }
    }

    /// A panic elsewhere while the lock was held leaves counts at worst off by one, so going on is right.
    fn lock(&self) -> MutexGuard<'_, Present> {
        self.present.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Room {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        {
            let mut present = self.room.lock();
            match (&self.person, self.page) {
                (Some((person, number)), page) => {
                    if let Some(seated) = present.people.remove(&(person.clone(), page, *number)) {
                        let last = present.last_heard.entry(person.clone()).or_default();
                        *last = (*last).max(seated.pulse.last_heard());
                    }
                }
                (None, Page::Wall) => present.walls = present.walls.saturating_sub(1),
                (None, _) => present.public = present.public.saturating_sub(1),
            }
        }
        self.room.changed.send_modify(|n| *n += 1);
        metrics::gauge!("dienhong_connections", "page" => label(self.page)).decrement(1.0);
    }
}

fn label(page: Page) -> &'static str {
    match page {
        Page::Delegate => "delegate",
        Page::Chair => "chair",
        Page::Admin => "admin",
        Page::Wall => "wall",
        Page::Public => "public",
    }
}
