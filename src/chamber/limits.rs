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

/// Items on one session's agenda; the busiest reported half-day had 43 resolutions.
pub const ITEMS: usize = 300;
/// Questions on one item: a resolution and its amendments. More amendments are items of their own.
pub const QUESTIONS_PER_ITEM: usize = 5;
/// What one session's agenda may weigh on every screen, in bytes of JSON: its items and questions with all their texts.
/// A vote with a title of 150 letters takes about 1,500, so this holds over 200 of them. The whole view goes out in one
/// frame: with [`ROUNDS`] at their heaviest, 300 × (700 + 10 × 65 + 4 × [`ENDING_REASON_CHARS`]) = 645,000, it stays below
/// 1 MiB, half of what a connection may have waiting to be written; an ordinary one below 600,000.
pub const AGENDA_BYTES: usize = 320 * 1024;
/// Names, numbers, hash and punctuation of one item, one question and one answer in that JSON, at most.
pub const ITEM_BYTES: usize = 200;
pub const QUESTION_BYTES: usize = 400;
pub const ANSWER_BYTES: usize = 25;
/// Rounds of voting in one session, voided ones with them; see [`AGENDA_BYTES`].
pub const ROUNDS: usize = 300;
/// An item's number as printed in the papers, such as `12.b`.
pub const NUMBER_CHARS: usize = 20;
pub const TITLE_CHARS: usize = 1_000;
/// What a list's line holds.
pub const SHORT_TITLE_CHARS: usize = 60;
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
/// names (500) leave over 55,000. One question is far below: 5,000 characters of title and text at 8 bytes are 40,000.
pub const ENTRY_TEXT_BYTES: usize = 54_000;
/// What an item's keys, quotes, kind, minutes and rule weigh in the arguments, at most.
pub const ITEM_ARGUMENT_BYTES: usize = 200;

/// Shorter, and no tablet would get its vote in.
pub const BALLOT_SECONDS_MIN: u32 = 5;
/// Longer, and it should be a ballot without a limit, which the chair closes.
pub const BALLOT_SECONDS_MAX: u32 = 3_600;
/// What is left at least when the store's failure holds a ballot: the tablets that kept their signed vote need this long
/// to send it again once the chair resumes.
pub const STORE_HOLD_REST_MS: u64 = 10_000;

/// Rules in a profile.
pub const RULES: usize = 20;
/// Answers of a question: three by statute, a few more for other forms.
pub const ANSWERS: usize = 10;
/// What choosing an answer means, in words.
pub const MEANING_CHARS: usize = 200;
/// Largest numerator and denominator of a majority rule, and the largest constant either way.
pub const RULE_NUMBER: u32 = 10_000;
