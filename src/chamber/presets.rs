//! Rules profiles to start from. A council takes one at its founding; where its own working rules say otherwise, it takes a
//! changed copy. Law 72/2025/QH15 and Resolutions 103 and 104/2025/UBTVQH15 are the source of the Vietnamese ones.

use super::ids::AnswerKey;
use super::rules::{AnswerMeaning, Base, MajorityRule, NamedRule, NamesPolicy, RulesProfile, SpeakingRules, TieRule};

/// The preset of that name for a council of `seats` seats.
pub fn preset(name: &str, seats: u32) -> Option<RulesProfile> {
    match name {
        "province" => Some(province(seats)),
        "commune" => Some(commune(seats)),
        "generic" => Some(generic(seats)),
        _ => None,
    }
}

/// A province's or city's People's Council.
pub fn province(seats: u32) -> RulesProfile {
    vietnamese("province", seats)
}

/// A commune's, ward's or special zone's People's Council.
pub fn commune(seats: u32) -> RulesProfile {
    vietnamese("commune", seats)
}

/// Any other assembly: more for than against decides, the chair breaks ties, names are public, quorum is only warned of.
pub fn generic(seats: u32) -> RulesProfile {
    RulesProfile {
        preset: "generic".to_owned(),
        seats,
        quorum: two_thirds_of(Base::AllSeats),
        quorum_enforced: false,
        majorities: vec![
            named("majority_of_votes", MajorityRule { tie: TieRule::ChairDecides, ..over_half(Base::YesAndNo) }),
            named("majority_of_all", over_half(Base::InOffice)),
            named("two_thirds_of_all", two_thirds_of(Base::InOffice)),
            named("majority_of_present", over_half(Base::Present)),
        ],
        answers: answers([
            "Adopt what is put to the vote",
            "Do not adopt what is put to the vote",
            "Take part without choosing for or against",
        ]),
        ballot_seconds: DEFAULT_SECONDS,
        change_allowed: true,
        show_split: false,
        names: NamesPolicy::Public,
        speaking: SpeakingRules::default(),
    }
}

/// Half a minute: the custom of the halls.
const DEFAULT_SECONDS: u32 = 30;

fn vietnamese(preset: &str, seats: u32) -> RulesProfile {
    RulesProfile {
        preset: preset.to_owned(),
        seats,
        quorum: two_thirds_of(Base::AllSeats),
        quorum_enforced: true,
        majorities: vec![
            // Adopted: more than half of all delegates, not of those present.
            named("majority_of_all", over_half(Base::InOffice)),
            // Dismissal: at least two thirds of all delegates.
            named("two_thirds_of_all", two_thirds_of(Base::InOffice)),
            // A council short of members: more than two thirds of the remaining delegates.
            named("short_council", MajorityRule { strict: true, ..two_thirds_of(Base::InOffice) }),
            named("majority_of_present", over_half(Base::Present)),
        ],
        answers: answers([
            "Đồng ý thông qua nội dung được trình",
            "Không đồng ý thông qua nội dung được trình",
            "Có tham gia, không chọn tán thành hay không tán thành",
        ]),
        ballot_seconds: DEFAULT_SECONDS,
        change_allowed: true,
        show_split: false,
        names: NamesPolicy::Restricted,
        speaking: SpeakingRules::default(),
    }
}

fn over_half(base: Base) -> MajorityRule {
    MajorityRule { numerator: 1, denominator: 2, base, constant: 0, strict: true, tie: TieRule::Fails }
}

fn two_thirds_of(base: Base) -> MajorityRule {
    MajorityRule { numerator: 2, denominator: 3, base, constant: 0, strict: false, tie: TieRule::Fails }
}

fn named(name: &str, rule: MajorityRule) -> NamedRule {
    NamedRule { name: name.to_owned(), rule }
}

fn answers(meanings: [&str; 3]) -> Vec<AnswerMeaning> {
    [AnswerKey::YES, AnswerKey::NO, AnswerKey::ABSTAIN]
        .into_iter()
        .zip(meanings)
        .filter_map(|(key, meaning)| {
            AnswerKey::parse(key).ok().map(|key| AnswerMeaning { key, meaning: meaning.to_owned() })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_is_found_by_the_name_it_carries() {
        for name in ["province", "commune", "generic"] {
            let profile = preset(name, 30).expect("a preset");
            assert_eq!(profile.preset, name);
            assert_eq!(profile.answers.len(), 3);
        }
        assert_eq!(preset("senate", 100), None);
    }
}
