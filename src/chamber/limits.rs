//! The chamber's limits, each with its reason. Lengths of texts are in characters (Unicode scalar values) after NFC.

/// People on one roll: twice the largest assembly served (500 delegates and their officers), so that a sort or a count over
/// everybody stays far below a millisecond.
pub const PEOPLE: usize = 1_000;
/// A person's name or group, a seat's holder on the wall: longer ones fit no line of any screen.
pub const NAME_CHARS: usize = 120;
/// A council's, session's or sitting's title, a term.
pub const HEADING_CHARS: usize = 300;
/// An origin is a key's name in every signature line of the record (C2SP signed-note).
pub const ORIGIN_BYTES: usize = 120;

/// Latest moment anything may be planned for, in milliseconds: the year 2200. A record's integers stay far below 2^53.
pub const LATEST_MS: u64 = 7_258_118_400_000;
/// Sittings of one session, prepared ones with them: a sitting a half-day for a month. All are on every screen, with titles of
/// [`HEADING_CHARS`] at 4 bytes below 60,000 bytes; see [`AGENDA_BYTES`].
pub const SITTINGS: usize = 40;

/// Items on one session's agenda; the busiest reported half-day had 43 resolutions.
pub const ITEMS: usize = 300;
/// Levels below the top: part, heading, item, sub-item. Deeper, and a tablet's list has no room left for the titles.
pub const AGENDA_DEPTH: usize = 3;
/// Questions on one item: a resolution and its amendments. More amendments are items of their own.
pub const QUESTIONS_PER_ITEM: usize = 5;
/// What one session's agenda may weigh on every screen, in bytes of JSON: its items and questions with all their texts.
/// A vote with a title of 150 letters takes about 1,500, so this holds some 190 of them. The whole view goes out in one
/// frame: with [`ROUNDS`] at their heaviest, 240 × (700 + 10 × 65 + 4 × [`ENDING_REASON_CHARS`], with 550 for who recorded the
/// count, 60 for the papers and 130 for who was elected) = 694,000, and [`SITTINGS`] at theirs, 60,000, it stays below 1 MiB,
/// half of what a connection may have waiting to be written; an ordinary one below 600,000.
pub const AGENDA_BYTES: usize = 264 * 1024;
/// Names, numbers, hash and punctuation of one item, one question and one answer in that JSON, at most.
pub const ITEM_BYTES: usize = 360;
pub const QUESTION_BYTES: usize = 400;
pub const ANSWER_BYTES: usize = 25;
/// Rounds of voting in one session, voided ones with them: five of the busiest half-days reported, each vote taken once and some
/// twice; see [`AGENDA_BYTES`].
pub const ROUNDS: usize = 240;
/// An item's number as printed in the papers, such as `12.b`.
pub const NUMBER_CHARS: usize = 20;
pub const TITLE_CHARS: usize = 1_000;
/// What a list's line holds.
pub const SHORT_TITLE_CHARS: usize = 60;
/// Who reports or presents an item, with office and body.
pub const PRESENTER_CHARS: usize = 200;
/// What is voted on, in two pages; the papers hold the rest.
pub const TEXT_CHARS: usize = 4_000;
/// One day.
pub const ITEM_MINUTES: u32 = 1_440;
/// Why somebody did something: one paragraph in the minutes.
pub const REASON_CHARS: usize = 500;
/// Why a ballot was voided or annulled: stands beside its result in every list, so it weighs on every screen.
pub const ENDING_REASON_CHARS: usize = 200;

/// Votes of one person in one ballot: each is an entry for ever, and nobody changes their mind so often in good faith.
pub const TURNS: u32 = 100;
/// Changes of one person's attendance in one sitting after which they may come in but not go out or be excused again: the
/// record is bounded and nobody is locked out of the hall.
pub const ATTENDANCE_CHANGES: u32 = 200;

/// What the texts of one order may weigh in its entry, in bytes: in the event, and once more, escaped twice, in the order's
/// arguments. An entry has at most 65,535 bytes; envelope (200), statement (700), a question's answers (8,700), rule and
/// names (500) leave over 55,000. One question is below: 5,000 characters of title and text at 8 bytes are 40,000, and
/// answers that the order words itself, [`CANDIDATES`] of them at their longest, 20 × (120 × 8 + 80) + 900 = 21,700.
pub const ENTRY_TEXT_BYTES: usize = 54_000;
/// What an item's keys, quotes, kind, times, level and rule weigh in the arguments, at most.
pub const ITEM_ARGUMENT_BYTES: usize = 320;

/// Requests to speak that wait at once: more than a day could hear. With the longest names and topics the queue takes at most
/// 500 KB in the view of the debate, which is sent whole.
pub const REQUESTS: usize = 200;
/// Requests of one person in one item, withdrawn ones with them: each is an entry for ever.
pub const REQUESTS_PER_ITEM: u32 = 50;
/// What a request is about: two lines of the console's queue.
pub const TOPIC_CHARS: usize = 200;
/// A limit of one speech, and what one extension gives. Shorter ones are over before the clock is read.
pub const SPEECH_SECONDS_MIN: u32 = 10;
/// Longer, and it should be a speech without a limit.
pub const SPEECH_SECONDS_MAX: u32 = 3_600;
/// Speeches of one session: ten full days with one every half minute.
pub const SPEECHES: usize = 10_000;
/// Groups with a time of their own in one item; the largest assemblies served have 63.
pub const BUDGETS_PER_ITEM: usize = 100;
/// A group's time in one item: one day.
pub const BUDGET_SECONDS: u32 = 86_400;
/// What an official undertook: one paragraph in the minutes.
pub const PROMISE_CHARS: usize = 500;
/// Promises of one session, struck ones with them: more than a session hears. The view of the debate has the newest of them.
pub const PROMISES: usize = 500;
/// Promises of a term's earlier sessions that are kept at hand, the newest: as many as one session can have. The view has a hundred of
/// all, and the audit log and the record have every one.
pub const EARLIER_PROMISES: usize = 500;

/// Shorter, and no tablet would get its vote in.
pub const BALLOT_SECONDS_MIN: u32 = 5;
/// Longer, and it should be a ballot without a limit, which the chair closes.
pub const BALLOT_SECONDS_MAX: u32 = 3_600;
/// What is left at least when the store's failure holds a ballot: the tablets that kept their signed vote need this long
/// to send it again once the chair resumes.
pub const STORE_HOLD_REST_MS: u64 = 10_000;

/// Rules in a profile.
pub const RULES: usize = 20;
/// Answers of a motion or a choice: three by statute, or up to nine options, and `abstain`. More options would not fit
/// one screen of a tablet with buttons that nobody misses.
pub const ANSWERS: usize = 10;
/// What choosing an answer means, in words.
pub const MEANING_CHARS: usize = 200;
/// Candidates of one election, `abstain` left out: more than any committee of a People's Council has seats. Their lines
/// make the longest vote statement, some 1,600 bytes; as counts in a view they weigh less than [`ANSWERS`] with long keys.
pub const CANDIDATES: usize = 20;
/// A candidate's name and what tells them from a namesake: year of birth, office. One line on a tablet.
pub const CANDIDATE_CHARS: usize = 120;
/// Groups a question may name: as many as may have a budget.
pub const GROUPS: usize = BUDGETS_PER_ITEM;
/// What quotes and commas of a group weigh beside its name, in the event and in the arguments.
pub const GROUP_BYTES: usize = 12;
/// What a least number of names, or answers shown live, weigh in a view.
pub const QUESTION_OPTION_BYTES: usize = 20;
/// What keys, quotes and punctuation of an answer weigh there.
pub const ANSWER_ENTRY_BYTES: usize = 80;
/// What one question's texts may weigh in its entry. Title, text and answers at their longest are 61,700, see
/// [`ENTRY_TEXT_BYTES`]: only a question that names many groups beside long texts is more.
pub const QUESTION_TEXT_BYTES: usize = 62_700;
/// Questions of one bloc: the busiest reported half-day adopted 43 resolutions.
pub const BLOC_PARTS: usize = 60;
/// What a part of a bloc weighs beside its title, in the entry and in views: its id, its hash, keys and punctuation.
pub const BLOC_PART_BYTES: usize = 170;
/// Largest numerator and denominator of a majority rule, and the largest constant either way.
pub const RULE_NUMBER: u32 = 10_000;

/// Who ask in one round of interpellation: more, and the official has forgotten the first by the time of the answer.
pub const ASKERS: u32 = 20;

/// Walls beside the main one: what the largest hall and its lobby have, and every one of them is on the console.
pub const WALLS: usize = 8;
/// A wall's name, such as its place in the hall: a button's label.
pub const WALL_NAME_CHARS: usize = 60;
/// A card's title in three lines and its text in four, legible from 30 m.
pub const CARD_TITLE_CHARS: usize = 120;
pub const CARD_TEXT_CHARS: usize = 300;
/// One pass along the foot of a wall.
pub const TICKER_CHARS: usize = 200;
