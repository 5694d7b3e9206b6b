// Generated from src/wire and src/chamber/command.rs. Do not edit: UPDATE_WIRE=1 cargo test --lib wire

export type Page = "delegate" | "chair" | "admin" | "wall" | "public";

export type ClientFrame = { "type": "join", protocol: number, page: Page, statement: string | null, } | { "type": "cast_vote", id: string, statement: string, } | { "type": "order", id: string, statement: string, arguments: string, } | { "type": "ping", at: number, };

export type ServerFrame = { "type": "challenge", protocol: number, 
/**
 * The council's origin, which every statement names.
 */
log: string, 
/**
 * 32 random bytes, base64.
 */
challenge: string, server_time: number, } | { "type": "joined", page: Page, person: string | null, } | { "type": "view", 
/**
 * Number of entries in the record this state is made from. Only grows.
 */
size: number, } & ({ "topic": "council", "state": CouncilView } | { "topic": "roll", "state": RollView } | { "topic": "live", "state": LiveView } | { "topic": "seats", "state": SeatsView } | { "topic": "console", "state": ConsoleView } | { "topic": "me", "state": MeView }) | { "type": "receipt", id: string, receipt: Receipt, } | { "type": "done", id: string, reply: Reply, } | { "type": "refused", id: string, code: string, 
/**
 * True when the same frame may succeed later unchanged (`busy`, `store_unavailable`).
 */
retry: boolean, } | { "type": "error", id: string | null, code: string, message: string, } | { "type": "pong", at: number, server_time: number, };

export type View = { "topic": "council", "state": CouncilView } | { "topic": "roll", "state": RollView } | { "topic": "live", "state": LiveView } | { "topic": "seats", "state": SeatsView } | { "topic": "console", "state": ConsoleView } | { "topic": "me", "state": MeView };

export type Reply = { "reply": "code" } & IssuedCode | { "reply": "code_cancelled", person: string, };

export type IssuedCode = { person: string, 
/**
 * Eight characters, `XXXX-XXXX`.
 */
code: string, 
/**
 * Path and fragment to open on the tablet, such as `/c/hanoi/delegate#enrol=ABCD-EFGH`; the page adds its own origin.
 */
link: string, expires_at: number, };

export type Receipt = { seq: number, 
/**
 * The entry's exact line, without a line feed. The statement it holds is the one that was signed.
 */
entry: string, 
/**
 * Inclusion proof, leaf to root, base64 SHA-256 each (RFC 6962).
 */
proof: Array<string>, 
/**
 * The signed checkpoint the proof leads to.
 */
checkpoint: string, };

export type CouncilView = { id: string, origin: string, name: string, short_name: string, 
/**
 * The checkpoint key, as a verifier key text `name+hash+key`.
 */
vkey: string, 
/**
 * True when named votes are published.
 */
names_public: boolean, session: SessionView | null, agenda: Array<ItemView>, };

export type SessionView = { id: string, title: string, term: string, };

export type ItemView = { id: string, 
/**
 * As printed in the papers; not always a number.
 */
number: string, kind: ItemKind, title: string, 
/**
 * At most 60 characters, for lists.
 */
short_title: string, 
/**
 * Planned length in minutes.
 */
minutes: number | null, state: ItemState, started_at: number | null, questions: Array<QuestionView>, };

export type ItemKind = "ceremony" | "report" | "discussion" | "interpellation" | "vote" | "election";

export type ItemState = "upcoming" | "current" | "done";

export type QuestionView = { id: string, item: string, title: string, text: string, answers: Array<AnswerView>, rule: RuleView, 
/**
 * SHA-256 of the question document, hex.
 */
document_sha256: string, 
/**
 * Seconds a ballot on it stays open unless the chair says otherwise.
 */
seconds: number, change_allowed: boolean, show_split: boolean, 
/**
 * Rounds taken so far, oldest first. The last may be running.
 */
ballots: Array<BallotBrief>, };

export type AnswerView = { 
/**
 * `yes`, `no`, `abstain`.
 */
key: string, 
/**
 * What choosing it means, in the council's language.
 */
meaning: string, };

export type RuleView = { numerator: number, denominator: number, base: BaseView, constant: number, strict: boolean, tie: TieView, };

export type BaseView = "all_seats" | "in_office" | "present" | "took_part" | "yes_and_no";

export type TieView = "fails" | "chair_decides";

export type BallotBrief = { id: string, round: number, state: BallotState, 
/**
 * Set once the ballot was closed; the verdict in it only once it was confirmed.
 */
result: ResultView | null, 
/**
 * Why it was voided or annulled.
 */
reason: string | null, };

export type BallotState = "open" | "on_hold" | "closed" | "confirmed" | "announced" | "voided" | "annulled";

export type RollView = { 
/**
 * Number of seats the council has by law; some may be vacant.
 */
seats: number, people: Array<PersonView>, };

export type PersonView = { id: string, name: string, 
/**
 * Printed on the place; `null` for officers who are not delegates.
 */
seat: string | null, group: string, offices: Array<Office>, };

export type Office = "chair" | "secretary" | "scrutineer" | "administrator" | "auditor";

export type LiveView = { sitting: SittingView | null, 
/**
 * Who holds the gavel.
 */
gavel: PersonRef | null, attendance: AttendanceView, 
/**
 * The current agenda item's id.
 */
item: string | null, 
/**
 * The ballot that is running or was last taken in the current item.
 */
ballot: BallotView | null, wall: WallView, };

export type SittingView = { id: string, title: string, opened_at: number, };

export type PersonRef = { id: string, name: string, };

export type AttendanceView = { seats: number, in_office: number, present: number, excused: number, 
/**
 * In office, neither present nor excused.
 */
absent: number, quorum: ThresholdView, quorate: boolean, };

export type ThresholdView = { rule: RuleView, 
/**
 * Size of the rule's base.
 */
base_count: number, 
/**
 * The smallest count that satisfies the rule.
 */
needed: number, 
/**
 * The count the rule looks at.
 */
count: number, };

export type BallotView = { id: string, question: string, item: string, round: number, state: BallotState, document_sha256: string, opened_at: number, 
/**
 * Server time at which it closes by itself; `null` while on hold, after closing, or when it has no limit.
 */
closes_at: number | null, 
/**
 * Milliseconds left, while on hold.
 */
remaining_ms: number | null, 
/**
 * Whole length in milliseconds including extensions, for the bar that drains.
 */
length_ms: number | null, hold_cause: HoldCause | null, 
/**
 * Delegates whose vote is in.
 */
received: number, 
/**
 * Delegates present at any moment while it was open.
 */
present: number, 
/**
 * Running counts, only where the question allows it.
 */
split: Array<AnswerCount> | null, result: ResultView | null, reason: string | null, };

export type HoldCause = "chair" | "store_unavailable";

export type AnswerCount = { answer: string, count: number, };

export type ResultView = { 
/**
 * In the question's order of answers.
 */
counts: Array<AnswerCount>, took_part: number, 
/**
 * Present while it was open.
 */
present: number, 
/**
 * Present but did not vote.
 */
not_voted: number, 
/**
 * In office but not present.
 */
absent: number, in_office: number, seats: number, threshold: ThresholdView, 
/**
 * `null` until the chair confirmed.
 */
verdict: Verdict | null, 
/**
 * The chair's casting vote, where a tie needed one.
 */
casting: Verdict | null, closed_at: number, closed_by: ClosedBy, confirmed_at: number | null, announced_at: number | null, };

export type Verdict = "adopted" | "rejected";

export type ClosedBy = "chair" | "time";

export type WallView = { mode: WallMode, since: number, };

export type WallMode = "welcome" | "roll_call" | "agenda" | "item" | "voting" | "result" | "blank";

export type SeatsView = { 
/**
 * The ballot the marks speak of; `null` when they only tell attendance.
 */
ballot: string | null, 
/**
 * `.` absent · `e` excused · `p` present · `r` vote received · `y` `n` `a` voted so. One ASCII character a seat.
 */
marks: string, arranged: Arranged, };

export type Arranged = "by_seat" | "by_answer";

export type ConsoleView = { 
/**
 * One per person on the roll, in the roll's order.
 */
people: Array<ConsolePerson>, 
/**
 * Present delegates who have not voted in the running ballot.
 */
missing: Array<string>, 
/**
 * The verdict the rule gives, as soon as the ballot is closed: what the chair is asked to confirm.
 */
proposed: Verdict | null, 
/**
 * True when the rule leaves the tie to the chair: confirming needs a casting vote.
 */
tie: boolean, 
/**
 * Open screens, by page.
 */
watching: Watching, };

export type Watching = { walls: number, public: number, };

export type ConsolePerson = { id: string, presence: Presence, 
/**
 * Why excused, or why the secretary checked the person in.
 */
reason: string | null, device: DeviceView | null, 
/**
 * A one-time code is waiting to be used until then.
 */
code_until: number | null, };

export type Presence = "absent" | "excused" | "present";

export type DeviceView = { id: string, bound_at: number, connected: boolean, };

export type MeView = { person: PersonView, device: string, presence: Presence, present_since: number | null, 
/**
 * My last vote in the ballot `live` shows.
 */
vote: MyVote | null, 
/**
 * The turn my next vote must carry in that ballot.
 */
next_turn: number, };

export type MyVote = { ballot: string, answer: string, turn: number, seq: number, at: number, 
/**
 * First four hex digits of the entry's leaf hash, upper case: what a person can compare.
 */
short: string, };

export type LookRequest = { code: string, };

export type LookResponse = { origin: string, council_name: string, vkey: string, person: PersonView, 
/**
 * The person has a device already; enrolling this one revokes it.
 */
replaces_device: boolean, };

export type EnrolRequest = { code: string, statement: string, };

export type EnrolResponse = { person: PersonView, device: string, receipt: Receipt, };

export type RosterRequest = { statement: string, arguments: string, csv: string, };

export type RosterResponse = { 
/**
 * Rows that are new on the roll.
 */
added: number, 
/**
 * Rows that change somebody.
 */
changed: number, unchanged: number, people: Array<PersonView>, 
/**
 * `false` for a check.
 */
imported: boolean, };

export type RowProblem = { 
/**
 * Line in the file, from 1 (the header).
 */
line: number, column: string | null, 
/**
 * `missing_column`, `empty`, `bad_id`, `duplicate_id`, `duplicate_seat`, `unknown_office`, `too_long`, `not_utf8`, `wrong_length`, …
 */
code: string, value: string, };

export type CouncilBrief = { id: string, name: string, short_name: string, origin: string, 
/**
 * A sitting is open.
 */
sitting: boolean, };

export type FoundRequest = { statement: string, 
/**
 * JSON text of [`FoundArguments`].
 */
arguments: string, };

export type FoundArguments = { origin: string, name: string, short_name: string, 
/**
 * `province`, `commune`, `generic`.
 */
preset: string, seats: number, 
/**
 * Name of its first administrator.
 */
administrator: string, };

export type FoundResponse = { council: CouncilBrief, 
/**
 * For its first administrator.
 */
code: IssuedCode, };

export type ResultsResponse = { results: Array<PublishedResult>, };

export type PublishedResult = { item: ItemView, question: string, ballot: BallotBrief, 
/**
 * One per seat, as in `SeatsView`; sorted by answer where names are restricted.
 */
seats: SeatsView, 
/**
 * Named votes, only where the council publishes names.
 */
names: Array<NamedVote> | null, };

export type NamedVote = { person: string, name: string, group: string, 
/**
 * `yes`, `no`, `abstain`; `null`: present without voting, or absent.
 */
answer: string | null, present: boolean, };

export type ProofResponse = { proof: Array<string>, };

export type Problem = { 
/**
 * `about:blank#<code>`.
 */
type: string, title: string, status: number, 
/**
 * Stable; the same catalogue as refusals.
 */
code: string, detail: string, 
/**
 * For bad CSV.
 */
problems?: Array<RowProblem>, };

export type PersonId = string;

export type ItemId = string;

export type QuestionId = string;

export type BallotId = string;

export type Command = { "order": "import_roster", 
/**
 * SHA-256 of the CSV file, hex.
 */
sha256: string, } | { "order": "end_mandate", target: PersonId, reason: string, } | { "order": "revoke_device", target: PersonId, reason: string, } | { "order": "create_session", title: string, term: string, } | { "order": "add_items", items: Array<NewItem>, } | { "order": "prepare_question", target: ItemId, title: string, text: string, 
/**
 * Name of a rule in the council's profile.
 */
rule: string, seconds: number | null, show_split: boolean | null, replaces: QuestionId | null, } | { "order": "open_sitting", title: string, } | { "order": "close_sitting", } | { "order": "start_item", target: ItemId, } | { "order": "check_in", target: PersonId, reason: string | null, } | { "order": "check_out", target: PersonId, reason: string | null, } | { "order": "excuse", target: PersonId, reason: string, } | { "order": "open_ballot", target: QuestionId, seconds: number | null, } | { "order": "hold_ballot", target: BallotId, reason: string | null, } | { "order": "resume_ballot", target: BallotId, } | { "order": "extend_ballot", target: BallotId, seconds: number, } | { "order": "close_ballot", target: BallotId, } | { "order": "confirm_ballot", target: BallotId, casting: OrderVerdict | null, } | { "order": "announce_ballot", target: BallotId, } | { "order": "void_ballot", target: BallotId, reason: string, } | { "order": "annul_ballot", target: BallotId, reason: string, } | { "order": "take_gavel", reason: string | null, } | { "order": "hand_gavel", target: PersonId, } | { "order": "show_on_wall", mode: OrderWallMode, };

export type NewItem = { number: string, kind: OrderItemKind, title: string, 
/**
 * At most 60 characters; made from the title when left out.
 */
short_title: string | null, minutes: number | null, 
/**
 * Name of a rule in the council's profile, for kind `vote`.
 */
rule: string | null, };

export type OrderItemKind = "ceremony" | "report" | "discussion" | "interpellation" | "vote" | "election";

export type OrderVerdict = "adopted" | "rejected";

export type OrderWallMode = "welcome" | "roll_call" | "agenda" | "item" | "voting" | "result" | "blank";
