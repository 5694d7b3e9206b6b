//! Questions put to some groups only, and elections that ask for a least number of names.

use super::*;
use dienhong::chamber::ballot::{Counted, Question, Verdict};
use dienhong::chamber::event::Event;
use dienhong::chamber::ids::SeatId;
use dienhong::chamber::limits;
use dienhong::chamber::refusal::Refusal;
use dienhong::chamber::roll::{Office, Person};
use dienhong::chamber::rules::{Base, MajorityRule, NamedRule, RulesProfile, TieRule};
use dienhong::wire::from_chamber::{Connections, Eyes};
use dienhong::wire::from_chamber::{console, results, seats};
use dienhong::wire::views::Arranged;
use proptest::prelude::*;

/// At `i2` in a council of nine seats: `p1` … `p4` of Tổ 1, `p5` … `p8` of Tổ 2, `p8` not there.
pub(super) fn two_groups(rules: RulesProfile) -> Hall {
    let mut hall = Hall::at_question(rules, 8, 7);
    for person in ["p5", "p6", "p7", "p8"] {
        regroup(&mut hall, person, "Tổ 2");
    }
    hall
}

fn for_second(rule: &str) -> Command {
    limited(prepare("i2", "Đề nghị của Tổ 2", rule, None), &["Tổ 2"], 0, false)
}

fn counted(hall: &Hall, ballot: &str) -> Counted {
    hall.chamber.tally(&bid(ballot)).expect("a tally")
}

fn bases(hall: &Hall, ballot: &str) -> [u32; 4] {
    let counted = counted(hall, ballot);
    [counted.took_part(), counted.present, counted.in_office, counted.seats]
}

#[test]
fn only_the_groups_delegates_vote_and_every_figure_is_theirs() {
    let mut hall = two_groups(generic(9));
    hall.must(&by("clerk"), for_second("majority_of_all"));
    hall.open("q3");
    let missing = |hall: &Hall| -> Vec<String> {
        hall.chamber.missing(&bid("b1")).iter().map(|person| person.id.to_string()).collect()
    };
    assert_eq!(missing(&hall), ["p5", "p6", "p7"]);
    assert_eq!(hall.vote_refused("b1", "p1", "yes"), Refusal::NotEntitled, "the chair's own vote too");
    assert_eq!(hall.vote_refused("b1", "p8", "yes"), Refusal::NotPresent);
    hall.vote("b1", "p5", "yes");
    hall.vote("b1", "p6", "yes");
    assert_eq!(missing(&hall), ["p7"]);
    assert_eq!(console(&hall.chamber, &Connections::default()).missing, ["p7"]);
    assert_eq!(seats(&hall.chamber, Eyes::Public).marks, "----rrp.");

    // Whoever comes late counts where they are entitled, and only there.
    hall.check_out("p4");
    hall.check_in("p4");
    assert_eq!(bases(&hall, "b1"), [2, 3, 4, 4]);
    hall.check_in("p8");
    assert_eq!(bases(&hall, "b1"), [2, 4, 4, 4]);
    hall.vote("b1", "p8", "yes");
    hall.close("b1");
    hall.announce("b1");
    assert_eq!(bases(&hall, "b1"), [3, 4, 4, 4]);
    // Three of four; of the whole council it would be three of eight.
    assert_eq!(hall.verdict("b1"), Some(Verdict::Adopted));
    assert_eq!(hall.chamber.attendance().present, 8, "the sitting's own figures are the sitting's");

    let shown = seats(&hall.chamber, Eyes::Public);
    assert_eq!((shown.marks.as_str(), shown.arranged), ("----yypy", Arranged::BySeat));
    let published = results(&hall.chamber).results;
    let names: Vec<&str> = published[0].names.iter().flatten().map(|vote| vote.person.as_str()).collect();
    assert_eq!(names, ["p5", "p6", "p7", "p8"]);
    let result = published[0].ballot.result.clone().expect("closed");
    assert_eq!((result.not_voted, result.absent, result.in_office, result.seats), (1, 0, 4, 4));
    assert_eq!(result.threshold.needed, 3);

    // The roll goes on; what was fixed stays.
    regroup(&mut hall, "p5", "Tổ 1");
    assert_eq!(seats(&hall.chamber, Eyes::Public).marks, "----yypy");
    assert_eq!(hall.replayed(), hall.chamber);
}

#[test]
fn where_names_are_restricted_the_hall_stays_whole_and_sorted() {
    let mut hall = two_groups(province(9));
    hall.must(&by("clerk"), for_second("majority_of_present"));
    hall.open("q3");
    hall.vote("b1", "p5", "no");
    hall.vote("b1", "p7", "yes");
    hall.close("b1");
    let shown = seats(&hall.chamber, Eyes::Public);
    assert_eq!((shown.marks.as_str(), shown.arranged), ("yp.----n", Arranged::ByAnswer));
    assert_eq!(hall.chamber.judgement(&bid("b1")).map(|judged| judged.threshold.base_count), Some(3));
}

#[test]
fn groups_stand_once_and_in_order_in_a_document_of_their_own() {
    let mut hall = two_groups(generic(9));
    let asked = limited(prepare("i2", "Chung", "majority_of_all", None), &[" Tổ 2 ", "Tổ 1", "Tổ 2"], 0, false);
    let events = hall.must(&by("clerk"), asked);
    let [Event::QuestionPrepared { question }] = &events[..] else { panic!("{events:?}") };
    assert_eq!(question.groups, ["Tổ 1", "Tổ 2"]);
    let bare = Question { groups: Vec::new(), ..question.clone() };
    let hash = dienhong::chamber::question::document_sha256;
    assert_ne!(hash(&bare), question.document_sha256);
    // Out of order, twice, or with a hash of another document: not a question.
    for groups in [vec!["Tổ 2", "Tổ 1"], vec!["Tổ 1", "Tổ 1"]] {
        let mut bent = Question { groups: groups.into_iter().map(str::to_owned).collect(), ..question.clone() };
        bent.id = qid("q4");
        bent.document_sha256 = hash(&bent);
        assert!(hall.chamber.fits(hall.now, &Event::QuestionPrepared { question: bent }).is_err());
    }
    assert!(
        hall.chamber.fits(hall.now, &Event::QuestionPrepared { question: Question { id: qid("q4"), ..bare } }).is_err()
    );
}

#[test]
fn an_ordinary_question_is_written_as_it_always_was() {
    let mut hall = Hall::at_question(generic(9), 4, 4);
    let events = hall.must(&by("clerk"), prepare("i2", "Như cũ", "majority_of_all", None));
    let written = serde_json::to_string(&events).expect("plain data");
    for field in ["groups", "min_choices", "live_names"] {
        assert!(!written.contains(field), "{written}");
    }
}

#[test]
fn a_bloc_is_for_the_groups_its_parts_are_for() {
    let mut hall = two_groups(generic(9));
    hall.must(&by("clerk"), for_second("majority_of_votes"));
    hall.must(&by("clerk"), for_second("majority_of_votes"));
    hall.must(&by("clerk"), prepare("i2", "Mọi người", "majority_of_votes", None));
    let bloc = |questions: &[&str]| Command::PrepareBloc {
        item: iid("i2"),
        title: "Gộp".into(),
        questions: questions.iter().map(|id| qid(id)).collect(),
        live_names: true,
    };
    assert_eq!(hall.refused(&by("clerk"), bloc(&["q3", "q5"])), Refusal::BadBloc);
    hall.must(&by("clerk"), bloc(&["q3", "q4"]));
    hall.open("q6");
    assert_eq!(hall.vote_refused("b1", "p2", "yes"), Refusal::NotEntitled);
    hall.vote("b1", "p6", "no");
    assert_eq!(seats(&hall.chamber, Eyes::Public).marks, "----pnp.", "its answers are shown live");
    assert_eq!(bases(&hall, "b1"), [1, 3, 4, 4]);
}

#[test]
fn a_changed_title_keeps_the_groups() {
    let mut hall = two_groups(generic(9));
    hall.must(
        &by("clerk"),
        limited(prepare("i3", "Nghị quyết về quy hoạch", "two_thirds_of_all", Some("q2")), &["Tổ 2"], 0, true),
    );
    // The group may have no delegate any more by the time somebody corrects the title.
    for person in ["p5", "p6", "p7", "p8"] {
        regroup(&mut hall, person, "Tổ 1");
    }
    let to = new_item("3", ItemKind::Vote, "Nghị quyết về quy hoạch chung", None);
    hall.must(&by("clerk"), Command::ChangeItem { item: iid("i3"), to });
    let question = hall.chamber.question(&qid("q2")).expect("known");
    assert_eq!((question.groups.as_slice(), question.live_names), (&["Tổ 2".to_owned()][..], true));
    assert_eq!(question.title, "Nghị quyết về quy hoạch chung");
}

#[test]
fn counts_by_people_have_the_groups_bases() {
    let mut hall = two_groups(generic(9));
    hall.must(&by("clerk"), for_second("majority_of_all"));
    let hands = |yes| record("q3", BallotForm::ShowOfHands, &[("yes", yes), ("no", 0), ("abstain", 0)], None);
    assert_eq!(hall.refused(&by("clerk"), hands(4)), Refusal::BadCount, "seven are there, three of them vote");
    let paper =
        |issued| record("q3", BallotForm::Paper, &[("yes", 2), ("no", 0), ("abstain", 0)], Some([issued, 2, 2, 0]));
    assert_eq!(hall.refused(&by("clerk"), paper(4)), Refusal::BadCount);
    hall.must(&by("clerk"), hands(3));
    assert_eq!(bases(&hall, "b1"), [3, 3, 4, 4]);
    hall.announce("b1");
    assert_eq!(hall.verdict("b1"), Some(Verdict::Adopted));
    assert_eq!(seats(&hall.chamber, Eyes::Public).marks, "yyy.----");
    assert_eq!(hall.replayed(), hall.chamber);
}

#[test]
fn the_quorum_stays_the_sittings() {
    let mut hall = Hall::at_question(province(9), 8, 5);
    regroup(&mut hall, "p1", "Tổ 2");
    hall.must(&by("clerk"), limited(prepare("i2", "Tổ 2", "majority_of_all", None), &["Tổ 2"], 0, false));
    let open = || Command::OpenBallot { question: qid("q3"), seconds: None };
    assert_eq!(hall.refused(&by("p1"), open()), Refusal::NotQuorate, "the whole group is there, the council is not");
    hall.check_in("p6");
    hall.must(&by("p1"), open());
}

#[test]
fn an_election_asks_for_a_least_number_of_names_or_for_an_abstention() {
    let mut hall = electing();
    hall.must(&by("clerk"), limited(election(3, &["A", "B", "C", "D"]), &[], 2, false));
    hall.open("q3");
    for keys in [&["c1"][..], &["c4"]] {
        let vote = vote_for(&hall, "b1", "p3", keys);
        assert_eq!(hall.refused(&by("p3"), vote), Refusal::TooFewChoices);
    }
    for (person, keys) in [("p3", &["c1", "c2"][..]), ("p4", &["c1", "c2", "c3"]), ("p5", &["abstain"])] {
        let vote = vote_for(&hall, "b1", person, keys);
        hall.must(&by(person), vote);
    }
    let over = vote_for(&hall, "b1", "p3", &["c1", "c2", "c3", "c4"]);
    assert_eq!(hall.refused(&by("p3"), over), Refusal::TooManyChoices);
    hall.close("b1");
    assert_eq!(bases(&hall, "b1")[0], 3);
    assert_eq!(hall.replayed(), hall.chamber);
}

#[test]
fn one_is_what_every_vote_names_anyhow() {
    let mut hall = electing();
    let events = hall.must(&by("clerk"), limited(election(2, &["A", "B", "C"]), &[], 1, false));
    let [Event::QuestionPrepared { question }] = &events[..] else { panic!("{events:?}") };
    assert_eq!(question.min_choices, 0);
    let motion = limited(prepare("i2", "Khác", "majority_of_all", None), &[], 2, false);
    assert_eq!(hall.refused(&by("clerk"), motion), Refusal::BadAnswers);
}

#[test]
fn papers_with_too_few_names_are_not_valid() {
    let mut hall = electing();
    hall.must(&by("clerk"), limited(election(3, &["A", "B", "C"]), &[], 2, false));
    let papers = |counts: &[(&str, u32)]| record("q3", BallotForm::Paper, counts, Some([6, 5, 5, 0]));
    // Five papers, one abstaining: the other four name eight at least.
    let short = papers(&[("c1", 4), ("c2", 2), ("c3", 1), ("abstain", 1)]);
    assert_eq!(hall.refused(&by("clerk"), short), Refusal::BadCount);
    hall.must(&by("clerk"), papers(&[("c1", 4), ("c2", 3), ("c3", 1), ("abstain", 1)]));
}

#[test]
fn answers_are_shown_live_where_the_question_says_so() {
    let mut hall = two_groups(generic(9));
    hall.must(&by("clerk"), limited(prepare("i2", "Công khai", "majority_of_all", None), &[], 0, true));
    hall.open("q3");
    let marks = |hall: &Hall| seats(&hall.chamber, Eyes::Public).marks;
    for (person, answer) in [("p1", "yes"), ("p2", "no"), ("p3", "abstain"), ("p2", "yes")] {
        hall.vote("b1", person, answer);
    }
    assert_eq!(marks(&hall), "yyapppp.");
    hall.must(&by("p1"), Command::HoldBallot { ballot: bid("b1"), reason: None });
    assert_eq!(marks(&hall), "yyapppp.");
    hall.must(&by("p1"), Command::VoidBallot { ballot: bid("b1"), reason: "làm lại".into() });
    // Any other question tells only who has voted.
    hall.open("q1");
    hall.vote("b2", "p1", "yes");
    assert_eq!(marks(&hall), "rpppppp.");
}

#[test]
fn no_record_makes_answers_live_where_names_are_restricted() {
    let mut hall = Hall::at_question(province(9), 6, 6);
    let events = hall.must(&by("clerk"), prepare("i2", "Kín tên", "majority_of_all", None));
    let [Event::QuestionPrepared { question }] = &events[..] else { panic!("{events:?}") };
    let mut live = Question { id: qid("q4"), live_names: true, ..question.clone() };
    live.document_sha256 = dienhong::chamber::question::document_sha256(&live);
    assert!(hall.chamber.fits(hall.now, &Event::QuestionPrepared { question: live }).is_err());
}

/// A council of `people`, of whom those of the mask are of Tổ 1; at `i2`, with a rule of its own.
fn council(
    people: u32,
    of_group: impl Fn(u32) -> bool,
    seats: u32,
    seated: impl Fn(u32) -> bool,
    rule: &MajorityRule,
) -> Hall {
    let mut rules = RulesProfile { quorum_enforced: false, ..generic(seats) };
    rules.majorities.push(NamedRule { name: "own_rule".to_owned(), rule: rule.clone() });
    let mut hall = Hall::unfounded();
    hall.must(&OPERATOR, found(rules));
    let person = |n: u32| Person {
        group: if of_group(n) { "Tổ 1".into() } else { "Tổ 2".into() },
        seat: seated(n).then(|| SeatId::parse(n.to_string()).expect("an id")),
        ..somebody(&format!("p{n}"), None, if n == 1 { vec![Office::Chair] } else { Vec::new() })
    };
    let clerk = somebody("clerk", None, vec![Office::Secretary]);
    hall.must(&OPERATOR, import((1..=people).map(person).chain([clerk]).collect()));
    hall.must(&by("clerk"), Command::create_session("Kỳ họp", "2021–2026"));
    hall.must(&by("clerk"), Command::add_items(vec![new_item("1", ItemKind::Report, "Báo cáo", None)]));
    hall.must(&by("clerk"), Command::open_sitting("Phiên họp"));
    hall.must(&by("p1"), Command::TakeGavel { reason: None });
    hall.start("i1");
    hall
}

fn rules() -> impl Strategy<Value = MajorityRule> {
    let base =
        prop::sample::select(vec![Base::AllSeats, Base::InOffice, Base::Present, Base::TookPart, Base::YesAndNo]);
    let share = prop::sample::select(vec![(1, 2), (2, 3), (3, 4), (1, 3)]);
    (base, share, any::<bool>(), -1i32..2).prop_map(|(base, (numerator, denominator), strict, constant)| MajorityRule {
        numerator,
        denominator,
        base,
        constant,
        strict,
        tie: TieRule::ChairDecides,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    /// A group decides its question as a council would that has nobody else and no vacant seat.
    #[test]
    fn a_group_decides_as_a_council_of_its_own(
        people in prop::collection::vec((any::<bool>(), any::<bool>(), 0usize..4), 2..9),
        rule in rules(),
        vacant in 0u32..3,
    ) {
        let n_of = |n: usize| u32::try_from(n + 1).expect("few");
        let count = u32::try_from(people.len()).expect("few");
        let of_group = |n: u32| people[n as usize - 1].0;
        let size = u32::try_from(people.iter().filter(|one| one.0).count()).expect("few");
        prop_assume!(size > 0);
        let mut whole = council(count, of_group, count + vacant, |_| true, &rule);
        let mut alone = council(count, of_group, size, of_group, &rule);
        for hall in [&mut whole, &mut alone] {
            for (n, _) in people.iter().enumerate().filter(|(_, one)| one.1) {
                if hall.chamber.person(&pid(&format!("p{}", n_of(n)))).is_some_and(Person::is_delegate) {
                    hall.check_in(&format!("p{}", n_of(n)));
                }
            }
        }
        whole.must(&by("clerk"), limited(prepare("i1", "Việc của tổ", "own_rule", None), &["Tổ 1"], 0, false));
        alone.must(&by("clerk"), prepare("i1", "Việc của tổ", "own_rule", None));
        for hall in [&mut whole, &mut alone] {
            hall.open("q1");
            for (n, (in_group, present, answer)) in people.iter().enumerate() {
                let Some(answer) = ["yes", "no", "abstain"].get(*answer) else { continue };
                let person = format!("p{}", n_of(n));
                if *present && *in_group {
                    hall.vote("b1", &person, answer);
                } else {
                    let vote = hall.ballot_paper("b1", &person, answer);
                    hall.refused(&by(&person), Command::CastVote(vote));
                }
            }
            hall.close("b1");
        }
        prop_assert_eq!(counted(&whole, "b1"), counted(&alone, "b1"));
        prop_assert_eq!(whole.chamber.judgement(&bid("b1")), alone.chamber.judgement(&bid("b1")));
        prop_assert_eq!(whole.replayed(), whole.chamber);
    }
}

/// Forty groups with the longest names beside the longest candidates: refused, or an entry that can be written.
#[test]
fn a_question_for_many_groups_fits_its_entry_or_is_refused() {
    use dienhong::ledger::entry::{Entry, MAX_ENTRY_LEN};
    let long = |n: u32, chars: usize| format!("{n:0>3}{}", "𠀀".repeat(chars - 3));
    let mut hall = Hall::at_question(generic(60), 40, 40);
    let groups: Vec<String> = (1..=40).map(|n| long(n, limits::NAME_CHARS)).collect();
    for (n, group) in (1..).zip(&groups) {
        regroup(&mut hall, &format!("p{n}"), group);
    }
    let names: Vec<String> = (1..=20).map(|n| long(n, limits::CANDIDATE_CHARS)).collect();
    let named: Vec<&str> = names.iter().map(String::as_str).collect();
    let asked = |to: usize, chars: usize| {
        let to: Vec<&str> = groups[..to].iter().map(String::as_str).collect();
        let election = asking("i2", "majority_of_all", QuestionForm::Election { places: 20 }, answers('c', &named));
        match limited(election, &to, 20, false) {
            Command::PrepareQuestion { item, rule, form, answers, groups, min_choices, .. } => {
                Command::PrepareQuestion {
                    title: long(0, limits::TITLE_CHARS),
                    text: long(0, chars),
                    item,
                    rule,
                    seconds: None,
                    show_split: None,
                    replaces: None,
                    form,
                    answers,
                    change_allowed: None,
                    groups,
                    min_choices,
                    live_names: false,
                }
            }
            other => other,
        }
    };
    let written = |command: &Command| -> Option<usize> {
        let events = hall.chamber.decide(hall.now, &by("clerk"), command).ok()?;
        let (_, _, arguments) = dienhong::ledger::order::parts(command).expect("an order");
        let entry = Entry {
            seq: u64::from(u32::MAX),
            time: hall.now,
            salt: [0; 16],
            by: by("clerk"),
            event: events[0].clone(),
            statement: Some("x".repeat(700)),
            arguments: Some(arguments),
            cause: None,
        };
        Some(entry.encode().expect("it fits").len())
    };
    assert!(written(&asked(0, limits::TEXT_CHARS)).is_some(), "the longest question there was is taken as before");
    assert_eq!(hall.clone().refused(&by("clerk"), asked(40, limits::TEXT_CHARS)), Refusal::TooManyItems);
    let lengths: Vec<usize> = (0..=40).filter_map(|to| written(&asked(to, 2_000))).collect();
    let heaviest = lengths.iter().max().copied().unwrap_or_default();
    assert!(lengths.len() > 10 && lengths.len() < 41, "{}", lengths.len());
    assert!((MAX_ENTRY_LEN - 4_000..=MAX_ENTRY_LEN).contains(&heaviest), "{heaviest}");
}
