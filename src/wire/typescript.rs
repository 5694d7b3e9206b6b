//! Writes every wire type as TypeScript. `UPDATE_WIRE=1 cargo test --lib wire` rewrites the committed file.

use super::{frames::*, http::*, views::*};
use crate::chamber;
use ts_rs::{Config, TS};

macro_rules! declarations {
    ($cfg:expr; $($ty:ty),* $(,)?) => {{
        let mut text = String::from("// Generated from src/wire and src/chamber/command.rs. Do not edit: UPDATE_WIRE=1 cargo test --lib wire\n");
        $( text.push_str("\nexport "); text.push_str(&<$ty as TS>::decl($cfg)); text.push('\n'); )*
        text
    }};
}

fn typescript() -> String {
    let cfg = Config::default();
    declarations!(&cfg;
        Page, ClientFrame, ServerFrame, View, Reply, IssuedCode, Receipt,
        CouncilView, RulesView, NamedRuleView, SpeakingRulesView, SessionView, SessionKind, SittingBrief, ItemView, ItemKind, ItemState, QuestionView, QuestionForm, BlocPartView, AnswerView, RuleView, BaseView, TieView,
        BallotBrief, BallotForm, BallotState, PapersView, RollView, PersonView, Office, LiveView, SittingView, SuspensionView, SuspensionCause, PersonRef, AttendanceView,
        ThresholdView, BallotView, HoldCause, AnswerCount, ResultView, Verdict, ClosedBy, WallView, CardView, NamedWallView, WallMode, SeatsView, SpeakingView, SpeechKind, RequestView, SpeechView,
        RoundView, AskedView, BudgetView, SpokenView, PromiseView, Query, Subject, Found, AuditEntry, RollCallReport,
        RollCallRow, ComingView, ClosingRow,
        Arranged, ConsoleView, Watching, ConsolePerson, Presence, DeviceView, MeView, MyVote,
        LookRequest, LookResponse, EnrolRequest, EnrolResponse, RosterRequest, RosterResponse, RowProblem, CouncilBrief,
        FoundRequest, FoundArguments, FoundResponse, ResultsResponse, PublishedResult, NamedVote, ProofResponse, Problem,
        chamber::ids::PersonId, chamber::ids::ItemId, chamber::ids::QuestionId, chamber::ids::BallotId,
        chamber::command::Command, chamber::command::NewItem, chamber::agenda::ItemKind, chamber::ballot::Verdict,
        chamber::wall::WallMode,
        chamber::ids::Millis, chamber::ids::RequestId, chamber::ids::SpeechId, chamber::ids::PromiseId,
        chamber::ids::SittingId, chamber::ids::WallId, chamber::ids::AnswerKey, chamber::agenda::SessionKind,
        chamber::agenda::SuspensionCause, chamber::ballot::QuestionForm, chamber::ballot::BallotForm,
        chamber::ballot::Papers, chamber::ballot::AnswerCount, chamber::rules::AnswerMeaning,
        chamber::rules::RulesProfile, chamber::rules::NamedRule, chamber::rules::MajorityRule,
        chamber::rules::TieRule, chamber::rules::Base, chamber::rules::NamesPolicy, chamber::rules::SpeakingRules,
        chamber::speaking::SpeechKind, chamber::wall::Card,
    )
}

#[test]
fn the_committed_wire_types_are_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/web-shared/src/wire.ts");
    let now = typescript();
    if std::env::var_os("UPDATE_WIRE").is_some() {
        std::fs::create_dir_all(std::path::Path::new(path).parent().unwrap()).unwrap();
        std::fs::write(path, &now).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(committed == now, "web-shared/src/wire.ts is out of date: run UPDATE_WIRE=1 cargo test --lib wire");
}
