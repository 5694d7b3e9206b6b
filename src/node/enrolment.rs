//! Codes given out and spent: how a tablet comes to act for a person.

use super::codes::Code;
use super::{Council, Platform};
use crate::chamber::command::{Actor, Command, Issuer};
use crate::chamber::ids::{CouncilId, Millis, PersonId};
use crate::chamber::roll::{Office, Person};
use crate::hub::admission::{self, Denial, Enrolment};
use crate::ports::{CodeRow, StoreError};
use crate::sequencer::{Answer, Receipt, Submission};
use crate::wire::frames::IssuedCode;
use std::sync::Arc;
use zeroize::Zeroizing;

/// A one-time code as it is shown once.
#[derive(Debug)]
pub struct NewCode {
    pub code: Code,
    pub person: Person,
    pub expires_at: Millis,
}

/// Whose code it is.
#[derive(Debug)]
pub struct Invitation {
    pub origin: String,
    pub council_name: String,
    pub vkey: String,
    pub person: Person,
    pub replaces_device: bool,
}

#[derive(Debug)]
pub struct Enrolled {
    pub person: Person,
    pub device: String,
    pub receipt: Receipt,
}

#[derive(Debug, thiserror::Error)]
pub enum EnrolError {
    /// Never given out, spent, cancelled, or run out: a stranger is not told which.
    #[error("this code is not valid")]
    BadCode,
    #[error("the statement was not accepted: {}", .0.code())]
    Denied(Denial),
    #[error("the chamber refused: {}", .0.code())]
    Refused(crate::chamber::refusal::Refusal),
    #[error("the server is busy")]
    Busy,
    #[error("the store is away")]
    Store,
}

impl From<StoreError> for EnrolError {
    fn from(_: StoreError) -> Self {
        Self::Store
    }
}

/// How an issuer is written beside the code.
pub fn by_person(person: &PersonId) -> Issuer {
    Issuer::Person(person.clone())
}

impl NewCode {
    /// Path and fragment that open the right page with the code in it. Fragments are not sent to servers, so it is in no log.
    pub fn link(&self, council: &CouncilId) -> String {
        let page = page_for(&self.person);
        format!("/c/{council}/{page}#enrol={}", self.code)
    }

    /// As it goes to the officer who asked for it.
    pub fn to_wire(&self, council: &CouncilId) -> IssuedCode {
        IssuedCode {
            person: self.person.id.to_string(),
            code: self.code.to_string(),
            link: self.link(council),
            expires_at: self.expires_at.0,
        }
    }
}

/// The page a person works with most.
fn page_for(person: &Person) -> &'static str {
    let has = |office| person.offices.contains(&office);
    if [Office::Chair, Office::Deputy, Office::Secretary].into_iter().any(has) {
        "chair"
    } else if has(Office::Administrator) {
        "admin"
    } else if person.is_delegate() {
        // Also who counts papers: a delegate votes first of all.
        "delegate"
    } else if [Office::Scrutineer, Office::Auditor].into_iter().any(has) {
        "chair"
    } else if has(Office::Screen) {
        "wall"
    } else {
        "delegate"
    }
}

impl Platform {
    /// Gives out a code for a person on the roll; the person's older code is void from now on.
    pub async fn issue_code(
        &self,
        council: &Council,
        person: &PersonId,
        issued_by: Issuer,
        life_ms: u64,
    ) -> Result<NewCode, Denial> {
        // Tablets come into a rehearsal with the keys they have.
        if council.rehearsal_of.is_some() {
            return Err(Denial::NotAllowed);
        }
        let (asked, by) = (person.clone(), issued_by.clone());
        let person = council
            .ask(move |sequencer| {
                let chamber = sequencer.durable();
                if let Issuer::Person(by) = &by
                    && !may_issue(chamber.person(by))
                {
                    return Err(Denial::NotAllowed);
                }
                chamber.person(&asked).cloned().ok_or(Denial::UnknownPerson)
            })
            .await
            .ok_or(Denial::StoreUnavailable)??;
        let mut random = [0; 5];
        getrandom::fill(&mut random).map_err(|_| Denial::Busy)?;
        let code = Code::from_random(random);
        let expires_at = council.clock.now().plus(life_ms);
        let row = CodeRow {
            council: council.id.clone(),
            person: person.id.clone(),
            mac: self.secret.code_mac(council.id.as_str(), code.bare()),
            issued_by: serde_json::to_string(&issued_by).map_err(|_| Denial::Busy)?,
            expires_at,
        };
        council.store.put_code(&row).await.map_err(|_| Denial::StoreUnavailable)?;
        council.codes_changed();
        Ok(NewCode { code, person, expires_at })
    }

    pub async fn cancel_code(&self, council: &Council, person: &PersonId, by: &PersonId) -> Result<(), Denial> {
        let by = by.clone();
        let may = council.ask(move |sequencer| may_issue(sequencer.durable().person(&by))).await;
        if !may.ok_or(Denial::StoreUnavailable)? {
            return Err(Denial::NotAllowed);
        }
        council.store.cancel_code(&council.id, person).await.map_err(|_| Denial::StoreUnavailable)?;
        council.codes_changed();
        Ok(())
    }

    /// Whose code is this? Spends nothing.
    pub async fn look(&self, council: &Council, typed: &str) -> Result<Invitation, EnrolError> {
        let code = Code::parse(typed).ok_or(EnrolError::BadCode)?;
        let mac = self.secret.code_mac(council.id.as_str(), code.bare());
        let row = council.store.find_code(&council.id, &mac, council.clock.now()).await?.ok_or(EnrolError::BadCode)?;
        council
            .ask(move |sequencer| {
                let chamber = sequencer.durable();
                let info = chamber.council()?;
                Some(Invitation {
                    origin: info.origin.clone(),
                    council_name: info.name.clone(),
                    vkey: sequencer.vkey(),
                    person: chamber.person(&row.person)?.clone(),
                    replaces_device: chamber.device_of(&row.person).is_some(),
                })
            })
            .await
            .ok_or(EnrolError::Store)?
            .ok_or(EnrolError::BadCode)
    }

    /// Binds the key that signed the statement to the code's person, and spends the code. A tablet that did not hear the answer
    /// sends the same again and gets the same receipt, although its code is spent.
    ///
    /// Runs to its end even when the tablet hangs up half-way: a code must not be lost between being spent and being used.
    pub async fn enrol(
        self: &Arc<Self>,
        council: &Arc<Council>,
        typed: &str,
        note: &str,
    ) -> Result<Enrolled, EnrolError> {
        let (platform, council) = (self.clone(), council.clone());
        let (typed, note) = (Zeroizing::new(typed.to_string()), note.to_string());
        let work = tokio::spawn(async move { platform.bind_device(&council, &typed, &note).await });
        work.await.unwrap_or(Err(EnrolError::Store))
    }

    async fn bind_device(&self, council: &Council, typed: &str, note: &str) -> Result<Enrolled, EnrolError> {
        let enrol = admission::enrol(&council.room.directory(), note).map_err(EnrolError::Denied)?;
        council.catch_up().await;
        let text = enrol.signed.text_sha256;
        let known = council.ask(move |sequencer| sequencer.find(&text)).await.ok_or(EnrolError::Store)?;
        let person = enrol.person.clone();
        let receipt = match known {
            Some(Answer::Receipt(receipt)) => self.with_line(council, receipt).await?,
            _ => self.spend(council, typed, enrol).await?,
        };
        let bound = council.ask(move |sequencer| {
            let chamber = sequencer.durable();
            Some((chamber.person(&person)?.clone(), chamber.device_of(&person)?.id.to_string()))
        });
        let (person, device) = bound.await.ok_or(EnrolError::Store)?.ok_or(EnrolError::BadCode)?;
        Ok(Enrolled { person, device, receipt })
    }

    /// Puts the entry's line into a receipt where memory no longer has it.
    async fn with_line(&self, council: &Council, mut receipt: Receipt) -> Result<Receipt, EnrolError> {
        if receipt.line.is_none() {
            let line = council.lines(receipt.seq, 1).await?.pop().ok_or(EnrolError::Store)?;
            receipt.line = Some(line.into());
        }
        Ok(receipt)
    }

    async fn spend(&self, council: &Council, typed: &str, enrol: Enrolment) -> Result<Receipt, EnrolError> {
        let code = Code::parse(typed).ok_or(EnrolError::BadCode)?;
        let mac = self.secret.code_mac(council.id.as_str(), code.bare());
        let now = council.clock.now();
        // Looked at first: a statement that names somebody else must not cost the person the code.
        let row = council.store.find_code(&council.id, &mac, now).await?.ok_or(EnrolError::BadCode)?;
        if row.person != enrol.person {
            return Err(EnrolError::Denied(Denial::WrongPerson));
        }
        let row = council.store.spend_code(&council.id, &mac, now).await?.ok_or(EnrolError::BadCode)?;
        let issued_by = serde_json::from_str(&row.issued_by).unwrap_or(Issuer::Operator);
        let text = enrol.signed.text_sha256;
        let submission = Submission {
            by: Actor::Person(row.person.clone()),
            command: Command::BindDevice { person: row.person.clone(), key: enrol.key, issued_by },
            statement: Some(enrol.signed),
            arguments: None,
        };
        let (error, is_settled) = match council.act(submission).await {
            Answer::Receipt(receipt) => {
                council.codes_changed();
                return Ok(receipt);
            }
            Answer::Refused(refusal) => (EnrolError::Refused(refusal), true),
            // What was sent to another node may still come to stand in the record.
            Answer::Busy => (EnrolError::Busy, !council.among_others),
            _ => (EnrolError::Store, !council.among_others),
        };
        if !is_settled {
            return Err(error);
        }
        // The code lives on only where the record can be read and does not have the device, and where the person was not given
        // another code in the meantime. In doubt it is spent: a new one is quickly given out.
        council.catch_up().await;
        let unbound = council.ask(move |sequencer| sequencer.find(&text).is_none()).await == Some(true);
        let codes = council.store.live_codes(&council.id, now).await?;
        if unbound && codes.iter().all(|(person, _)| *person != row.person) {
            council.store.put_code(&row).await?;
        }
        Err(error)
    }
}

/// Secretaries and administrators give out codes.
fn may_issue(person: Option<&Person>) -> bool {
    person.is_some_and(|p| p.offices.iter().any(|o| matches!(o, Office::Secretary | Office::Administrator)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chamber::ids::SeatId;

    #[test]
    fn a_code_opens_the_page_a_person_works_with() {
        let opened = |seat: Option<&str>, offices: &[Office]| {
            let person = Person {
                id: PersonId::parse("p1").unwrap(),
                name: "An".into(),
                seat: seat.map(|seat| SeatId::parse(seat).unwrap()),
                group: String::new(),
                offices: offices.to_vec(),
            };
            let code = NewCode { code: Code::from_random([0; 5]), person, expires_at: Millis(0) };
            code.link(&CouncilId::parse("hanoi").unwrap())
        };
        let pages = [
            ("chair", None, &[Office::Deputy][..]),
            ("chair", Some("1"), &[Office::Chair]),
            ("chair", None, &[Office::Secretary, Office::Administrator]),
            ("chair", None, &[Office::Scrutineer]),
            ("chair", None, &[Office::Auditor]),
            ("admin", None, &[Office::Administrator]),
            ("delegate", Some("1"), &[Office::Scrutineer]),
            ("delegate", Some("1"), &[]),
            ("delegate", None, &[Office::Official]),
            ("delegate", None, &[Office::Guest]),
            ("delegate", None, &[Office::Press]),
            ("wall", None, &[Office::Screen]),
        ];
        for (page, seat, offices) in pages {
            assert_eq!(opened(seat, offices), format!("/c/hanoi/{page}#enrol=0000-0000"), "{offices:?}");
        }
    }
}
