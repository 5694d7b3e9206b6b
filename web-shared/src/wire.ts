// Generated from src/wire and src/chamber/command.rs. Do not edit: UPDATE_WIRE=1 cargo test --lib wire

export type Page = "delegate" | "chair" | "admin" | "wall" | "public";

export type ClientFrame = { "type": "join", protocol: number, page: Page, statement: string | null, } | { "type": "cast_vote", id: string, statement: string, } | { "type": "order", id: string, statement: string, arguments: string, } | { "type": "query", id: string, query: Query, } | { "type": "ping", at: number, };

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
size: number, } & ({ "topic": "council", "state": CouncilView } | { "topic": "roll", "state": RollView } | { "topic": "live", "state": LiveView } | { "topic": "seats", "state": SeatsView } | { "topic": "speaking", "state": SpeakingView } | { "topic": "console", "state": ConsoleView } | { "topic": "me", "state": MeView }) | { "type": "receipt", id: string, receipt: Receipt, } | { "type": "done", id: string, reply: Reply, } | { "type": "found", id: string, found: Found, } | { "type": "refused", id: string, code: string, 
/**
 * True when the same frame may succeed later unchanged (`busy`, `store_unavailable`).
 */
retry: boolean, } | { "type": "error", id: string | null, code: string, message: string, } | { "type": "pong", at: number, server_time: number, };

export type View = { "topic": "council", "state": CouncilView } | { "topic": "roll", "state": RollView } | { "topic": "live", "state": LiveView } | { "topic": "seats", "state": SeatsView } | { "topic": "speaking", "state": SpeakingView } | { "topic": "console", "state": ConsoleView } | { "topic": "me", "state": MeView };

export type Reply = { "reply": "code" } & IssuedCode | { "reply": "code_cancelled", person: string, } | { "reply": "nudged", people: number, } | { "reply": "rehearsal_started", id: string, } | { "reply": "rehearsal_ended", };

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
names_public: boolean, 
/**
 * Nothing done here enters the council's record.
 */
rehearsal: boolean, 
/**
 * Id of the rehearsal that is running beside this council, under `/c/<id>/`.
 */
rehearsing: string | null, rules: RulesView, session: SessionView | null, 
/**
 * Of the present session, prepared, open and closed ones in order. The public is not told what closed doors hide.
 */
sittings: Array<SittingBrief>, 
/**
 * In the order in which it is read: every item before those under it (`parent`).
 */
agenda: Array<ItemView>, };

export type RulesView = { preset: string, seats: number, quorum: RuleView, quorum_enforced: boolean, majorities: Array<NamedRuleView>, answers: Array<AnswerView>, ballot_seconds: number, change_allowed: boolean, show_split: boolean, names_public: boolean, speaking: SpeakingRulesView, };

export type NamedRuleView = { name: string, rule: RuleView, };

export type SpeakingRulesView = { speak: number, interpellate: number, answer: number, rebut: number, explain: number, point_of_order: number, askers_a_round: number, };

export type SessionView = { id: string, title: string, term: string, kind: SessionKind, };

export type SessionKind = "regular" | "thematic";

export type SittingBrief = { id: string, 
/**
 * Empty for the public where the doors are closed.
 */
title: string, closed_doors: boolean, planned_at: number | null, opened_at: number | null, closed_at: number | null, };

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
minutes: number | null, 
/**
 * The item it stands under.
 */
parent: string | null, planned_at: number | null, 
/**
 * Who reports or presents.
 */
presenter: string | null, 
/**
 * The public is not shown it.
 */
closed: boolean, state: ItemState, started_at: number | null, finished_at: number | null, 
/**
 * Name of the rule in the profile.
 */
rule: string | null, questions: Array<QuestionView>, };

export type ItemKind = "ceremony" | "report" | "discussion" | "interpellation" | "vote" | "election";

export type ItemState = "upcoming" | "current" | "done";

export type QuestionView = { id: string, item: string, title: string, text: string, answers: Array<AnswerView>, rule: RuleView, form: QuestionForm, 
/**
 * How many answers one vote may name: more than one in an election only.
 */
choices: number, 
/**
 * How many candidates of an election one vote names at least, where it does not abstain; one where left out.
 */
min_choices?: number, 
/**
 * Only delegates of these groups vote on it; everybody where left out. `PersonView.group` is to be compared as it is.
 */
groups?: Array<string>, 
/**
 * The seats show each answer while the ballot is open.
 */
live_names?: boolean, 
/**
 * The questions decided at once by this one.
 */
bloc: Array<BlocPartView>, 
/**
 * The bloc this question was put to the vote in, or decided by.
 */
in_bloc: string | null, 
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

export type QuestionForm = "motion" | "choice" | "election";

export type BlocPartView = { question: string, title: string, document_sha256: string, };

export type AnswerView = { 
/**
 * `yes`, `no`, `abstain`; options `a1` …; candidates `c1` ….
 */
key: string, 
/**
 * What choosing it means, in the council's language.
 */
meaning: string, };

export type RuleView = { numerator: number, denominator: number, base: BaseView, constant: number, strict: boolean, tie: TieView, };

export type BaseView = "all_seats" | "in_office" | "present" | "took_part" | "yes_and_no";

export type TieView = "fails" | "chair_decides";

export type BallotBrief = { id: string, round: number, form: BallotForm, state: BallotState, 
/**
 * Set once the ballot was closed; the verdict in it only once it was confirmed.
 */
result: ResultView | null, 
/**
 * Why it was voided or annulled.
 */
reason: string | null, };

export type BallotForm = "electronic" | "show_of_hands" | "paper";

export type BallotState = "open" | "on_hold" | "closed" | "confirmed" | "announced" | "voided" | "annulled";

export type PapersView = { issued: number, returned: number, valid: number, invalid: number, };

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

export type Office = "chair" | "secretary" | "scrutineer" | "administrator" | "auditor" | "deputy" | "official" | "guest" | "press" | "screen";

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
ballot: BallotView | null, 
/**
 * What the main wall, `w1`, shows.
 */
wall: WallView, 
/**
 * The walls beside it.
 */
walls: Array<NamedWallView>, 
/**
 * The line along the foot of every wall.
 */
ticker: string | null, 
/**
 * Nothing of what happens now is for the public: `sitting` is all that the public's view then holds, without its title.
 */
closed_doors: boolean, };

export type SittingView = { id: string, title: string, opened_at: number, closed_doors: boolean, suspension: SuspensionView | null, };

export type SuspensionView = { cause: SuspensionCause, reason: string | null, since: number, 
/**
 * When it is meant to go on.
 */
until: number | null, };

export type SuspensionCause = "recess" | "failure";

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

export type BallotView = { id: string, question: string, item: string, round: number, form: BallotForm, state: BallotState, document_sha256: string, opened_at: number, 
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
 * Entitled delegates present at any moment while it was open.
 */
present: number, 
/**
 * How many delegates are entitled to vote in it: all in office, or those of its question's groups.
 */
entitled?: number, 
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
 * Present while it was open. As all figures here, of those entitled, where the question is put to some groups only;
 * then `seats` is as many as `in_office`.
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
casting: Verdict | null, 
/**
 * The option that prevailed or the candidates elected, the most votes first. Before the confirmation: what the rule gives.
 */
chosen: Array<string>, 
/**
 * Who recorded a count taken by hand or on paper.
 */
recorded_by: PersonRef | null, papers: PapersView | null, closed_at: number, closed_by: ClosedBy, confirmed_at: number | null, announced_at: number | null, };

export type Verdict = "adopted" | "rejected";

export type ClosedBy = "chair" | "time";

export type WallView = { mode: WallMode, 
/**
 * What a title card or a countdown says.
 */
card: CardView | null, since: number, };

export type CardView = { title: string, text: string | null, 
/**
 * A countdown's moment.
 */
until: number | null, };

export type NamedWallView = { id: string, name: string, 
/**
 * `null`: it shows what the main wall shows.
 */
own: WallView | null, };

export type WallMode = "welcome" | "roll_call" | "agenda" | "item" | "voting" | "result" | "blank" | "speaker" | "interpellation" | "title" | "countdown";

export type SeatsView = { 
/**
 * The ballot the marks speak of; `null` when they only tell attendance.
 */
ballot: string | null, 
/**
 * `.` absent · `e` excused · `p` present · `r` vote received · `y` `n` `a` voted so · `-` not entitled to vote in this
 * ballot. One ASCII character a seat. While a ballot is open `y` `n` `a` only where its question says `live_names`.
 */
marks: string, arranged: Arranged, };

export type SpeakingView = { 
/**
 * Requests are taken; points of order always are.
 */
list_open: boolean, 
/**
 * In the order in which they will be called.
 */
queue: Array<RequestView>, speech: SpeechView | null, round: RoundView | null, 
/**
 * Groups with a budget in the current item.
 */
budgets: Array<BudgetView>, 
/**
 * What was spoken in this session, by person, the longest first, at most 200.
 */
people: Array<SpokenView>, 
/**
 * The same by group, at most 100.
 */
groups: Array<SpokenView>, 
/**
 * Of this session and, where they stand, of the term's earlier ones, the newest last; struck ones are left out for the public. At
 * most the newest 100, fewer where they are very long; all stay in the record.
 */
promises: Array<PromiseView>, };

export type SpeechKind = "speak" | "interpellate" | "answer" | "rebut" | "explain" | "point_of_order";

export type RequestView = { id: string, person: PersonRef, group: string, kind: SpeechKind, topic: string | null, 
/**
 * Whom an interpellation asks.
 */
to: PersonRef | null, at: number, };

export type SpeechView = { id: string, person: PersonRef, group: string, kind: SpeechKind, topic: string | null, started_at: number, 
/**
 * With extensions; 0: no limit.
 */
allotted_ms: number, spent_ms: number, 
/**
 * `null` while paused.
 */
running_since: number | null, };

export type RoundView = { 
/**
 * From 1 in each item.
 */
number: number, official: PersonRef, 
/**
 * Who has asked in it, in order.
 */
asked: Array<AskedView>, 
/**
 * How many ask before the answers come.
 */
askers: number, };

export type AskedView = { person: PersonRef, topic: string | null, };

export type BudgetView = { group: string, seconds: number, 
/**
 * Spent in this item by speeches that are over.
 */
spent_ms: number, };

export type SpokenView = { 
/**
 * A person's id, or a group's name.
 */
id: string, name: string, speeches: number, spent_ms: number, };

export type PromiseView = { id: string, 
/**
 * Title of the earlier session it was given in; `null` where that is the present one.
 */
session: string | null, item: string | null, official: PersonRef, 
/**
 * Who had asked.
 */
to: PersonRef | null, text: string, 
/**
 * `YYYY-MM-DD`.
 */
until: string | null, at: number, 
/**
 * Why it was struck.
 */
struck: string | null, 
/**
 * When it was marked as kept.
 */
kept_at?: number, 
/**
 * What was said to that.
 */
kept_note?: string, };

export type Query = { "query": "audit", 
/**
 * Only entries before this number.
 */
before: number | null, subject: Subject | null, 
/**
 * Only what this person did or what concerns them.
 */
person: string | null, } | { "query": "roll_call", sitting: string, };

export type Subject = "council" | "agenda" | "attendance" | "speaking" | "ballots" | "votes" | "presiding";

export type Found = { "found": "audit", entries: Array<AuditEntry>, 
/**
 * To be given as `before` for the next page; `null` where there is none.
 */
next: number | null, } | { "found": "roll_call" } & RollCallReport;

export type AuditEntry = { seq: number, at: number, 
/**
 * `null` where the chamber itself or the server's console acted: see `by_console`.
 */
by: PersonRef | null, by_console: boolean, subject: Subject, 
/**
 * The event's kind, such as `ballot_opened` (docs/record-format.md).
 */
kind: string, 
/**
 * The event's fields in words; ids of people and items are followed by `<field>_name`. A vote's person and answer are
 * left out where names are restricted.
 */
fields: { [key in string]: string }, 
/**
 * The entry whose order brought this one about.
 */
cause: number | null, 
/**
 * Leaf hash, hex: what a proof of inclusion names.
 */
leaf: string, 
/**
 * True where a person's signed statement stands in the entry.
 */
signed: boolean, 
/**
 * The entry's exact line, where it may be shown.
 */
line: string | null, };

export type RollCallReport = { sitting: string, title: string, opened_at: number | null, closed_at: number | null, 
/**
 * In seat order.
 */
people: Array<RollCallRow>, 
/**
 * Ballots closed in it: who was entitled, present and took part, in figures.
 */
closings: Array<ClosingRow>, };

export type RollCallRow = { person: PersonRef, seat: string | null, group: string, 
/**
 * As it is, or was at the end.
 */
presence: Presence, 
/**
 * The last of them, at most 8; fewer where the report would grow too large for one frame.
 */
comings: Array<ComingView>, present_ms: number, 
/**
 * Comings and goings before those listed.
 */
earlier?: number, };

export type ComingView = { presence: Presence, at: number, reason: string | null, };

export type ClosingRow = { ballot: string, title: string, closed_at: number, entitled: number, present: number, took_part: number, };

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
 * The option or the candidates the rule gives, as soon as the ballot is closed.
 */
chosen: Array<string>, 
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
 * Why the last device was revoked, cut to 80 characters; `null` where there is one, or never was.
 */
revoked: string | null, 
/**
 * A one-time code is waiting to be used until then.
 */
code_until: number | null, };

export type Presence = "absent" | "excused" | "present";

export type DeviceView = { id: string, bound_at: number, connected: boolean, 
/**
 * Half of the last round trip between server and tablet.
 */
delay_ms: number | null, 
/**
 * When something was last heard of it, since the server started.
 */
last_seen: number | null, };

export type MeView = { person: PersonView, device: string, presence: Presence, present_since: number | null, 
/**
 * My last vote in the ballot `live` shows.
 */
vote: MyVote | null, 
/**
 * The turn my next vote must carry in that ballot.
 */
next_turn: number, 
/**
 * When an officer last asked those whose vote was missing, this person among them, to vote.
 */
nudged_at: number | null, };

export type MyVote = { ballot: string, answer: string, 
/**
 * Further candidates, in an election.
 */
more: Array<string>, turn: number, seq: number, at: number, 
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
 * Named votes of those entitled, only where the council publishes names.
 */
names: Array<NamedVote> | null, };

export type NamedVote = { person: string, name: string, group: string, 
/**
 * `yes`, `no`, `abstain`; `null`: present without voting, or absent.
 */
answer: string | null, 
/**
 * Further candidates, in an election.
 */
more: Array<string>, present: boolean, };

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
sha256: string, } | { "order": "end_mandate", target: PersonId, reason: string, } | { "order": "revoke_device", target: PersonId, reason: string, } | { "order": "set_rules", rules: RulesProfile, } | { "order": "create_session", title: string, term: string, kind?: OrderSessionKind | null, } | { "order": "prepare_sitting", title: string, planned_at?: Millis | null, closed_doors?: boolean, } | { "order": "open_sitting", target?: SittingId | null, title?: string | null, closed_doors?: boolean, } | { "order": "suspend_sitting", cause: OrderSuspensionCause, reason?: string | null, until?: Millis | null, } | { "order": "resume_sitting", } | { "order": "close_sitting", } | { "order": "add_items", items: Array<NewItem>, parent?: ItemId | null, before?: ItemId | null, start?: boolean, } | { "order": "change_item", target: ItemId, to: NewItem, } | { "order": "move_item", target: ItemId, parent?: ItemId | null, before?: ItemId | null, } | { "order": "remove_item", target: ItemId, } | { "order": "prepare_question", target: ItemId, title: string, text: string, 
/**
 * Name of a rule in the council's profile.
 */
rule: string, seconds?: number | null, show_split?: boolean | null, replaces?: QuestionId | null, 
/**
 * Motion where left out.
 */
form?: OrderQuestionForm | null, 
/**
 * The options or candidates of a choice or an election, `abstain` left out: it is always there.
 */
answers?: Array<OrderAnswer> | null, change_allowed?: boolean | null, 
/**
 * Only delegates of these groups vote on it; everybody where empty.
 */
groups?: Array<string>, 
/**
 * How many candidates of an election one vote names at least, where it does not abstain.
 */
min_choices?: number, 
/**
 * Each seat shows its answer while the ballot is open. Of motions, in councils whose names are public.
 */
live_names?: boolean, } | { "order": "prepare_bloc", target: ItemId, title: string, questions: Array<QuestionId>, 
/**
 * As of a question.
 */
live_names?: boolean, } | { "order": "start_item", target: ItemId, } | { "order": "finish_item", target: ItemId, } | { "order": "check_in", target: PersonId, reason?: string | null, } | { "order": "check_out", target: PersonId, reason?: string | null, } | { "order": "excuse", target: PersonId, reason: string, } | { "order": "open_list", } | { "order": "close_list", } | { "order": "ask_to_speak", target: PersonId, kind: OrderSpeechKind, topic?: string | null, 
/**
 * Whom an interpellation asks.
 */
to?: PersonId | null, } | { "order": "withdraw_request", target: RequestId, reason?: string | null, } | { "order": "move_request", target: RequestId, before?: RequestId | null, reason: string, } | { "order": "call_speaker", target: RequestId, seconds?: number | null, } | { "order": "give_floor", target: PersonId, kind: OrderSpeechKind, seconds?: number | null, } | { "order": "pause_speech", target: SpeechId, } | { "order": "resume_speech", target: SpeechId, } | { "order": "extend_speech", target: SpeechId, seconds: number, } | { "order": "end_speech", target: SpeechId, } | { "order": "start_round", target: PersonId, } | { "order": "set_budget", target: ItemId, group: string, seconds: number, } | { "order": "log_promise", target: PersonId, text: string, 
/**
 * `YYYY-MM-DD`.
 */
until?: string | null, 
/**
 * Who had asked.
 */
to?: PersonId | null, } | { "order": "strike_promise", target: PromiseId, reason: string, } | { "order": "keep_promise", target: PromiseId, note?: string | null, } | { "order": "open_ballot", target: QuestionId, seconds?: number | null, } | { "order": "hold_ballot", target: BallotId, reason?: string | null, } | { "order": "resume_ballot", target: BallotId, } | { "order": "extend_ballot", target: BallotId, seconds: number, } | { "order": "close_ballot", target: BallotId, } | { "order": "confirm_ballot", target: BallotId, casting?: OrderVerdict | null, } | { "order": "announce_ballot", target: BallotId, } | { "order": "record_count", target: QuestionId, form: OrderBallotForm, counts: Array<OrderAnswerCount>, 
/**
 * For `paper`.
 */
papers?: OrderPapers | null, } | { "order": "void_ballot", target: BallotId, reason: string, } | { "order": "annul_ballot", target: BallotId, reason: string, } | { "order": "take_gavel", reason?: string | null, } | { "order": "hand_gavel", target: PersonId, } | { "order": "show_on_wall", target?: WallId | null, mode: OrderWallMode, 
/**
 * For `title` and `countdown`.
 */
card?: OrderCard | null, } | { "order": "add_wall", name: string, } | { "order": "remove_wall", target: WallId, } | { "order": "follow_main", target: WallId, } | { "order": "set_ticker", text?: string | null, };

export type NewItem = { number: string, kind: OrderItemKind, title: string, 
/**
 * At most 60 characters; made from the title when left out.
 */
short_title?: string | null, minutes?: number | null, 
/**
 * Name of a rule in the council's profile, for kind `vote`.
 */
rule?: string | null, 
/**
 * How deep under the ones before it: 0 stands at the top (or directly under the order's `parent`), 1 under the last 0.
 */
level?: number, planned_at?: Millis | null, presenter?: string | null, 
/**
 * Behind closed doors.
 */
closed?: boolean, };

export type OrderItemKind = "ceremony" | "report" | "discussion" | "interpellation" | "vote" | "election";

export type OrderVerdict = "adopted" | "rejected";

export type OrderWallMode = "welcome" | "roll_call" | "agenda" | "item" | "voting" | "result" | "blank" | "speaker" | "interpellation" | "title" | "countdown";

export type Millis = number;

export type RequestId = string;

export type SpeechId = string;

export type PromiseId = string;

export type SittingId = string;

export type WallId = string;

export type AnswerKey = string;

export type OrderSessionKind = "regular" | "thematic";

export type OrderSuspensionCause = "recess" | "failure";

export type OrderQuestionForm = "motion" | "choice" | { "election": { places: number, } };

export type OrderBallotForm = "electronic" | "show_of_hands" | "paper";

export type OrderPapers = { issued: number, returned: number, valid: number, invalid: number, };

export type OrderAnswerCount = { answer: AnswerKey, count: number, };

export type OrderAnswer = { key: AnswerKey, meaning: string, };

export type RulesProfile = { 
/**
 * `province`, `commune` or `generic`: the preset it was made from.
 */
preset: string, 
/**
 * Seats the council has by law; some may be vacant.
 */
seats: number, quorum: MajorityRule, 
/**
 * False: an inquorate ballot is only warned of.
 */
quorum_enforced: boolean, 
/**
 * Rules a question can name, in the order they are offered.
 */
majorities: Array<NamedRule>, 
/**
 * What each answer means, in the council's language; keys in the order they are shown.
 */
answers: Array<OrderAnswer>, 
/**
 * Default length of a ballot; 0 means that only the chair closes it.
 */
ballot_seconds: number, change_allowed: boolean, show_split: boolean, names: NamesPolicy, speaking?: SpeakingRules, };

export type NamedRule = { name: string, rule: MajorityRule, };

export type MajorityRule = { numerator: number, 
/**
 * Never 0.
 */
denominator: number, base: Base, constant: number, strict: boolean, tie: TieRule, };

export type TieRule = "fails" | "chair_decides";

export type Base = "all_seats" | "in_office" | "present" | "took_part" | "yes_and_no";

export type NamesPolicy = "restricted" | "public";

export type SpeakingRules = { speak: number, interpellate: number, answer: number, rebut: number, explain: number, point_of_order: number, askers_a_round: number, };

export type OrderSpeechKind = "speak" | "interpellate" | "answer" | "rebut" | "explain" | "point_of_order";

export type OrderCard = { title: string, text?: string | null, 
/**
 * A countdown's moment.
 */
until?: Millis | null, };
