//! The `chamber-question/v1` document (docs/record-format.md): what a delegate reads before choosing, as bytes to be hashed.

use super::ballot::{Question, QuestionForm};
use super::rules::{Base, TieRule};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// The document of a question. Its texts are taken as they stand: the chamber keeps them in NFC and free of control
/// characters. `document_sha256` and the fields that do not change what is decided (ids, seconds, split) are not in it. A
/// motion has no `form` line, only a bloc has parts, and the lines `least`, `group` and `names` stand where they are set.
pub fn document(question: &Question) -> String {
    let mut text = String::from("chamber-question/v1\n");
    let mut line = |key: &str, value: std::fmt::Arguments<'_>| {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{key} {value}");
    };
    line("title", format_args!("{}", question.title));
    if !question.text.is_empty() {
        for part in question.text.split('\n') {
            line("text", format_args!("{part}"));
        }
    }
    for answer in &question.answers {
        line("answer", format_args!("{} {}", answer.key, answer.meaning));
    }
    let rule = &question.rule;
    line(
        "rule",
        format_args!(
            "{}/{} {} {} {} {}",
            rule.numerator,
            rule.denominator,
            base_word(rule.base),
            if rule.strict { "over" } else { "at_least" },
            rule.constant,
            tie_word(rule.tie),
        ),
    );
    match question.form {
        QuestionForm::Motion => {}
        QuestionForm::Choice => line("form", format_args!("choice")),
        QuestionForm::Election { places } => line("form", format_args!("election {places}")),
    }
    for part in &question.bloc {
        line("part", format_args!("{} {}", part.document_sha256, part.title));
    }
    if question.min_choices > 0 {
        line("least", format_args!("{}", question.min_choices));
    }
    for group in &question.groups {
        line("group", format_args!("{group}"));
    }
    if question.live_names {
        line("names", format_args!("live"));
    }
    line("change", format_args!("{}", if question.change_allowed { "allowed" } else { "final" }));
    text
}

/// SHA-256 of the document's bytes, lower-case hex.
pub fn document_sha256(question: &Question) -> String {
    let digest = Sha256::digest(document(question).as_bytes());
    digest.iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn base_word(base: Base) -> &'static str {
    match base {
        Base::AllSeats => "all_seats",
        Base::InOffice => "in_office",
        Base::Present => "present",
        Base::TookPart => "took_part",
        Base::YesAndNo => "yes_and_no",
    }
}

fn tie_word(tie: TieRule) -> &'static str {
    match tie {
        TieRule::Fails => "fails",
        TieRule::ChairDecides => "chair_decides",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chamber::ballot::BlocPart;
    use crate::chamber::ids::{AnswerKey, ItemId, QuestionId};
    use crate::chamber::rules::{AnswerMeaning, MajorityRule};

    fn question() -> Question {
        let answer = |key: &str, meaning: &str| AnswerMeaning {
            key: AnswerKey::parse(key).expect("an id"),
            meaning: meaning.to_owned(),
        };
        Question {
            id: QuestionId::parse("q1").expect("an id"),
            item: ItemId::parse("i1").expect("an id"),
            title: "Nghị quyết về ngân sách".to_owned(),
            text: "Điều 1.\n\nĐiều 2.".to_owned(),
            answers: vec![answer("yes", "Tán thành"), answer("no", "Không tán thành")],
            rule: MajorityRule {
                numerator: 1,
                denominator: 2,
                base: Base::InOffice,
                constant: -1,
                strict: true,
                tie: TieRule::Fails,
            },
            form: Default::default(),
            bloc: Vec::new(),
            groups: Vec::new(),
            min_choices: 0,
            live_names: false,
            seconds: 30,
            change_allowed: true,
            show_split: false,
            document_sha256: String::new(),
        }
    }

    #[test]
    fn the_document_is_written_line_by_line() {
        let expected = "chamber-question/v1\ntitle Nghị quyết về ngân sách\ntext Điều 1.\ntext \ntext Điều 2.\n\
                        answer yes Tán thành\nanswer no Không tán thành\nrule 1/2 in_office over -1 fails\nchange allowed\n";
        assert_eq!(document(&question()), expected);
        let bare = Question { text: String::new(), change_allowed: false, ..question() };
        assert!(!document(&bare).contains("\ntext "));
        assert!(document(&bare).ends_with("\nchange final\n"));
    }

    #[test]
    fn what_is_no_motion_says_so_and_a_bloc_names_its_parts() {
        let after_the_rule = |question: &Question| {
            let text = document(question);
            let (_, rest) = text.split_once("chamber-question/v1\n").expect("its name");
            rest.split_once("over -1 fails\n").expect("its rule").1.to_owned()
        };
        let choice = Question { form: QuestionForm::Choice, ..question() };
        assert_eq!(after_the_rule(&choice), "form choice\nchange allowed\n");
        let election = Question { form: QuestionForm::Election { places: 3 }, ..question() };
        assert_eq!(after_the_rule(&election), "form election 3\nchange allowed\n");
        let part = |n: u32| BlocPart {
            question: QuestionId::numbered('q', n),
            title: format!("Nghị quyết {n}"),
            document_sha256: n.to_string().repeat(64),
        };
        let bloc = Question { bloc: vec![part(1), part(2)], ..question() };
        let (one, two) = ("1".repeat(64), "2".repeat(64));
        let expected = format!("part {one} Nghị quyết 1\npart {two} Nghị quyết 2\nchange allowed\n");
        assert_eq!(after_the_rule(&bloc), expected);
        let some = Question { groups: vec!["Tổ 1".to_owned(), "Tổ 2".to_owned()], live_names: true, ..question() };
        assert_eq!(after_the_rule(&some), "group Tổ 1\ngroup Tổ 2\nnames live\nchange allowed\n");
        let at_least = Question { min_choices: 2, ..election };
        assert_eq!(after_the_rule(&at_least), "form election 3\nleast 2\nchange allowed\n");
    }

    #[test]
    fn the_hash_follows_what_is_read_and_nothing_else() {
        let hash = document_sha256(&question());
        // As sha256sum gives it for the text above.
        assert_eq!(hash, "6e58a5d3321526e6c7bd52280124c9ee9e34585d73966b731e27d2b525950842");
        let same = Question { seconds: 60, show_split: true, ..question() };
        assert_eq!(document_sha256(&same), hash);
        let other = Question { title: "Nghị quyết về ngân sách.".to_owned(), ..question() };
        assert_ne!(document_sha256(&other), hash);
    }
}
